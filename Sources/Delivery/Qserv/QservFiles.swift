internal import CatalogStore

/// The files of one table, one for each chunk of a Qserv, and one for the surroundings of its sub-chunks. Pieces come in sky order, in
/// which the rows of a chunk do not lie together: they wait in memory, and are added to their files when there are many.
final class QservFiles: TableFiles {
  /// What is known of a file.
  private struct Entry {
    var rows: Int64 = 0
    var bytes: Int64 = 0
    var waiting: [UInt8] = []
  }

  private struct State {
    var entries: [ExportPart: Entry] = [:]
    /// Bytes that wait.
    var waiting = 0
    var lengths: [Int]
  }

  private let table: String
  private let drafts: DraftFolder
  private let state: Guarded<State>

  /// Bytes that may wait.
  private static let mostWaiting = 64 << 20

  init(_ table: ExportTable, in folder: String) throws {
    self.table = table.name
    drafts = try DraftFolder(in: folder)
    state = Guarded(State(lengths: Array(repeating: 1, count: table.columns.count)))
  }

  func append(_ piece: FormattedPiece) throws {
    try state.withLock { state in
      for segment in piece.segments {
        state.entries[segment.part, default: Entry()].rows += segment.rows
        state.entries[segment.part, default: Entry()].waiting += segment.text
        state.waiting += segment.text.count
      }
      for (column, length) in piece.lengths.enumerated() { state.lengths[column] = max(state.lengths[column], length) }
      if state.waiting > Self.mostWaiting { try write(&state) }
    }
  }

  private func write(_ state: inout State) throws {
    for part in state.entries.keys.sorted(by: Self.precedes) {
      guard var entry = state.entries[part], !entry.waiting.isEmpty else { continue }
      try AppendedFile.append(entry.waiting, to: path(part))
      entry.bytes += Int64(entry.waiting.count)
      entry.waiting = []
      state.entries[part] = entry
    }
    state.waiting = 0
  }

  func finish() throws -> (files: [MatchExport.File], staged: [StagedFile], lengths: [Int]) {
    try state.withLock { state in
      try write(&state)
      // Of a whole sky there are hundreds of thousands.
      try FileSystem.sync(all: state.entries.keys.map(path))
      var (files, staged): ([MatchExport.File], [StagedFile]) = ([], [])
      for part in state.entries.keys.sorted(by: Self.precedes) {
        guard let entry = state.entries[part] else { continue }
        let path = path(part)
        let file = MatchExport.File(
          name: part == .beyond ? table + Self.beyond : "\(table)/\(Self.name(part))", rows: entry.rows,
          bytes: entry.bytes, fingerprint: try Fingerprint(ofFile: path).description)
        files.append(file)
        staged.append(StagedFile(try file.listed, path: path, draft: drafts))
      }
      return (files, staged, state.lengths)
    }
  }

  // MARK: Names

  /// Behind the name of a table: the file of pairs that are wider than the overlap.
  static let beyond = "_beyond_overlap.csv"

  private func path(_ part: ExportPart) -> String { "\(drafts.path)/\(Self.name(part))" }

  private static func name(_ part: ExportPart) -> String {
    switch part {
    case .chunk(let number): "chunk_\(number).txt"
    case .overlap(let number): "chunk_\(number)_overlap.txt"
    case .whole, .pixel, .beyond: "beyond.csv"
    }
  }

  private static func precedes(_ one: ExportPart, _ other: ExportPart) -> Bool { rank(one) < rank(other) }

  private static func rank(_ part: ExportPart) -> (Int32, Int) {
    switch part {
    case .chunk(let number): (number, 0)
    case .overlap(let number): (number, 1)
    case .whole, .pixel, .beyond: (.max, 2)
    }
  }
}

extension QservFiles {
  /// The chunks that have files of a table, among the files of an export.
  static func chunks(_ table: String, _ files: [MatchExport.File], isOverlap: Bool) -> [Int] {
    files.compactMap { file in
      let parts = file.name.split(separator: "/")
      guard parts.count == 2, parts[0] == table else { return nil }
      let name = parts[1].dropFirst("chunk_".count).dropLast(".txt".count)
      let number = name.hasSuffix("_overlap") ? name.dropLast("_overlap".count) : name
      return name.hasSuffix("_overlap") == isOverlap ? Int(number) : nil
    }
  }
}
