/// A file that a table is written to: the door through which every format is written.
///
/// The file is made aside and gets its name only when it is complete; a writer that goes away before leaves nothing.
public protocol TableWriter: AnyObject {
  /// Where the file will be.
  var path: String { get }

  /// The columns, with type, unit, UCD and description.
  var columns: [TableColumn] { get }

  /// Rows appended.
  var rowCount: Int64 { get }

  /// What the format could not hold, and what is there instead; complete when the file is.
  var remarks: [String] { get }

  /// Appends rows. In columns whose `isNullable` is set, NaN is no value.
  /// - Parameters:
  ///   - rows: How many.
  ///   - buffers: One for each column, in the form of its type.
  /// - Throws: `StoreError.system` when the disk is full, for instance.
  func append(rows: Int, _ buffers: [ColumnBuffer]) throws

  /// Completes the file: contents forced to the disk, then the name.
  func publish() throws
}

extension TableWriter {
  public var remarks: [String] { [] }

  /// Appends rows that lie in arrays.
  /// - Precondition: One entry for each column, all of the same length.
  public func append(_ data: [ColumnData]) throws {
    let rows = data.first?.count ?? 0
    precondition(data.allSatisfy { $0.count == rows }, "the columns of a batch for \(path) differ in length")
    if rows > 0 { try ColumnData.withBuffers(data) { try append(rows: rows, $0) } }
  }
}
