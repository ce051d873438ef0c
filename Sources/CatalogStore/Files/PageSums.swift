internal import CXXHash

/// The checksums of a file's pages.
struct PageSums {
  let pageBytes: Int
  let sums: [UInt64]
  /// Everything behind the pages.
  let bytes: [UInt8]

  private static let footerBytes = 16
  /// What a file with checksums ends with.
  private static let magic: [UInt8] = Array("xmdbsum1".utf8)
  /// The sizes of pages that SQLite has.
  private static let pageSizes = (9...16).map { 1 << $0 }

  var fingerprint: Fingerprint { bytes.withUnsafeBytes { Fingerprint(of: $0) } }

  /// Reads what stands behind the pages.
  init(readFrom file: OpenFile) throws {
    let footerBytes = Int64(Self.footerBytes)
    guard file.size >= footerBytes else { throw file.damage("is too short") }
    let footer = try file.read(Self.footerBytes, at: file.size - footerBytes)
    guard Array(footer.prefix(8)) == Self.magic else {
      throw file.damage("has no checksums of its pages: it is damaged, or an older xmdb wrote it")
    }
    func number(_ place: Int) -> Int { (0..<4).reduce(0) { $0 | Int(footer[place + $1]) << (8 * $1) } }
    let (size, count) = (number(8), number(12))
    guard Self.pageSizes.contains(size), count > 0, Int64(count) * Int64(size + 8) + footerBytes == file.size else {
      throw file.damage("has an impossible number of pages")
    }
    bytes = try file.read(count * 8 + Self.footerBytes, at: Int64(count) * Int64(size))
    pageBytes = size
    sums = bytes.withUnsafeBytes { bytes in
      (0..<count).map { UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
    }
  }

  /// Computes them from a file that has none yet.
  init(computedFrom file: OpenFile) throws {
    let header = try file.read(100, at: 0)
    let size = Int(header[16]) << 8 | Int(header[17])
    pageBytes = size == 1 ? 65536 : size
    guard Self.pageSizes.contains(pageBytes), file.size % Int64(pageBytes) == 0,
      let count = UInt32(exactly: file.size / Int64(pageBytes))
    else { throw file.damage("is no SQLite file of whole pages") }
    var found: [UInt64] = []
    found.reserveCapacity(Int(count))
    try file.forEachPart(of: pageBytes, Int(count)) { found.append($0.withUnsafeBytes(Self.sum)) }
    sums = found
    bytes = Self.bytes(found, pageBytes)
  }

  private static func bytes(_ sums: [UInt64], _ pageBytes: Int) -> [UInt8] {
    var bytes = sums.map(\.littleEndian).withUnsafeBytes { Array($0) } + Self.magic
    for number in [pageBytes, sums.count] {
      withUnsafeBytes(of: UInt32(number).littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// Runs `body` with every page.
  /// - Throws: `StoreError.damaged` for a page that has another checksum.
  func forEachPage(of file: OpenFile, _ body: ([UInt8]) throws -> Void) throws {
    var number = 0
    try file.forEachPart(of: pageBytes, sums.count) { page in
      guard page.withUnsafeBytes(Self.sum) == sums[number] else {
        throw file.damage("has changed since it was written (page \(number + 1) of \(sums.count))")
      }
      number += 1
      try body(page)
    }
  }

  /// Reads one page, numbered from 1.
  /// - Throws: `StoreError.damaged` when it has another checksum.
  func read(_ number: Int, of file: OpenFile, into page: UnsafeMutableRawBufferPointer) throws {
    try file.fill(page, at: Int64(number - 1) * Int64(pageBytes))
    guard Self.sum(UnsafeRawBufferPointer(page)) == sums[number - 1] else {
      throw file.damage("has changed since it was written (page \(number) of \(sums.count))")
    }
  }

  private static func sum(_ page: UnsafeRawBufferPointer) -> UInt64 { xxh_once64(page.baseAddress, page.count) }
}
