internal import CatalogStore
internal import Indexing

/// The files of one table.
protocol TableFiles: Sendable {
  /// Adds the next piece.
  func append(_ piece: FormattedPiece) throws

  /// Completes the files; they have not got their names yet.
  /// - Returns: The files, where they are, and the longest value of each column in bytes.
  func finish() throws -> (files: [MatchExport.File], staged: [StagedFile], lengths: [Int])
}

/// The files of a table in the order of the sky: one of it all, or one for each pixel in a folder. Pieces come in sky order, from
/// any thread.
final class ExportFiles: TableFiles {
  private struct State {
    var open: (file: FileWriter, entry: MatchExport.File, part: ExportPart)?
    var finished: [MatchExport.File] = []
    var staged: [StagedFile] = []
    var lengths: [Int]
  }

  private let folder: String
  private let name: String
  private let header: [UInt8]
  /// Files of pixels are made in a folder aside; nil: there is one file of it all.
  private let drafts: DraftFolder?
  private let state: Guarded<State>

  /// - Parameters:
  ///   - header: What each file begins with.
  ///   - isDivided: Whether there is a file for each pixel.
  init(_ table: ExportTable, in folder: String, header: [UInt8], isDivided: Bool) throws {
    self.folder = folder
    name = table.name
    self.header = header
    drafts = isDivided ? try DraftFolder(in: folder) : nil
    state = Guarded(State(lengths: Array(repeating: 1, count: table.columns.count)))
  }

  func append(_ piece: FormattedPiece) throws {
    try state.withLock { state in
      for segment in piece.segments {
        if state.open == nil || state.open!.part != segment.part {
          try close(&state)
          state.open = try open(segment.part)
        }
        try state.open!.file.write(bytes: segment.text)
        state.open!.entry.rows += segment.rows
      }
      for (column, length) in piece.lengths.enumerated() { state.lengths[column] = max(state.lengths[column], length) }
    }
  }

  func finish() throws -> (files: [MatchExport.File], staged: [StagedFile], lengths: [Int]) {
    try state.withLock { state in
      if state.open == nil && drafts == nil { state.open = try open(.whole) }
      try close(&state)
      return (state.finished, state.staged, state.lengths)
    }
  }

  // MARK: Files

  private func open(_ part: ExportPart) throws -> (FileWriter, MatchExport.File, ExportPart) {
    let file: FileWriter
    var entry = MatchExport.File(name: name + ".csv", rows: 0, bytes: 0, fingerprint: "")
    if case .pixel(let pixel) = part, let drafts {
      let below = "Norder=\(pixel.order)/Npix=\(pixel.index).csv"
      entry.name = "\(name)/\(below)"
      try FileSystem.createDirectories(FileSystem.parent("\(drafts.path)/\(below)"))
      file = try FileWriter(path: "\(drafts.path)/\(below)")
    } else {
      file = try FileWriter(path: "\(folder)/\(entry.name)")
    }
    try file.write(bytes: header)
    return (file, entry, part)
  }

  private func close(_ state: inout State) throws {
    guard var open = state.open else { return }
    state.open = nil
    let fingerprint = drafts == nil ? try open.file.finish() : try open.file.publish()
    open.entry.fingerprint = fingerprint.description
    open.entry.bytes = open.file.byteCount
    state.finished.append(open.entry)
    if let drafts {
      state.staged.append(StagedFile(try open.entry.listed, path: open.file.path, draft: drafts))
    } else {
      state.staged.append(StagedFile(try open.entry.listed, path: open.file.draft.path, draft: open.file.draft))
    }
  }
}

extension MatchExport.File {
  /// As the folder of the export knows it.
  var listed: ExportedFile {
    get throws {
      guard let file = ExportedFile(name: name, bytes: bytes) else {
        throw StoreError(
          .usage, name, "cannot be the name of a file of an export; rename the catalogue with `xmdb rename`")
      }
      return file
    }
  }
}
