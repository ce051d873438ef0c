internal import ADQL
internal import CatalogStore

/// A query by the Table Access Protocol.
///
/// Source: IVOA Recommendations TAP 1.1, DALI 1.1.
struct TAPQuery: Sendable {
  /// The languages of queries.
  enum Language: String, CaseIterable, Sendable {
    case adql = "ADQL"
    /// The SQL of docs/sql.md.
    case sql = "XMDB-SQL"
  }

  let text: String
  private let language: Language
  private let most: Int64
  private let format: ResultFormat
  private let contentType: String
  private let uploads: [(name: String, bytes: [UInt8])]

  /// - Throws: `RequestError` for a parameter that is missing or wrong.
  init(_ parameters: Parameters, _ settings: ServeSettings) throws {
    if let request = parameters["REQUEST"], request.lowercased() != "doquery" {
      throw RequestError.wrong("REQUEST is '\(request.prefix(60))'; allowed: doQuery")
    }
    language = try Self.language(parameters["LANG"])
    guard let text = parameters["QUERY"] else { throw RequestError.wrong("QUERY is missing") }
    self.text = text
    // RESPONSEFORMAT took the place of FORMAT with DALI.
    (format, contentType) = try ResultFormat.asked(parameters["RESPONSEFORMAT"] ?? parameters["FORMAT"])
    most = min(try parameters.count("MAXREC") ?? settings.mostRows, settings.mostRows)
    uploads = try Self.uploads(parameters)
  }

  private static func language(_ text: String?) throws -> Language {
    guard let text else {
      throw RequestError.wrong("LANG is missing; allowed: \(allowed)")
    }
    switch text.uppercased() {
    case "ADQL", "ADQL-2.0", "ADQL-2.1": return .adql
    case "XMDB-SQL", "XMDB-SQL-1": return .sql
    default: throw RequestError.wrong("LANG is '\(text.prefix(60))'; allowed: \(allowed)")
    }
  }

  private static var allowed: String { Language.allCases.map(\.rawValue).joined(separator: ", ") }

  /// `name,param:part`, several after semicolons or in several parameters (TAP 1.1, section 2.7.6).
  private static func uploads(_ parameters: Parameters) throws -> [(name: String, bytes: [UInt8])] {
    var uploads: [(name: String, bytes: [UInt8])] = []
    for item in parameters.all("UPLOAD").flatMap({ $0.split(separator: ";") }) {
      let halves = item.split(separator: ",", maxSplits: 1).map { $0.filter { $0 != " " } }
      guard halves.count == 2 else {
        throw RequestError.wrong("UPLOAD is '\(item.prefix(100))'; expected is NAME,param:PART")
      }
      guard halves[1].hasPrefix("param:") else {
        throw RequestError.wrong(
          "UPLOAD from '\(halves[1].prefix(100))' is not supported: tables come with the request, NAME,param:PART")
      }
      let part = String(halves[1].dropFirst(6))
      guard let bytes = parameters.files[part] else {
        throw RequestError.wrong("UPLOAD names the part '\(part.prefix(60))', which the request has not")
      }
      let name = String(halves[0]).lowercased()
      let plain = name.hasPrefix("tap_upload.") ? String(name.dropFirst(11)) : name
      guard !uploads.contains(where: { $0.name == plain }), uploads.count < 10 else {
        throw RequestError.wrong("UPLOAD has the table '\(plain.prefix(60))' twice, or more than 10 tables")
      }
      uploads.append((plain, bytes))
    }
    return uploads
  }

  /// Runs on a thread of the pool.
  func reply(_ connection: QueryConnection, _ stop: QueryStop) throws -> Reply {
    try connection.refresh()
    let tables = try uploads.map { try UploadedTable(name: $0.name, $0.bytes) }
    let rows = try connection.withUploads(tables, stop) { try self.rows(connection, tables, stop) }
    try stop.check()
    let facts = [("QUERY", text), ("PROVENANCE", "xmdb \(Program.version)")]
    var reply = Reply(contentType, try format.write(rows, ResultNotes(facts: facts)))
    reply.rows = rows.count
    return reply
  }

  private func rows(_ connection: QueryConnection, _ tables: [UploadedTable], _ stop: QueryStop) throws -> ResultRows {
    switch language {
    case .sql: return try connection.rows(text, nil, most: most, stop)
    case .adql:
      let translation: ADQL.Translation
      do {
        translation = try ADQL.translate(
          text, tables: connection.sky.tables + tables.map(\.definition), functions: QueryConnection.userFunctions)
      } catch {
        throw RequestError.wrong("ADQL: \(error)")
      }
      return try connection.rows(translation.sql, translation.columns, most: most, stop)
    }
  }
}
