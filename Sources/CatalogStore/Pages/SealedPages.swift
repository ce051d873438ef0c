/// The pages of a finished file, each compared with its checksum when it is read, without SQLite.
final class SealedPages {
  private let file: OpenFile
  private let sums: PageSums

  var path: String { file.path }
  var pageBytes: Int { sums.pageBytes }
  var count: Int { sums.sums.count }

  /// The bytes of the header that every file of this project has: whole pages, text in UTF-8.
  private static let (reservedBytes, encoding) = (20, 59)

  /// - Throws: `StoreError.damaged` when it is no SQLite file of whole pages.
  init(_ file: OpenFile, _ sums: PageSums) throws {
    (self.file, self.sums) = (file, sums)
    let first = UnsafeMutableRawBufferPointer.allocate(byteCount: sums.pageBytes, alignment: 8)
    defer { first.deallocate() }
    try read(1, into: first)
    guard first[Self.reservedBytes] == 0, first[Self.encoding] == 1 else { throw damage("has another form of pages") }
  }

  /// Reads a page, numbered from 1.
  /// - Throws: `StoreError.damaged` when there is no such page, or it has changed.
  func read(_ number: UInt32, into page: UnsafeMutableRawBufferPointer) throws {
    guard number > 0, number <= sums.sums.count else { throw damage("has no page \(number)") }
    try sums.read(Int(number), of: file, into: page)
  }

  /// What is wrong with the file.
  func damage(_ finding: String) -> StoreError { file.damage(finding) }
}
