import Formats
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

/// Whatever the bytes, a damaged file is an error and never a crash.
struct DamagedFilesTests {
  private let rows = 400

  private func sound(checksums: Bool = false) throws -> Data {
    let scratch = try Workdir()
    let path = try scratch.file("x.parquet")
    var options = ParquetFixture.Options()
    options.rowGroupRows = 150
    options.pageBytes = 512
    options.pageChecksums = checksums
    try ParquetFixture.write(
      [
        ParquetColumn("id", .int64((0..<rows).map { Int64($0) * 7919 })),
        ParquetColumn("ra", .double((0..<rows).map { $0 % 9 == 0 ? nil : Double($0) / 3 }), unit: "deg"),
        ParquetColumn("name", .string((0..<rows).map { "source \($0)" })),
        ParquetColumn("kind", .dictionary((0..<rows).map { ["star", "galaxy"][$0 % 2] })),
      ], to: path, options: options)
    return try Data(contentsOf: URL(fileURLWithPath: path))
  }

  private func read(_ bytes: Data) throws -> FormatError? {
    let scratch = try Workdir()
    let path = try scratch.write(bytes, to: "x.parquet")
    return formatError { _ = try TableSource(paths: [path]).everything() }
  }

  @Test func emptyFile() throws { #expect(try read(Data())?.code == .empty) }

  @Test(arguments: ["ra,dec\n1,2\n", "ra dec\n1 2\n", "P", "PAR", "SIMPL"]) func otherFormats(_ text: String) throws {
    let error = try read(Data(text.utf8))
    #expect(error?.code == .otherFormat)
    #expect(error?.message.contains("Parquet") == true)
  }

  @Test func encryptedFile() throws { #expect(try read(Data("PARExxxxxxxxxxxxPARE".utf8))?.code == .unsupported) }

  @Test func truncationAtEveryLength() throws {
    let whole = try sound()
    #expect(try read(whole) == nil)
    for length in stride(from: 4, to: whole.count, by: max(1, whole.count / 60)) {
      #expect(try read(whole.prefix(length))?.code == .truncated, "length \(length)")
    }
    #expect(try read(Data("PAR1PAR1".utf8))?.code == .truncated)
  }

  @Test func middleCutOut() throws {
    let whole = try sound()
    for cut in [100, whole.count / 4, whole.count / 2] {
      #expect(try read(whole.prefix(cut) + whole.suffix(whole.count / 3)) != nil, "cut at \(cut)")
    }
  }

  @Test(arguments: [UInt64(1), 2, 3]) func flippedBytesNeverCrash(seed: UInt64) throws {
    let whole = try sound()
    var random = SplitMix64(seed: seed)
    for _ in 0..<150 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        bytes[Int.random(in: 4..<(bytes.count - 4), using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      _ = try read(bytes)
    }
  }

  @Test(arguments: [UInt64(4), 5]) func flippedFooterBytesNeverCrash(seed: UInt64) throws {
    let whole = try sound()
    let footer = whole.suffix(8).prefix(4).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let start = whole.count - 8 - footer
    var random = SplitMix64(seed: seed)
    for _ in 0..<200 {
      var bytes = whole
      bytes[Int.random(in: start..<(bytes.count - 4), using: &random)] = UInt8.random(in: 0...255, using: &random)
      _ = try read(bytes)
    }
  }

  @Test(arguments: [UInt64(6)]) func checksumsFindEveryFlippedBitOfAPage(seed: UInt64) throws {
    let whole = try sound(checksums: true)
    var random = SplitMix64(seed: seed)
    var found = 0
    for _ in 0..<40 {
      var bytes = whole
      let position = Int.random(in: 4..<(whole.count / 2), using: &random)
      bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      if try read(bytes) != nil { found += 1 }
    }
    #expect(
      found >= 36, "of 40 flipped bits \(found) were found; only page headers are without a checksum; seed \(seed)")
  }

  @Test func unreadableFileSaysWhy() throws {
    let scratch = try Workdir()
    let path = try scratch.write(try sound(), to: "x.parquet")
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    if FileManager.default.isReadableFile(atPath: path) { return }  // root reads everything
    #expect(formatError { _ = try TableSource(paths: [path]) }?.code == .notReadable)
  }

  @Test func fileReplacedWhileReadIsRefused() throws {
    let scratch = try Workdir()
    let path = try scratch.file("x.parquet")
    try ParquetFixture.write([ParquetColumn("a", .int64([1]))], to: path)
    let source = try TableSource(paths: [path])
    try ParquetFixture.write([ParquetColumn("a", .int64([1, 2]))], to: path)
    #expect(formatError { try source.forEachBatch { _ in } }?.message.contains("has changed") == true)
  }
}
