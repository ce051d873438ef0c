/// Makes cells of records: what is too long for a page goes on in a chain of overflow pages.
///
/// - Source: https://sqlite.org/fileformat2.html §1.5, §1.6
struct CellWriter: ~Copyable {
  /// The last cell made.
  private(set) var cell = ByteBuffer()
  private var payload = ByteBuffer()

  /// A cell of a table: the record's length, its row's number, the record.
  mutating func make(_ record: borrowing RecordBuffer, row: Int64, in file: PageFile) throws {
    cell.reset()
    cell.append(varint: UInt64(record.byteCount))
    cell.append(varint: UInt64(bitPattern: row))
    try append(record, longest: file.pageBytes - 35, in: file)
  }

  /// A cell of an index: the record's length, the record.
  mutating func make(_ record: borrowing RecordBuffer, in file: PageFile) throws {
    cell.reset()
    cell.append(varint: UInt64(record.byteCount))
    try append(record, longest: (file.pageBytes - 12) * 64 / 255 - 23, in: file)
  }

  private mutating func append(_ record: borrowing RecordBuffer, longest: Int, in file: PageFile) throws {
    if record.byteCount <= longest { return record.write(to: &cell) }
    payload.reset()
    record.write(to: &payload)
    let shortest = (file.pageBytes - 12) * 32 / 255 - 23
    let filling = shortest + (payload.count - shortest) % (file.pageBytes - 4)
    let here = filling <= longest ? filling : shortest
    cell.append(UnsafeRawBufferPointer(rebasing: payload.bytes[..<here]))
    cell.append(bigEndian: UInt64(try overflow(from: here, in: file)), bytes: 4)
  }

  /// Writes the rest of the payload, the last page first, since each page names the next.
  private func overflow(from here: Int, in file: PageFile) throws -> UInt32 {
    let pageBytes = file.pageBytes - 4
    var page = [UInt8](repeating: 0, count: file.pageBytes)
    var next: UInt32 = 0
    for start in stride(from: here, to: payload.count, by: pageBytes).reversed() {
      let part = payload.bytes[start..<min(start + pageBytes, payload.count)]
      next = try page.withUnsafeMutableBytes { bytes in
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        bytes.storeBytes(of: next.bigEndian, as: UInt32.self)
        bytes[4...].copyBytes(from: part)
        return try file.append(UnsafeRawBufferPointer(bytes))
      }
    }
    return next
  }
}
