internal import CParquetFixture
internal import Glibc

/// Writes Parquet files for tests, all at once or piece by piece.
///
///     try ParquetFixture.write(
///       [ParquetColumn("ra", .double([10, 20]), unit: "deg"), ParquetColumn("name", .string(["a", nil]))], to: path)
public final class ParquetFixture {
  /// How the file is laid out.
  public struct Options: Sendable {
    /// Rows per row group.
    public var rowGroupRows = 1_048_576
    /// 0: Arrow's default of 1 MiB.
    public var pageBytes = 0
    /// none, snappy, gzip, zstd, brotli or lz4_raw.
    public var compression = "snappy"
    /// Encode repeated values as dictionaries.
    public var dictionaryPages = true
    /// A CRC per page.
    public var pageChecksums = false
    /// Keep Arrow's own schema, with the metadata of fields and dictionaries, as pyarrow does.
    public var storeArrowSchema = true
    /// Least and greatest values in the footer.
    public var statistics = true
    /// One more pair of the footer.
    public var footer: (key: String, value: String)?

    /// The usual layout.
    public init() {}
  }

  /// A failure of Arrow, in its words.
  public struct Failure: Error, CustomStringConvertible {
    /// What Arrow says.
    public let description: String
  }

  private var writer: OpaquePointer?

  /// Creates the file.
  public init(path: String, options: Options = Options()) throws {
    let codec = options.compression
    let pair = options.footer ?? ("", "")
    try codec.withCString { codec in
      try pair.key.withCString { key in
        try pair.value.withCString { value in
          var raw = fixture_options(
            row_group_rows: Int64(options.rowGroupRows), page_bytes: Int64(options.pageBytes), compression: codec,
            dictionary: options.dictionaryPages ? 1 : 0, page_checksums: options.pageChecksums ? 1 : 0,
            store_arrow_schema: options.storeArrowSchema ? 1 : 0, statistics: options.statistics ? 1 : 0,
            footer_key: options.footer == nil ? nil : key,
            footer_value: value)
          try Self.check { fixture_open(path, &raw, &writer, $0, $1) }
        }
      }
    }
  }

  deinit {
    guard let writer else { return }
    var message = [CChar](repeating: 0, count: 16)
    _ = fixture_close(writer, &message, 16)
  }

  /// Appends rows: the same columns each time, all of one length.
  public func append(_ columns: [ParquetColumn]) throws {
    let rows = columns.first?.count ?? 0
    precondition(columns.allSatisfy { $0.count == rows }, "columns of a fixture must have one length")
    let storage = columns.map { ColumnStorage($0.values) }
    var arena = Arena()
    defer { arena.free() }
    let raw = zip(columns, storage).map { column, storage in
      fixture_column(
        name: arena.copy(column.name), type: storage.type, values: arena.copy(storage.values),
        offsets: arena.copy(storage.offsets).map { UnsafePointer($0.assumingMemoryBound(to: Int64.self)) },
        bytes: arena.copy(storage.bytes).map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) },
        present: storage.present.flatMap { arena.copy($0) }.map {
          UnsafePointer($0.assumingMemoryBound(to: UInt8.self))
        },
        unit: column.unit.map { arena.copy($0) }, ucd: column.ucd.map { arena.copy($0) },
        description: column.description.map { arena.copy($0) }, precision: storage.precision, scale: storage.scale)
    }
    try Self.check { fixture_append(writer, raw, Int32(raw.count), Int64(rows), $0, $1) }
  }

  /// Writes the footer. Required: a file that is not closed is not a Parquet file.
  public func close() throws {
    precondition(writer != nil, "the fixture is closed already")
    let open = writer
    writer = nil
    try Self.check { fixture_close(open, $0, $1) }
  }

  /// Writes a whole file.
  public static func write(_ columns: [ParquetColumn], to path: String, options: Options = Options()) throws {
    let fixture = try ParquetFixture(path: path, options: options)
    try fixture.append(columns)
    try fixture.close()
  }

  private static func check(_ body: (UnsafeMutablePointer<CChar>, Int32) -> Int32) throws {
    var message = [CChar](repeating: 0, count: 512)
    let result = message.withUnsafeMutableBufferPointer { body($0.baseAddress!, Int32($0.count)) }
    guard result != 0 else { return }
    throw Failure(
      description: String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }
}

/// Copies that live until `free`.
private struct Arena {
  private var blocks: [UnsafeMutableRawPointer] = []

  mutating func copy<T>(_ values: [T]) -> UnsafeRawPointer? {
    let size = values.count * MemoryLayout<T>.stride
    let block = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1), alignment: 16)
    values.withUnsafeBytes { block.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(block), byteCount: size) }
    blocks.append(block)
    return UnsafeRawPointer(block)
  }

  mutating func copy(_ text: String) -> UnsafePointer<CChar> {
    copy(Array(text.utf8CString))!.assumingMemoryBound(to: CChar.self)
  }

  mutating func free() {
    for block in blocks { block.deallocate() }
    blocks = []
  }
}
