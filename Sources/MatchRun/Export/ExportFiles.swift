internal import CatalogStore
internal import Indexing
internal import Synchronization

/// The files of one table: one of it all, or one for each pixel in a folder. Pieces come in sky order, from any thread.
final class ExportFiles: Sendable {
  private struct State {
    var open: (file: FileWriter, entry: MatchExport.File, pixel: HealpixPixel?)?
    var finished: [MatchExport.File] = []
    var lengths: [Int]
  }

  private let folder: String
  private let name: String
  private let header: [UInt8]
  private let isDivided: Bool
  private let state: Mutex<State>

  /// - Parameters:
  ///   - header: What each file begins with.
  ///   - isDivided: Whether there is a file for each pixel.
  init(_ table: ExportTable, in folder: String, header: [UInt8], isDivided: Bool) throws {
    self.folder = folder
    name = table.name
    self.header = header
    self.isDivided = isDivided
    state = Mutex(State(lengths: Array(repeating: 1, count: table.columns.count)))
    if isDivided { try FileSystem.remove(draft) }
  }

  /// Adds the next piece.
  func append(_ piece: FormattedPiece) throws {
    try state.withLock { state in
      for segment in piece.segments {
        if state.open == nil || state.open!.pixel != segment.pixel {
          try close(&state)
          state.open = try open(segment.pixel)
        }
        try state.open!.file.write(bytes: segment.text)
        state.open!.entry.rows += segment.rows
      }
      for (column, length) in piece.lengths.enumerated() { state.lengths[column] = max(state.lengths[column], length) }
    }
  }

  /// Completes the files and puts them in place.
  /// - Returns: The files, and the longest value of each column in bytes.
  func finish() throws -> (files: [MatchExport.File], lengths: [Int]) {
    try state.withLock { state in
      if state.open == nil && !isDivided { state.open = try open(nil) }
      try close(&state)
      if isDivided { try replaceFolder() }
      return (state.finished, state.lengths)
    }
  }

  /// Removes what was not finished.
  func discard() {
    state.withLock { $0.open = nil }
    if isDivided { try? FileSystem.remove(draft) }
  }

  // MARK: Files

  /// Files of pixels are made in a folder aside.
  private var draft: String { "\(folder)/.\(name).draft" }

  private func open(_ pixel: HealpixPixel?) throws -> (FileWriter, MatchExport.File, HealpixPixel?) {
    let file: FileWriter
    var entry = MatchExport.File(name: name + ".csv", rows: 0, bytes: 0, fingerprint: "")
    if let pixel {
      let below = "Norder=\(pixel.order)/Npix=\(pixel.index).csv"
      entry.name = "\(name)/\(below)"
      try FileSystem.createDirectories(FileSystem.parent("\(draft)/\(below)"))
      file = try FileWriter(path: "\(draft)/\(below)")
    } else {
      file = try FileWriter(path: "\(folder)/\(entry.name)")
    }
    try file.write(bytes: header)
    return (file, entry, pixel)
  }

  private func close(_ state: inout State) throws {
    guard var open = state.open else { return }
    state.open = nil
    open.entry.fingerprint = try open.file.publish().description
    open.entry.bytes = open.file.byteCount
    state.finished.append(open.entry)
  }

  /// Puts the folder of all pixels in the place of an earlier one.
  private func replaceFolder() throws {
    let (place, old) = ("\(folder)/\(name)", "\(folder)/.\(name).old")
    try FileSystem.remove(old)
    try FileSystem.createDirectories(draft)
    for below in FileSystem.list(draft) { try FileSystem.sync("\(draft)/\(below)") }
    try FileSystem.sync(draft)
    if FileSystem.exists(place) { try FileSystem.rename(place, to: old) }
    try FileSystem.rename(draft, to: place)
    try FileSystem.remove(old)
  }
}
