internal import CArrow
internal import CatalogStore

/// Writes a Parquet file batch by batch: aside, as a hidden draft, until `publish` renames it into place.
///
/// Compressed with Zstandard, pages with checksums. Memory is bounded by one row group. A writer that goes away
/// unpublished removes its draft; a file of the same name is only replaced by a complete one.
public final class ParquetWriter: TableWriter {
  /// Where the file will be.
  public let path: String
  /// The columns.
  public let columns: [TableColumn]
  /// Rows appended.
  public private(set) var rowCount: Int64 = 0
  private let draft: Draft
  private let handle: OpaquePointer

  /// Starts a file beside its final place.
  /// - Parameter rowGroupRows: Rows to a row group: what a reader has to decode at least, and what is kept in memory.
  /// - Throws: `StoreError.system` when it cannot be created.
  /// - Precondition: `rowGroupRows` > 0, and there is at least one column.
  public init(path: String, columns: [TableColumn], rowGroupRows: Int = 131_072) throws {
    precondition(
      rowGroupRows > 0 && !columns.isEmpty, "a Parquet file needs columns and row groups of at least one row")
    self.path = path
    self.columns = columns
    draft = try Draft(in: FileSystem.parent(path))
    handle = try Self.open(draft.path, columns, rowGroupRows)
  }

  deinit { xarrow_writer_free(handle) }

  /// Appends rows.
  /// - Precondition: One buffer for each column, in the form of its type.
  /// - Throws: `StoreError.system` when the disk is full, for instance.
  public func append(rows: Int, _ buffers: [ColumnBuffer]) throws {
    precondition(
      buffers.count == columns.count && zip(buffers, columns).allSatisfy { $0.values.form == $1.type.form },
      "the columns of a batch for \(path) differ from those of the file in number or form")
    if rows == 0 { return }
    var error = xarrow_error()
    let status = xarrow_writer_append(handle, buffers.map(xarrow_input.init), Int64(rows), &error)
    if status != 0 { throw Self.failure(error, path) }
    rowCount += Int64(rows)
  }

  /// Completes the file: footer, contents forced to the disk, then the name.
  public func publish() throws {
    var error = xarrow_error()
    if xarrow_writer_close(handle, &error) != 0 { throw Self.failure(error, path) }
    try draft.publish(as: path)
  }

  private static func open(_ path: String, _ columns: [TableColumn], _ rowGroupRows: Int) throws -> OpaquePointer {
    var handle: OpaquePointer?
    var error = xarrow_error()
    let status = withDescriptions(columns[...]) {
      xarrow_writer_open(path, $0, Int32($0.count), Int64(rowGroupRows), &handle, &error)
    }
    if status == 0, let handle { return handle }
    throw failure(error, path)
  }

  private static func failure(_ error: xarrow_error, _ path: String) -> StoreError {
    let message = withUnsafeBytes(of: error.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    let hint = message.contains("No space left") ? "; free some space and run the command again" : ""
    return StoreError(.system, path, "cannot be written: \(message)\(hint)")
  }
}
