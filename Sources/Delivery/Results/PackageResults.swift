internal import CatalogStore
internal import Formats
internal import FoundationEssentials
internal import Yams

/// Reads a package of `xmdb export`: what its manifest lists, by the columns that its description names.
struct PackageResults {
  private struct Manifest: Decodable {
    struct File: Decodable {
      let name: String
      let rows: Int64
      let bytes: Int64
      let xxh3_128: String
    }

    struct Catalogue: Decodable { let name: String }
    struct Qserv: Decodable { let database: String }

    let program: String
    let header: Bool
    let catalogues: [Catalogue]
    let files: [File]
    let qserv: Qserv?
  }

  private let folder: String
  private let manifest: Manifest
  /// Names of the columns by the names of the tables, in order.
  private let tables: [(name: String, columns: [String])]
  private let cancellation: Cancellation

  /// Whether a folder holds a package.
  static func isPackage(_ folder: String) -> Bool {
    FileSystem.exists(folder + "/manifest.json") && FileSystem.exists(folder + "/matches.felis.yaml")
  }

  init(_ folder: String, _ cancellation: Cancellation) throws {
    (self.folder, self.cancellation) = (folder, cancellation)
    let path = folder + "/manifest.json"
    guard let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(FileSystem.contents(of: path))),
      manifest.program.hasPrefix("xmdb "), manifest.catalogues.count == 2
    else {
      throw FormatError(.damaged, subject: path, "is no manifest of an export of xmdb; export again")
    }
    self.manifest = manifest
    tables = try Self.tables(folder + "/matches.felis.yaml")
  }

  private static func tables(_ path: String) throws -> [(name: String, columns: [String])] {
    let text = String(decoding: try FileSystem.contents(of: path), as: UTF8.self)
    let root = try? Yams.compose(yaml: text)
    let tables = (root?["tables"]?.sequence.map(Array.init) ?? []).map { table in
      (
        name: table["name"]?.string ?? "",
        columns: (table["columns"]?.sequence.map(Array.init) ?? []).compactMap { $0["name"]?.string }
      )
    }
    guard tables.count >= 3, tables.prefix(3).allSatisfy({ !$0.name.isEmpty && !$0.columns.isEmpty }) else {
      throw FormatError(.damaged, subject: path, "does not describe matches and non-matches; export again")
    }
    return tables
  }

  func read(into sink: ResultSink) throws {
    let matches = tables[0]
    guard let b = matches.columns.dropFirst().firstIndex(of: tables[2].columns[0]),
      let probability = matches.columns.firstIndex(of: "MATCH_P")
    else {
      throw FormatError(
        .damaged, subject: folder + "/matches.felis.yaml",
        "names no identifier of the second catalogue or no MATCH_P; export again")
    }
    try forEachRow(of: matches, [0, b, probability]) { path, row, fields in
      guard let a = fields[0], let b = fields[1] else {
        throw FormatError(.damaged, subject: path, "line \(row) lacks an identifier")
      }
      let matchP = try fields[2].map { text in
        guard let number = Double(text) else {
          throw FormatError(.damaged, subject: path, "line \(row) has the probability '\(text)', which is no number")
        }
        return number
      }
      try Probability.require(matchP, in: path, row: row)
      try sink.add(ResultIdentifier(a), ResultIdentifier(b), .init(matchP: matchP))
    }
    for (table, isA) in [(tables[1], true), (tables[2], false)] {
      try forEachRow(of: table, [0]) { path, row, fields in
        guard let id = fields[0] else {
          throw FormatError(.damaged, subject: path, "line \(row) has no identifier")
        }
        try sink.add(alone: ResultIdentifier(id), isA: isA)
      }
    }
  }

  /// Runs `body` over the rows of a table: those of all its files, a pair in two chunks of Qserv once.
  private func forEachRow(
    of table: (name: String, columns: [String]), _ wanted: [Int], _ body: (String, Int64, [String?]) throws -> Void
  ) throws {
    for file in manifest.files where isPart(file.name, of: table.name) {
      try check(file)
      let path = folder + "/" + file.name
      let added = try addedColumns(table.name, file.name)
      var rows: Int64 = manifest.header ? -1 : 0
      let text = LoadedText(path, fields: table.columns.count + added)
      // The second copy of a pair says so.
      let flags = added == 3 ? [table.columns.count] : []
      try text.forEachLine(wanted + flags) { line, fields in
        if line % 10_000 == 0 { try cancellation.check("import-results") }
        rows += 1
        if rows == 0 {
          guard fields.prefix(wanted.count).elementsEqual(wanted.map { table.columns[$0] }) else {
            throw FormatError(.damaged, subject: path, "does not begin with the names of its columns")
          }
          return
        }
        if !flags.isEmpty, fields.last == "2" { return }
        try body(path, line, fields)
      }
      guard rows == file.rows || (file.rows == 0 && rows == -1) else {
        throw FormatError(.truncated, subject: path, "has \(rows) rows; manifest.json says \(file.rows)")
      }
    }
  }

  private func isPart(_ name: String, of table: String) -> Bool {
    name == table + ".csv" || name == table + QservFiles.beyond
      || (name.hasPrefix(table + "/") && !name.hasSuffix("_overlap.txt"))
  }

  /// How many columns a row has at its end for Qserv.
  private func addedColumns(_ table: String, _ file: String) throws -> Int {
    guard manifest.qserv != nil, file.hasSuffix(".txt") else { return 0 }
    struct Table: Decodable { let flag: String? }
    let path = "\(folder)/\(table).json"
    guard let description = try? JSONDecoder().decode(Table.self, from: Data(FileSystem.contents(of: path))) else {
      throw FormatError(.damaged, subject: path, "does not describe the table to Qserv; export again")
    }
    return description.flag == nil ? 2 : 3
  }

  /// Refuses a file that is not the one that was exported.
  private func check(_ file: Manifest.File) throws {
    let path = folder + "/" + file.name
    guard let size = FileSystem.size(path) else {
      throw FormatError(
        .notReadable, subject: path, "is missing, and manifest.json lists it; get a whole copy of the package")
    }
    guard size == file.bytes,
      try Fingerprint(ofFile: path, check: { try cancellation.check("import-results") }).description == file.xxh3_128
    else {
      throw FormatError(
        .damaged, subject: path,
        "is not the file that was exported: \(size) bytes, \(file.bytes) in manifest.json, or other ones; "
          + "get a whole copy of the package")
    }
  }
}
