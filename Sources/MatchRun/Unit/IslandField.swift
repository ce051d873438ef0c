internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// The sources and candidate pairs of a unit with their priors: what the islands in it are made of.
struct IslandField {
  let edges: CandidateEdges
  let a: PlacedSources
  let b: PlacedSources
  private let models: RegionModels
  private let regionOfA: [Int32]
  private let regionOfB: [Int32]
  private let skyFlagsA: [MatchFlags]
  private let skyFlagsB: [MatchFlags]

  /// - Parameter models: Takes up the regions that the sources lie in.
  init(
    plan: MatchPlan, models: inout RegionModels, edges: CandidateEdges, a: PlacedSources, b: PlacedSources,
    cancellation: Cancellation
  ) throws {
    self.edges = edges
    self.a = a
    self.b = b
    regionOfA = a.columns.healpix29.map { Int32(plan.regions.region(of: $0)) }
    regionOfB = b.columns.healpix29.map { Int32(plan.regions.region(of: $0)) }
    try models.require(Set(regionOfA).union(regionOfB), cancellation: cancellation)
    self.models = models
    skyFlagsA = SkyFlags.flags(of: a.columns.healpix29, own: plan.coverageA, other: plan.coverageB)
    skyFlagsB = SkyFlags.flags(of: b.columns.healpix29, own: plan.coverageB, other: plan.coverageA)
  }

  func sources(ofEdge edge: Int) -> (a: Int, b: Int) { (Int(edges.a[edge]), Int(edges.b[edge])) }

  private func priors(_ i: Int, _ j: Int) -> PriorDensities {
    models.priors(
      ofA: Int(regionOfA[i]), class: a.photometricClass[i], ofB: Int(regionOfB[j]), class: b.photometricClass[j])
  }

  private func logPhotometricRatio(_ i: Int, _ j: Int) -> Double {
    models.logPhotometricRatio(
      ofA: Int(regionOfA[i]), class: a.photometricClass[i], ofB: Int(regionOfB[j]), class: b.photometricClass[j])
  }

  /// ln R of an edge: from position, and what magnitudes add to it.
  func logRatios(ofEdge edge: Int) -> (position: Double, photometry: Double) {
    let (i, j) = sources(ofEdge: edge)
    return (
      PairQuantities.logRatio(logDensity: edges.logDensity[edge], priors: priors(i, j)), logPhotometricRatio(i, j)
    )
  }

  func eta(ofEdge edge: Int) -> Double {
    let (i, j) = sources(ofEdge: edge)
    return logPhotometricRatio(i, j) / log(10)
  }

  func xi(ofEdge edge: Int) -> Double {
    let (i, j) = sources(ofEdge: edge)
    return PairQuantities.xi(logDensity: edges.logDensity[edge], priors: priors(i, j))
  }

  /// Flags of an island: those of any member.
  func flags(_ membersA: ArraySlice<Int32>, _ membersB: ArraySlice<Int32>) -> MatchFlags {
    var flags: MatchFlags = []
    for i in membersA {
      flags.formUnion(skyFlagsA[Int(i)].union(a.flags[Int(i)]).union(models[Int(regionOfA[Int(i)])].flags))
    }
    for j in membersB {
      flags.formUnion(skyFlagsB[Int(j)].union(b.flags[Int(j)]).union(models[Int(regionOfB[Int(j)])].flags))
    }
    return flags
  }

  func source(isA: Bool, _ index: Int) -> ResultSource {
    let sources = isA ? a : b
    return ResultSource(
      id: sources.columns.ids.id(at: index), raDegrees: sources.columns.columns[0][index],
      decDegrees: sources.columns.columns[1][index], sigmaUsedArcsec: sources.sigmaArcsec[index],
      rank: sources.columns.rank[index])
  }

  /// A source without candidates.
  func lone(isA: Bool, _ index: Int, _ island: IslandOnSky) -> NonmatchRow {
    NonmatchRow(
      isA: isA, source: source(isA: isA, index), matchP: 1, aloneP: 1, nearest: nil,
      matchPWithoutPhotometry: 1, alonePWithoutPhotometry: 1, island: island.number, flags: island.flags)
  }

  func pair(edge: Int, _ answer: PairAnswer, number: Int64, flags: MatchFlags) -> PairRow {
    let (i, j) = sources(ofEdge: edge)
    let priors = priors(i, j)
    return PairRow(
      idA: a.columns.ids.id(at: i), idB: b.columns.ids.id(at: j), separationArcsec: edges.separationArcsec[edge],
      chiSquared: edges.chiSquared[edge], log10Density: edges.logDensity[edge] / log(10),
      priorBoth: priors.counterpartsPerDegree2, priorA: priors.unmatchedAPerDegree2,
      priorB: priors.unmatchedBPerDegree2,
      eta: eta(ofEdge: edge), xi: xi(ofEdge: edge), pairP: answer.probability, isMatched: answer.isMatched,
      pairPWithoutPhotometry: answer.probabilityWithoutPhotometry,
      isMatchedWithoutPhotometry: answer.isMatchedWithoutPhotometry, island: number, flags: flags,
      rankA: a.columns.rank[i], rankB: b.columns.rank[j])
  }

  /// The nearest of some sources of the other catalogue; the first of equals.
  /// - Complexity: O(others).
  func nearest(isA: Bool, _ index: Int, among others: [Int32]) -> NearestUnmatched? {
    var best: (other: Int, separation: Double)?
    for other in others {
      let (i, j) = isA ? (index, Int(other)) : (Int(other), index)
      let distance = separation(
        ra1Degrees: a.raDegrees[i], dec1Degrees: a.decDegrees[i], ra2Degrees: b.raDegrees[j],
        dec2Degrees: b.decDegrees[j]
      ).arcseconds
      if best.map({ distance < $0.separation }) ?? true { best = (Int(other), distance) }
    }
    guard let best else { return nil }
    let (i, j) = isA ? (index, best.other) : (best.other, index)
    let covariance = CandidateEdges.covariance(a, i, b, j)
    let logDensity = GaussianAUF.logDensity(dxArcsec: best.separation, dyArcsec: 0, covariance: covariance)
    return NearestUnmatched(
      id: (isA ? b : a).columns.ids.id(at: best.other), separationArcsec: best.separation,
      eta: logPhotometricRatio(i, j) / log(10),
      xi: PairQuantities.xi(logDensity: logDensity, priors: priors(i, j)))
  }
}

/// What the pairing says of one edge, with and without photometry.
struct PairAnswer {
  var probability: Double
  var isMatched: Bool
  var probabilityWithoutPhotometry: Double
  var isMatchedWithoutPhotometry: Bool
}
