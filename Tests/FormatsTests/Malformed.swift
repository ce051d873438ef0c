import Formats
import Foundation
import Testing
import XMDBTestSupport

/// Files of `Resources/` with bytes changed, or cut off: each is read, or refused with a `FormatError`, and nothing else happens.
enum Malformed {
  /// Multiplies the number of changed files: XMDB_FUZZ=20 makes more than 10⁴ of each format.
  private static let more = ProcessInfo.processInfo.environment["XMDB_FUZZ"].flatMap { Int($0) } ?? 1

  /// Reads some bytes as a file.
  /// - Returns: What it is refused with.
  @discardableResult static func read(_ bytes: Data, as name: String, in folder: Workdir) throws -> FormatError? {
    let path = try folder.write(bytes, to: name)
    do {
      _ = try TableSource(paths: [path]).everything()
      return nil
    } catch let error as FormatError {
      if error.code == .unsupported, error.message.contains("--exclude") { try readRest(path) }
      #expect(!error.message.contains("\n") && error.message.utf8.count < 2000, "\(error)")
      return error
    }
  }

  /// Reads the columns beside those of arrays.
  private static func readRest(_ path: String) throws {
    do {
      _ = try TableSource(paths: [path], excluding: ["vector", "bits", "list"]).everything()
    } catch is FormatError {}
  }

  /// Cuts the file at every length.
  /// - Parameter mayRead: Whether a part may be a table of its own.
  static func truncate(_ name: String, step: Int = 1, mayRead: Bool = false) throws {
    let folder = try Workdir()
    let whole = try Data(contentsOf: URL(fileURLWithPath: SmallTable.path(name)))
    for length in stride(from: 0, to: whole.count, by: step) {
      let error = try read(whole.prefix(length), as: name, in: folder)
      if !mayRead { #expect(error != nil, "\(name) cut at \(length)") }
    }
  }

  /// Changes one to four bytes at a time.
  static func flip(_ name: String, seed: UInt64, times: Int, within range: Range<Int>? = nil) throws {
    let folder = try Workdir()
    let whole = try Data(contentsOf: URL(fileURLWithPath: SmallTable.path(name)))
    let range = range ?? 0..<whole.count
    var random = SplitMix64(seed: seed)
    for _ in 0..<times * more {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: range, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      try read(bytes, as: name, in: folder)
    }
  }
}
