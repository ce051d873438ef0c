internal import CArrow
internal import CatalogStore

/// Writes a file of Arrow IPC (Feather 2), compressed with Zstandard: a record batch for each batch of rows.
final class ArrowWriter: TableWriter {
  let path: String
  let columns: [TableColumn]
  private(set) var rowCount: Int64 = 0
  private let draft: Draft
  private let handle: ArrowWriterHandle

  /// - Parameter votable: The description of the columns for the footer.
  init(path: String, columns: [TableColumn], votable: String) throws {
    (self.path, self.columns) = (path, columns)
    let draft = try Draft(in: FileSystem.parent(path))
    self.draft = draft
    handle = try ArrowWriterHandle(path, columns) { fields, handle, error in
      xarrow_ipc_writer_open(draft.path, fields, Int32(fields.count), votable, &handle, &error)
    }
  }

  func append(rows: Int, _ buffers: [ColumnBuffer]) throws {
    try handle.append(rows: rows, buffers)
    rowCount += Int64(rows)
  }

  func publish() throws {
    try handle.close()
    try draft.publish(as: path)
  }
}

/// An open file of one of the formats that Arrow writes.
final class ArrowWriterHandle {
  private let path: String
  private let columns: [TableColumn]
  private let handle: OpaquePointer

  /// - Parameter open: Opens the file with the columns described in C, or fills the error.
  init(
    _ path: String, _ columns: [TableColumn],
    _ open: ([xarrow_field], inout OpaquePointer?, inout xarrow_error) -> Int32
  ) throws {
    var handle: OpaquePointer?
    var error = xarrow_error()
    let status = Self.withDescriptions(columns[...]) { open($0, &handle, &error) }
    guard status == 0, let handle else { throw StoreError(writing: path, error) }
    (self.path, self.columns, self.handle) = (path, columns, handle)
  }

  deinit { xarrow_writer_free(handle) }

  /// - Precondition: One buffer for each column, in the form of its type.
  func append(rows: Int, _ buffers: [ColumnBuffer]) throws {
    precondition(
      buffers.count == columns.count && zip(buffers, columns).allSatisfy { $0.values.form == $1.type.form },
      "the columns of a batch for \(path) differ from those of the file in number or form")
    if rows == 0 { return }
    var error = xarrow_error()
    let status = xarrow_writer_append(handle, buffers.map(xarrow_input.init), Int64(rows), &error)
    if status != 0 { throw StoreError(writing: path, error) }
  }

  /// Writes what is left.
  func close() throws {
    var error = xarrow_error()
    if xarrow_writer_close(handle, &error) != 0 { throw StoreError(writing: path, error) }
  }
}
