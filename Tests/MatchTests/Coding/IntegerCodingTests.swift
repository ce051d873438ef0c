import Match
import Testing
import XMDBTestSupport

/// Integers as few bytes: what goes in comes out, and rubbish is refused.
@Suite struct IntegerCodingTests {
  private static let edges: [Int64] = [0, 1, -1, 63, 64, -64, -65, 127, 128, 1 << 33, .max, .min, .min + 1]

  @Test func numbersComeBack() throws {
    var writer = IntegerWriter()
    for value in Self.edges {
      writer.put(value)
      writer.put(unsigned: UInt64(bitPattern: value))
      writer.put(Int128(value) * Int128(Int64.max) - 1)
      writer.put(Double(value) / 3)
    }
    var reader = IntegerReader(writer.bytes[...])
    for value in Self.edges {
      #expect(try reader.int64() == value)
      #expect(try reader.unsigned() == UInt64(bitPattern: value))
      #expect(try reader.int128() == Int128(value) * Int128(Int64.max) - 1)
      #expect(try reader.double() == Double(value) / 3)
    }
    #expect(reader.isAtEnd)
  }

  @Test(arguments: 0..<50)
  func arraysComeBackAndZerosTakeNoRoom(seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    let count = Int.random(in: 0...400, using: &rng)
    let share = Int.random(in: 1...20, using: &rng)
    let values = (0..<count).map { _ in
      Int.random(in: 0..<share, using: &rng) == 0 ? UInt32.random(in: 0...UInt32.max, using: &rng) : 0
    }
    var writer = IntegerWriter()
    writer.put(values)
    #expect(writer.bytes.count <= 4 + 7 * values.count { $0 != 0 })
    var reader = IntegerReader(writer.bytes[...])
    let found: [UInt32] = try reader.array(count: count)
    #expect(found == values && reader.isAtEnd, "seed \(seed)")
    for length in 0..<writer.bytes.count {
      var short = IntegerReader(writer.bytes[..<length])
      #expect(throws: IntegerReader.Malformed.self) { let _: [UInt32] = try short.array(limit: 400) }
    }
  }

  @Test func valuesBeyondTheTypeAreRefused() {
    var writer = IntegerWriter()
    writer.put([Int64(1) << 40])
    var reader = IntegerReader(writer.bytes[...])
    #expect(throws: IntegerReader.Malformed.self) { let _: [UInt32] = try reader.array(count: 1) }
    var long = IntegerReader([UInt8](repeating: 0x80, count: 12)[...])
    #expect(throws: IntegerReader.Malformed.self) { try long.unsigned() }
  }
}
