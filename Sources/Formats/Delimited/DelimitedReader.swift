internal import CArrow

/// One file of delimited text. All of it is read once when it is opened for the first time, to count its rows and to find
/// the type that holds every value of a column.
///
/// A column is `int64` if all its values are integers of 64 bits, `uint64` if unsigned ones are among them, `float64` if all
/// are numbers, `bool` if all are true or false, else `text`. Integers beyond 64 bits make a column of integers text, so that
/// no digit is lost.
final class DelimitedReader: NativeReader {
  let path: String
  let format: String
  private let found: DelimitedSurvey

  /// A file of CSV or the like.
  convenience init(_ file: TableFile) throws(FormatError) {
    try self.init(file, format: "CSV") { (file) throws(FormatError) in
      guard let dialect = DelimitedDialect(file.head) else {
        throw FormatError(.otherFormat, subject: file.path, "there is no line with the names of columns")
      }
      let survey = try DelimitedSurvey(file.path, dialect)
      try survey.requireNames(file.path)
      return survey
    }
  }

  /// - Parameter read: Reads the whole file, if that has not been done.
  init(
    _ file: TableFile, format: String, _ read: (TableFile) throws(FormatError) -> DelimitedSurvey
  ) throws(FormatError) {
    (path, self.format) = (file.path, format)
    if let known = file.survey as? DelimitedSurvey, known.state == FileState(file.path), known.named == file.table {
      found = known
    } else {
      found = try read(file)
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
