import CatalogStore
import Delivery

/// What one table is that has been written, for people or as JSON.
struct TableOutcome {
  let path: String
  let written: TableExport.Written

  private var bytes: Int64 { FileSystem.size(path) ?? 0 }

  var line: String {
    "\(path): \(Format.count(written.rows, "row")), \(Format.count(Int64(written.columns), "column")), \(Format.bytes(bytes))"
  }

  /// What the format could not hold.
  var notes: [String] { written.remarks.map { "Note: " + $0 } }

  var json: JSONValue {
    get throws {
      .object([
        ("file", .text(path)), ("rows", .integer(written.rows)), ("columns", .integer(Int64(written.columns))),
        ("bytes", .integer(bytes)), ("xxh3_128", .text(try Fingerprint(ofFile: path).description)),
        ("notes", .texts(written.remarks)),
      ])
    }
  }
}
