internal import Glibc
internal import Indexing
internal import Match

/// What the method of a run says of all candidate pairs of a wide search, those included that it has not looked at.
struct CandidateOdds {
  /// ln R of each edge from positions, be it a candidate of the run or not.
  private(set) var positional: [Double] = []
  /// ln R of each edge with magnitudes.
  private(set) var photometric: [Double] = []
  /// √det of the covariance of each edge, arcsec².
  private(set) var spreads: [Double] = []

  private let plan: MatchPlan
  private let models: RegionModels
  private let regionOfA: [Int32]
  private let regionOfB: [Int32]
  private let kinds: NeighbourhoodKinds

  /// - Parameters:
  ///   - inputs: Of the wide search.
  ///   - models: Takes up the regions of the sources.
  init(
    _ sky: Neighbourhood, _ plan: MatchPlan, _ inputs: MatchInputs, models: inout RegionModels, stop: inout StopCheck
  ) throws {
    self.plan = plan
    regionOfA = IslandField.regions(of: sky.a, plan.regions)
    regionOfB = IslandField.regions(of: sky.b, plan.regions)
    try models.require(Set(regionOfA).union(regionOfB).sorted(), stop: &stop)
    self.models = models
    kinds = NeighbourhoodKinds(sky, inputs)
    positional.reserveCapacity(sky.edges.count)
    photometric.reserveCapacity(sky.edges.count)
    spreads.reserveCapacity(sky.edges.count)
    for edge in 0..<sky.edges.count {
      try stop.after(steps: 4)
      add(sky, edge)
    }
  }

  private mutating func add(_ sky: Neighbourhood, _ edge: Int) {
    let (i, j) = (Int(sky.edges.a[edge]), Int(sky.edges.b[edge]))
    let (level, logDensity) = (sky.edges.level[edge], sky.edges.logDensity[edge])
    let pair = kinds.pair(i, j, level: level, logDensity: logDensity)
    spreads.append(pair.spreadArcsec2)
    let (regionA, regionB) = (Int(regionOfA[i]), Int(regionOfB[j]))
    if let verdict = models.verdict(on: pair, pulls: kinds.pulls(i, j, level: level), ofA: regionA, ofB: regionB) {
      positional.append(verdict.position)
      photometric.append(verdict.both)
    } else {
      let (classA, classB) = (sky.a.photometricClass[i], sky.b.photometricClass[j])
      let priors = models.priors(ofA: regionA, class: classA, ofB: regionB, class: classB)
      let ratio = PairQuantities.logRatio(logDensity: logDensity, priors: priors)
      positional.append(ratio)
      photometric.append(
        ratio + models.logPhotometricRatio(ofA: regionA, class: classA, ofB: regionB, class: classB))
    }
  }

  /// Whether a pair at this t is a candidate of the run.
  func isCandidate(level: Double, spreadArcsec2: Double) -> Bool {
    level < (plan.searchReach?.limit(spreadArcsec2: spreadArcsec2) ?? plan.inputs.limits.level)
  }

  /// The probability that a source without candidates has no counterpart.
  func aloneProbability(isA: Bool, _ source: Int) -> Double {
    guard let judge = models.judge(of: Int((isA ? regionOfA : regionOfB)[source])) else { return 1 }
    let (kindClass, error, spread, pull) = kinds.source(isA: isA, source)
    return judge.aloneFactor(
      isA: isA, class: kindClass, error: error, spreadArcsec2: spread, pull: pull, photometric: true)
  }

  /// The regions of an edge.
  func regions(_ i: Int32, _ j: Int32) -> (a: Int, b: Int) { (Int(regionOfA[Int(i)]), Int(regionOfB[Int(j)])) }

  /// β of the chance pairs there.
  func slope(_ regions: (a: Int, b: Int)) -> Double {
    let slopes = [regions.a, regions.b].map { models.judge(of: $0)?.model.widths.slope ?? 0 }
    return (slopes[0] + slopes[1]) / 2
  }

  /// ln e(t)/c(t) of the run: the factor that a separation has in R.
  func logFactor(
    _ regions: (a: Int, b: Int), level: Double, spreadArcsec2: Double, pulls: PairModel.Pulls?
  ) -> Double {
    guard let judge = models.judge(of: regions.a) else { return -level }
    let own = judge.logSeparationFactor(level: level, spreadArcsec2: spreadArcsec2, pulls: pulls)
    guard regions.a != regions.b, let other = models.judge(of: regions.b) else { return own }
    return (own + other.logSeparationFactor(level: level, spreadArcsec2: spreadArcsec2, pulls: pulls)) / 2
  }

  /// How hidden neighbours pull the sources of an edge; nil where that is not known.
  func pulls(_ i: Int32, _ j: Int32) -> PairModel.Pulls? { kinds.pulls(Int(i), Int(j), level: 0) }

  /// The classes of these pulls.
  func pullClasses(_ i: Int32, _ j: Int32) -> (a: Int, b: Int) { kinds.pullClasses(Int(i), Int(j)) }

  /// How sources of two classes are pulled on the average.
  func meanPulls(_ regions: (a: Int, b: Int), _ classes: (a: Int, b: Int)) -> PairModel.Pulls? {
    models.judge(of: regions.a)?.meanPulls(classes.a, classes.b)
  }
}
