internal import ADQL

/// The formats of answers.
enum ResultFormat: Sendable {
  case binary2, tableData, csv, tsv, json

  /// The format that a request asks for, by a short name or a media type.
  /// - Throws: `RequestError` for any other.
  static func asked(_ text: String?) throws -> (format: ResultFormat, contentType: String) {
    guard let text else { return (.binary2, votable) }
    let word = text.lowercased().filter { $0 != " " }
    switch word {
    case "votable", "votable/b2", votable, votable + ";serialization=binary2": return (.binary2, votable)
    case "votable/td", votable + ";serialization=tabledata": return (.tableData, votable)
    case "text/xml", "application/xml", "xml": return (.tableData, "text/xml")
    case "csv", "text/csv", "text/csv;header=present": return (.csv, "text/csv;header=present;charset=utf-8")
    case "tsv", "text/tab-separated-values": return (.tsv, "text/tab-separated-values;charset=utf-8")
    case "json", "application/json": return (.json, "application/json")
    default:
      throw RequestError.wrong(
        "the format '\(text.prefix(100))' is not known; allowed: votable, votable/td, csv, tsv, json, or their media types"
      )
    }
  }

  static let votable = "application/x-votable+xml"

  /// What a format is called in capabilities: media type, and short name.
  static let listed: [(media: String, aliases: [String])] = [
    (votable, ["votable"]), (votable + ";serialization=BINARY2", ["votable/b2"]),
    (votable + ";serialization=TABLEDATA", ["votable/td"]), ("text/csv;header=present", ["csv"]),
    ("text/tab-separated-values", ["tsv"]), ("application/json", ["json"]),
  ]

  /// The rows in this format.
  func write(_ rows: ResultRows, _ notes: ResultNotes) throws -> Spool {
    switch self {
    case .binary2: try VOTableResult(rows, notes).binary2()
    case .tableData: try VOTableResult(rows, notes).tableData()
    case .csv: try PlainResult.delimited(rows, by: ",")
    case .tsv: try PlainResult.delimited(rows, by: "\t")
    case .json: try PlainResult.json(rows)
    }
  }
}

/// What a document says of its rows.
struct ResultNotes: Sendable {
  /// Names and values of INFO elements.
  var facts: [(name: String, value: String)] = []
  /// Whether the columns are in the words of UCD1 that simple cone search asks for.
  var description: String?
}
