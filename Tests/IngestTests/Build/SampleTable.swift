import Foundation
import Indexing
import ParquetFixture
import XMDBTestSupport

/// Tables of sources, made up from a seed.
enum SampleTable {
  /// Positions, errors and an id of consecutive integers: the least that a catalogue needs.
  static func plain(_ sky: Sky, sigma: Double = 0.1) -> [ParquetColumn] {
    [
      ParquetColumn("source_id", .int64s((0..<sky.count).map { Int64($0) })),
      ParquetColumn("ra", .doubles(sky.raDegrees), unit: "deg"),
      ParquetColumn("dec", .doubles(sky.decDegrees), unit: "deg"),
      ParquetColumn("pos_err", .doubles(Array(repeating: sigma, count: sky.count)), unit: "arcsec"),
    ]
  }

  /// Every type of column; positions that repeat; ids that repeat and are missing; rows that are the same throughout.
  static func rich(_ count: Int, using rng: inout SplitMix64) -> [ParquetColumn] {
    var sky = Sky.cap(count / 2, raDegrees: 0.5, decDegrees: 0, radiusDegrees: 3, using: &rng)
    sky.append(.sphere(count - count / 2, using: &rng))
    for row in 0..<count where rng.below(4) == 0 {
      let other = rng.below(count)
      (sky.raDegrees[row], sky.decDegrees[row]) = (sky.raDegrees[other], sky.decDegrees[other])
    }
    func maybe<T>(_ value: (Int) -> T) -> [T?] { (0..<count).map { rng.below(5) == 0 ? nil : value($0) } }
    let small = rng.next()
    func number(_ row: Int) -> UInt64 { (UInt64(row / 2) &* 0x9E37_79B9_7F4A_7C15) ^ small }
    let texts = ["", "é☆𝔘", "a\0b", "'; --", "x"]
    return [
      ParquetColumn("name", .string(maybe { "id \($0 / 3)" })),
      ParquetColumn("ra", .doubles(sky.raDegrees), unit: "deg"),
      ParquetColumn("dec", .doubles(sky.decDegrees), unit: "deg"),
      ParquetColumn("ra_error", .double((0..<count).map { _ in rng.uniform(0.01, 0.3) }), unit: "arcsec"),
      ParquetColumn("dec_error", .double((0..<count).map { _ in rng.uniform(0.01, 0.3) }), unit: "arcsec"),
      ParquetColumn("ra_dec_corr", .float(maybe { Float($0 % 19) / 10 - 0.9 })),
      ParquetColumn("pmra", .double(maybe { Double($0) - 7.5 }), unit: "mas/yr"),
      ParquetColumn("pmdec", .double(maybe { Double($0) * -0.25 }), unit: "mas/yr"),
      ParquetColumn("pmra_error", .float(maybe { Float($0) * 0.5 }), unit: "mas/yr"),
      ParquetColumn("pmdec_error", .float(maybe { Float($0) * 0.5 }), unit: "mas/yr"),
      ParquetColumn("ref_epoch", .double(maybe { 1990 + Double($0 % 30) }), unit: "yr"),
      ParquetColumn("g_mag", .float(maybe { Float($0 % 200) / 10 })),
      ParquetColumn("r_mag", .double(maybe { Double($0 % 150) / 7 })),
      ParquetColumn("i8", .int8(maybe { Int8(truncatingIfNeeded: number($0)) })),
      ParquetColumn("u16", .uint16(maybe { UInt16(truncatingIfNeeded: number($0)) })),
      ParquetColumn("i32", .int32(maybe { Int32(truncatingIfNeeded: number($0)) })),
      ParquetColumn("i64", .int64(maybe { Int64(bitPattern: number($0)) })),
      ParquetColumn("u64", .uint64(maybe { number($0) })),
      ParquetColumn("real", .double(maybe { [.nan, .infinity, -.infinity, -.leastNonzeroMagnitude, 0.1, 3][$0 % 6] })),
      ParquetColumn("flag", .bool(maybe { $0 % 2 == 0 })), ParquetColumn("text", .largeString(maybe { texts[$0 % 5] })),
      ParquetColumn("word", .dictionary(maybe { texts[$0 % 4] })),
      ParquetColumn("bytes", .binary(maybe { [[], [0], [255, 0, 1]][$0 % 3] })),
      ParquetColumn("day", .date(maybe { Int64($0) - 50 })),
      ParquetColumn("when", .timestamp(maybe { Int64($0) * 1_000_003 })),
      ParquetColumn("utc", .timestampUTC(maybe { -Int64($0) })),
      ParquetColumn("time", .time(maybe { Int64($0) * 999 })),
      ParquetColumn("decimal", .decimal(maybe { Int64($0) * 7 - 100 })), ParquetColumn("nothing", .null(count: count)),
    ]
  }
}
