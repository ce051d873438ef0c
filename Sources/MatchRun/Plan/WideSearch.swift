internal import CatalogStore
internal import Glibc
internal import Match

/// How far a match with a model of pairs looks: as far as its chance pairs allow.
///
/// Chance pairs are what counterparts are told from, and a few of them for every source are enough. In dense sky the search ends
/// earlier. It follows from the catalogues alone: the coverage maps, and the errors of some sources at fixed places of their order.
struct WideSearch {
  /// The inputs with that search.
  let inputs: MatchInputs

  /// Chance pairs for each source of either catalogue that are looked at, on the average.
  private static let mostChancePairs = 3.0
  /// Sources of each catalogue whose errors are looked at.
  private static let sampled = 64

  /// - Parameters:
  ///   - given: The limits of the search are the least that it reaches.
  ///   - pullsArcsec: How far hidden neighbours pull sources, the widest of what both catalogues' may do.
  ///   - driftsArcsec: How far sources of unknown motion have drifted: looked at as far as chance pairs stay few.
  /// - Throws: `StoreError.damaged` for sources that cannot be.
  init(_ given: MatchInputs, _ regions: PriorRegions, pullsArcsec: Double = 0, driftsArcsec: Double = 0) throws {
    let separation = given.limits.largestSeparationArcsec
    let widest = SearchReach(
      level: SearchReach.widestLevel, tailArcsec: max(SearchReach.usualTailArcsec, pullsArcsec),
      largestSeparationArcsec: separation)
    let area = try Self.meanArea(given, WideLikelihood(reach: widest))
    var (pairsPerDegree2, sources) = (0.0, 1.0)
    for sky in regions.regions.map(\.coverage) where sky.areaDegrees2 > 0 {
      pairsPerDegree2 += sky.countA * sky.countB / sky.areaDegrees2
      sources += sky.countA + sky.countB
    }
    let most = Self.mostChancePairs * sources
    let share = Self.step(below: min(1, most / max(pairsPerDegree2 * area, 1)))
    let circle = Double.pi * driftsArcsec * driftsArcsec / (3600 * 3600)
    let driftShare = Self.step(below: min(1, most / max(pairsPerDegree2 * circle, 1)))
    let reach = SearchReach(
      level: max(given.limits.level, SearchReach.leastLevel, widest.level * share),
      tailArcsec: max(widest.tailArcsec * share.squareRoot(), driftsArcsec * driftShare.squareRoot()),
      largestSeparationArcsec: separation)
    var inputs = given
    inputs.likelihood = WideLikelihood(reach: reach)
    inputs.limits = CandidateLimits(
      level: reach.level, largestSeparationArcsec: separation, largestCandidates: given.limits.largestCandidates)
    self.inputs = inputs
  }

  /// The power of √½ at or below a share: a source more or less does not change the search.
  private static func step(below share: Double) -> Double { exp2((log2(share) * 2).rounded(.down) / 2) }

  /// The area around a source in which a stranger is a candidate, deg², on the average.
  private static func meanArea(_ inputs: MatchInputs, _ likelihood: WideLikelihood) throws -> Double {
    let reader = NeighbourhoodReader(inputs)
    let (a, b) = (
      try reader.places(isA: true, count: sampled), try reader.places(isA: false, count: sampled)
    )
    var (sum, number) = (0.0, 0.0)
    for one in a {
      for other in b {
        sum += likelihood.candidateAreaArcsec2(one, other, level: likelihood.reach.level)
        number += 1
      }
    }
    return number > 0 ? sum / number / (3600 * 3600) : 0
  }
}
