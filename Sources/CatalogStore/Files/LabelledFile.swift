/// A small file that says whose it is, in a first line, and ends with a checksum (XXH3, 64 bits, little-endian) of all
/// that is before it.
public enum LabelledFile {
  private static let sumBytes = 8

  /// Writes one, complete and synced, in one step.
  /// - Parameter label: A line; whoever reads the file must know it.
  public static func write(_ body: [UInt8], label: String, to path: String) throws {
    var bytes = Array((label + "\n").utf8) + body
    let sum = bytes.withUnsafeBytes { Fingerprint.hash64($0) }
    withUnsafeBytes(of: sum.littleEndian) { bytes.append(contentsOf: $0) }
    try FileSystem.createDirectories(FileSystem.parent(path))
    let file = try FileWriter(path: path)
    try file.write(bytes: bytes)
    _ = try file.publish()
  }

  /// What stands behind the label.
  /// - Throws: `StoreError.damaged` for a file that has changed or is another one's, `.system` when there is none.
  public static func body(of path: String, label: String) throws -> ArraySlice<UInt8> {
    let bytes = try FileSystem.contents(of: path)
    let head = Array((label + "\n").utf8)
    guard bytes.count >= sumBytes else { throw StoreError(.damaged, path, "is too short") }
    let rest = bytes.dropLast(sumBytes)
    let sum = bytes.suffix(sumBytes).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard rest.withUnsafeBytes({ Fingerprint.hash64($0) }) == sum else {
      throw StoreError(.damaged, path, "has changed since it was written")
    }
    guard rest.starts(with: head) else { throw StoreError(.damaged, path, "is another file than its name says") }
    return rest.dropFirst(head.count)
  }
}
