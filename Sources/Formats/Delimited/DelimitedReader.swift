internal import CArrow

/// One file of delimited text. All of it is read once when it is opened for the first time, to count its rows and to find
/// the type that holds every value of a column.
///
/// A column is `int64` if all its values are integers of 64 bits, `uint64` if unsigned ones are among them, `float64` if all
/// are numbers, `bool` if all are true or false, else `text`. Integers beyond 64 bits make a column of integers text, so that
/// no digit is lost.
final class DelimitedReader: NativeReader {
  let path: String
  let format = "CSV"
  private let found: DelimitedSurvey

  init(_ file: TableFile) throws(FormatError) {
    path = file.path
    if let known = file.survey as? DelimitedSurvey, known.state == FileState(file.path) {
      found = known
    } else {
      let text = Substring(decoding: file.head, as: UTF8.self)
      guard let dialect = DelimitedDialect(text) else {
        throw FormatError(.otherFormat, subject: file.path, "there is no line with the names of columns")
      }
      found = try DelimitedSurvey(file.path, dialect)
      try found.requireNames(file.path)
    }
  }

  var rowCount: Int64 { found.rowCount }
  var survey: (any Sendable)? { found }
  var remarks: [String] { found.remarks }
  func columns() -> [FileColumn] { found.columns }
  func metadata(_ key: String) -> String? { nil }

  func forEachNativeBatch(
    _ columns: [Int], batchRows: Int, batchBytes: Int, _ body: (Int, [ColumnBuffer]) throws -> Void
  ) throws {
    let text = try DelimitedFile(path, found.dialect)
    try text.forEachBatch(columns.map { ($0, found.columns[$0].column.type) }, batchRows: batchRows, body)
  }
}
