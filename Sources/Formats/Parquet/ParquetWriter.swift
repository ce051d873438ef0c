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
  private let handle: ArrowWriterHandle

  /// Starts a file beside its final place.
  /// - Parameters:
  ///   - rowGroupRows: Rows to a row group: what a reader has to decode at least, and what is kept in memory.
  ///   - votable: A VOTable without data that describes the columns, for the footer (IVOA Note VOParquet 1.0).
  /// - Throws: `StoreError.system` when it cannot be created.
  /// - Precondition: `rowGroupRows` > 0, and there is at least one column.
  public init(path: String, columns: [TableColumn], rowGroupRows: Int = 131_072, votable: String = "") throws {
    precondition(
      rowGroupRows > 0 && !columns.isEmpty, "a Parquet file needs columns and row groups of at least one row")
    self.path = path
    self.columns = columns
    let draft = try Draft(in: FileSystem.parent(path))
    self.draft = draft
    handle = try ArrowWriterHandle(path, columns) { fields, handle, error in
      xarrow_writer_open(
        draft.path, fields, Int32(fields.count), Int64(rowGroupRows), votable, &handle, &error)
    }
  }

  /// Appends rows.
  /// - Precondition: One buffer for each column, in the form of its type.
  /// - Throws: `StoreError.system` when the disk is full, for instance.
  public func append(rows: Int, _ buffers: [ColumnBuffer]) throws {
    try handle.append(rows: rows, buffers)
    rowCount += Int64(rows)
  }

  /// Completes the file: footer, contents forced to the disk, then the name.
  public func publish() throws {
    try handle.close()
    try draft.publish(as: path)
  }
}
