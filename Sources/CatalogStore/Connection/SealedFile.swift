internal import Glibc

/// A finished SQLite file as the registry names it: pages that never change, and behind them a checksum of each.
///
/// ```
/// page 1, page 2, …                  an SQLite file; SQLite does not look beyond its last page
/// XXH3 of page 1, of page 2, …       64 bits each, little-endian
/// "xmdbsum1", page size, pages       8 bytes, and two little-endian 32-bit numbers
/// ```
///
/// The fingerprint is that of everything behind the pages. So a few microseconds at the opening tell whether the file is the
/// one that the registry names, and from then on every page is checked when SQLite reads it: what is read is what was written.
public struct SealedFile: Sendable {
  /// The file.
  public let path: String
  /// Its size.
  public let bytes: Int64
  /// Its fingerprint.
  public let fingerprint: String
  /// How to make it anew, for messages.
  let remedy: String

  init(path: String, bytes: Int64, fingerprint: String, remedy: String) {
    self.path = path
    self.bytes = bytes
    self.fingerprint = fingerprint
    self.remedy = remedy
  }

  // MARK: Reading

  /// Opens it for reading.
  /// - Throws: `StoreError.damaged` when it is not the file that the registry names, `.system` when it may not be read.
  public func open() throws -> Connection {
    let file = try OpenFile(path, remedy: remedy)
    return try Connection(file, seal(of: file))
  }

  /// Reads every page.
  /// - Throws: As `open`, and `StoreError.damaged` for a page that has changed.
  public func check() throws {
    let file = try OpenFile(path, remedy: remedy)
    try seal(of: file).forEachPage(of: file) { _ in }
  }

  /// Writes the pages alone to another file, to be changed and sealed again.
  /// - Throws: As `check`.
  func copyPages(to target: Draft) throws {
    let file = try OpenFile(path, remedy: remedy)
    try seal(of: file).forEachPage(of: file) { page in try page.withUnsafeBytes { try target.write($0) } }
  }

  /// Reads every page of a file that must be the one of this size and fingerprint.
  /// - Throws: As `check`.
  public static func check(_ path: String, bytes: Int64, fingerprint: String) throws {
    try SealedFile(path: path, bytes: bytes, fingerprint: fingerprint, remedy: "").check()
  }

  func seal(of file: OpenFile) throws -> PageSums {
    guard file.size == bytes else { throw file.damage("has \(file.size) bytes, \(bytes) were written") }
    let sums = try PageSums(readFrom: file)
    guard sums.fingerprint.description == fingerprint else {
      throw file.damage("is not the file that was written (fingerprint \(sums.fingerprint), not \(fingerprint))")
    }
    return sums
  }

  // MARK: Writing

  /// Completes a file of whole pages with their checksums, and syncs it.
  /// - Throws: `StoreError.system`, or `.damaged` when the file is no SQLite file.
  public static func seal(_ path: String, remedy: String = "") throws -> SealedFile {
    let file = try OpenFile(path, remedy: remedy, flags: O_RDWR)
    let sums = try PageSums(computedFrom: file)
    try file.write(sums.bytes, at: file.size)
    try file.sync()
    return SealedFile(
      path: path, bytes: file.size + Int64(sums.bytes.count), fingerprint: sums.fingerprint.description, remedy: remedy)
  }

  /// A file of a database as it lies there, its fingerprint taken from itself: for tools and tests.
  package init(found path: String) throws {
    let file = try OpenFile(path, remedy: "")
    self.init(
      path: path, bytes: file.size, fingerprint: try PageSums(readFrom: file).fingerprint.description, remedy: "")
  }

  /// Takes the checksums off a file, so that it can be changed: for tests of what a defect of a writer would leave behind.
  package static func unseal(_ path: String) throws {
    let file = try OpenFile(path, remedy: "", flags: O_RDWR)
    let sums = try PageSums(readFrom: file)
    guard ftruncate(file.descriptor, off_t(sums.pageBytes * sums.sums.count)) == 0 else {
      throw FileSystem.failure("cannot be cut", path)
    }
  }
}
