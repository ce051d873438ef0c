internal import Indexing

/// What one region's priors and magnitude densities are made from: integers only, so that the counts of the parts of a
/// region add up to the same numbers however the sky was cut and in whatever order.
public struct PairCounts: Sendable, Equatable {
  /// Sources of one catalogue.
  public struct Side: Sendable, Equatable {
    /// Sources by photometric class; the last element counts those without one.
    public internal(set) var sources: [Int64]
    /// Sum over the same sources of their spread (`PairLikelihood`), in units of 2⁻⁶⁰ arcsec².
    public internal(set) var spread: [Int128]

    init(classes: Int) {
      sources = Array(repeating: 0, count: classes + 1)
      spread = Array(repeating: 0, count: classes + 1)
    }

    /// The number of classes.
    public var classes: Int { sources.count - 1 }

    /// Counts one source.
    /// - Parameters:
    ///   - photometricClass: Its class, or `MagnitudeClasses.none`.
    ///   - spreadArcsec2: Its part of the area in which strangers are candidates, `PairLikelihood.spreadArcsec2`.
    public mutating func add(class photometricClass: Int32, spreadArcsec2: Double) {
      let index = photometricClass < 0 ? classes : Int(photometricClass)
      sources[index] += 1
      spread[index] = spread[index].saturatingAdd(Self.fixedPoint(spreadArcsec2))
    }

    /// In units of 2⁻⁶⁰ arcsec², at most 2⁴⁰ arcsec²; what is no number counts as 0.
    private static func fixedPoint(_ spreadArcsec2: Double) -> Int128 {
      let scaled = spreadArcsec2 * 0x1p60
      guard scaled >= 0 else { return 0 }
      return scaled < 0x1p62 ? Int128(Int64(scaled)) : Int128(min(scaled, 0x1p100))
    }

    static func += (sum: inout Side, part: Side) {
      for index in sum.sources.indices {
        sum.sources[index] = sum.sources[index].saturatingAdd(part.sources[index])
        sum.spread[index] = sum.spread[index].saturatingAdd(part.spread[index])
      }
    }

    /// Sources in all.
    public var total: Int64 { sources.reduce(0) { $0.saturatingAdd($1) } }
    /// Mean spread over a class, arcsec²; 0 if it is empty.
    func meanSpread(_ index: Int) -> Double {
      sources[index] > 0 ? Double(spread[index]) / Double(sources[index]) * 0x1p-60 : 0
    }
    /// Mean spread over all sources, arcsec².
    var meanSpread: Double {
      total > 0 ? Double(spread.reduce(Int128(0)) { $0.saturatingAdd($1) }) / Double(total) * 0x1p-60 : 0
    }
  }

  /// Sources of a, inside the sky that b covers too.
  public var a: Side
  /// Sources of b, inside the sky that a covers too.
  public var b: Side
  /// The number of zones of a pair.
  public let zones: Int
  /// Candidate pairs by class of a, class of b and zone: at (I · classes of b + J) · zones + z. A number beyond 2³² − 1
  /// counts as that.
  public private(set) var pairs: [UInt32]
  /// Candidate pairs by zone in which a source has no class.
  public private(set) var unclassed: [Int64]

  /// No sources yet.
  public init(classesA: Int, classesB: Int, zones: Int) {
    a = Side(classes: classesA)
    b = Side(classes: classesB)
    self.zones = zones
    pairs = Array(repeating: 0, count: classesA * classesB * zones)
    unclassed = Array(repeating: 0, count: zones)
  }

  /// Counts one candidate pair.
  @inline(__always)
  public mutating func addPair(classA: Int32, classB: Int32, zone: Int) {
    if classA < 0 || classB < 0 {
      unclassed[zone] += 1
    } else {
      let index = (Int(classA) * b.classes + Int(classB)) * zones + zone
      pairs[index] = pairs[index].saturatingAdd(1)
    }
  }

  /// Adds the counts of another part of the region.
  /// - Precondition: Both have the same classes and zones.
  public static func += (sum: inout PairCounts, part: PairCounts) {
    precondition(
      sum.pairs.count == part.pairs.count && sum.a.classes == part.a.classes && sum.zones == part.zones,
      "PairCounts: parts have different classes or zones")
    sum.a += part.a
    sum.b += part.b
    for index in sum.pairs.indices { sum.pairs[index] = sum.pairs[index].saturatingAdd(part.pairs[index]) }
    for zone in sum.unclassed.indices {
      sum.unclassed[zone] = sum.unclassed[zone].saturatingAdd(part.unclassed[zone])
    }
  }

  /// What a file is believed to hold in one zone.
  private static let mostPairs: Int64 = 1 << 56

  mutating func readPairs(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    pairs = try reader.array(count: pairs.count)
    unclassed = try reader.array(count: unclassed.count)
    guard unclassed.allSatisfy({ $0 >= 0 && $0 <= Self.mostPairs }) else { throw IntegerReader.Malformed() }
  }

  /// Pairs by zone: those with both classes known.
  var classedByZone: [Int64] {
    var sums = [Int64](repeating: 0, count: zones)
    for start in stride(from: 0, to: pairs.count, by: zones) {
      for zone in 0..<zones { sums[zone] += Int64(pairs[start + zone]) }
    }
    return sums
  }
}
