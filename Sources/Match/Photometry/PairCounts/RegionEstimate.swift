import Glibc

/// What the pair counts of a region say: the densities N with their uncertainty, and how magnitudes tell counterparts.
public struct RegionEstimate: Sendable, Equatable {
  /// N_c, N_A, N_B.
  public let priors: PriorDensities
  /// 1-σ uncertainty of N_c, deg⁻².
  public let uncertaintyPerDegree2: Double
  /// κ, chance pairs found over those expected.
  public let chanceFactor: Double
  /// ε, the share of counterparts with unrelated magnitudes; nil without `photometry`.
  public let unrelatedShare: Double?
  /// Shares of magnitudes; nil if too few counterparts have a class.
  public let photometry: PhotometricDensities?

  /// Fewer counterparts than this do not make a density.
  public static let fewestCounterparts = 100.0
  /// A density of counterparts must stand out from chance by this many σ.
  public static let significance = 5.0
  /// Neither N_A nor N_B, nor a class's share of field sources, is believed to be below this part of the whole.
  public static let smallestFieldShare = 0.01

  /// Nil if the region holds too few pairs to tell counterparts from chance.
  /// - Complexity: O(cells · zones).
  public init?(
    _ counts: PairCounts, sky: RegionSky, zones: PairZones, classesA: MagnitudeClasses, classesB: MagnitudeClasses
  ) {
    guard sky.areaDegrees2 > 0, sky.countA > 0, sky.countB > 0, counts.a.total > 0, counts.b.total > 0 else {
      return nil
    }
    let expected = ChancePairs(counts, sky: sky)
    let classed = counts.classedByZone
    let all = zip(classed, counts.unclassed).map(+)
    let fit = CounterpartFit(pairs: all, chancePairs: expected.total, zones: zones)
    guard fit.counterparts >= Self.fewestCounterparts, fit.counterparts >= Self.significance * fit.uncertainty else {
      return nil
    }
    let both = fit.counterparts / sky.areaDegrees2
    priors = PriorDensities(
      counterparts: both, ofA: sky.countA / sky.areaDegrees2, ofB: sky.countB / sky.areaDegrees2,
      smallestFieldShare: Self.smallestFieldShare)
    uncertaintyPerDegree2 = fit.uncertainty / sky.areaDegrees2
    chanceFactor = fit.chanceFactor
    let found = fit.counterparts(among: classed, chancePairs: expected.classed, zones: zones)
    guard found >= Self.fewestCounterparts, found >= Self.significance * fit.uncertainty else {
      (photometry, unrelatedShare) = (nil, nil)
      return
    }
    let chance = ChancePairs(counts, sky: sky, chanceFactor: fit.chanceFactor)
    let shares = CounterpartShares(
      counts, counterparts: found, zoneShares: fit.shares, chance: chance, zones: zones, classesA: classesA,
      classesB: classesB)
    photometry = Self.densities(shares.shares, found, chance, counts, sky)
    unrelatedShare = shares.unrelated
  }

  /// Of each class, what is not a counterpart is field.
  private static func densities(
    _ shares: [Double], _ counterparts: Double, _ chance: ChancePairs, _ counts: PairCounts, _ sky: RegionSky
  ) -> PhotometricDensities {
    let (countA, countB) = (chance.shareA.count, chance.shareB.count)
    var (matchedA, matchedB) = ([Double](repeating: 0, count: countA), [Double](repeating: 0, count: countB))
    for i in 0..<countA {
      for j in 0..<countB {
        matchedA[i] += shares[i * countB + j]
        matchedB[j] += shares[i * countB + j]
      }
    }
    func field(_ shares: [Double], _ matched: [Double], _ side: PairCounts.Side, _ inSky: Double) -> [Double] {
      let known = inSky * Double(side.total - side.sources[side.classes]) / Double(side.total)
      let left = zip(shares, matched).map { share, matched in
        max(known * share - counterparts * matched, smallestFieldShare * known * share)
      }
      let sum = left.reduce(0, +)
      return left.map { $0 / sum }
    }
    return PhotometricDensities(
      counterparts: shares, fieldA: field(chance.shareA, matchedA, counts.a, sky.countA),
      fieldB: field(chance.shareB, matchedB, counts.b, sky.countB))
  }
}
