import Foundation

/// A private folder that goes away with its owner.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "xmdb-ingest-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) throws -> String {
    let whole = path + "/" + name
    let folder = (whole as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return whole
  }

  func write(_ bytes: Data, to name: String) throws -> String {
    let whole = try file(name)
    try bytes.write(to: URL(fileURLWithPath: whole))
    return whole
  }
}

/// A generator whose seed is told when a test fails.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
