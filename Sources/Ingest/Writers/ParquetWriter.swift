internal import CArrow
internal import CatalogStore

/// Writes a Parquet file batch by batch: aside, as a hidden draft, until `publish` renames it into place.
///
/// Compressed with Zstandard, pages with checksums. Memory is bounded by one row group. A writer that goes away
/// unpublished removes its draft; a file of the same name is only replaced by a complete one.
public final class ParquetWriter {
  /// Where the file will be.
  public let path: String
  /// The columns.
  public let fields: [ParquetField]
  /// Rows appended.
  public private(set) var rowCount: Int64 = 0
  private let draft: Draft
  private let handle: OpaquePointer

  /// Starts a file beside its final place.
  /// - Parameter rowGroupRows: Rows to a row group: what a reader has to decode at least, and what is kept in memory.
  /// - Throws: `StoreError.system` when it cannot be created.
  /// - Precondition: `rowGroupRows` > 0, and there is at least one field.
  public init(path: String, fields: [ParquetField], rowGroupRows: Int = 131_072) throws {
    precondition(rowGroupRows > 0 && !fields.isEmpty, "a Parquet file needs columns and row groups of at least one row")
    self.path = path
    self.fields = fields
    draft = try Draft(in: FileSystem.parent(path))
    handle = try Self.open(draft.path, fields, rowGroupRows)
  }

  deinit { xarrow_writer_free(handle) }

  /// Appends a batch: the values of every field, in their order.
  /// - Precondition: One entry for each field, of its form, all with the same number of rows.
  /// - Throws: `StoreError.system` when the disk is full, for instance.
  public func append(_ columns: [ParquetValues]) throws {
    let rows = columns.first?.count ?? 0
    precondition(
      columns.count == fields.count && zip(columns, fields).allSatisfy { $0.form == $1.form && $0.count == rows },
      "the columns of a batch for \(path) differ from its fields in number, form or length")
    if rows == 0 { return }
    var error = xarrow_error()
    let status = withInputs(columns[...]) { xarrow_writer_append(handle, $0, Int64(rows), &error) }
    if status != 0 { throw Self.failure(error, path) }
    rowCount += Int64(rows)
  }

  /// Completes the file: footer, contents forced to the disk, then the name.
  public func publish() throws {
    var error = xarrow_error()
    if xarrow_writer_close(handle, &error) != 0 { throw Self.failure(error, path) }
    try draft.publish(as: path)
  }

  private static func open(_ path: String, _ fields: [ParquetField], _ rowGroupRows: Int) throws -> OpaquePointer {
    var handle: OpaquePointer?
    var error = xarrow_error()
    let status = withDescriptions(fields[...]) {
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
