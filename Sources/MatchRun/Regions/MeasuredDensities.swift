internal import CatalogStore
internal import Match
internal import Survivors

/// What was measured in a part of the sky, by either method.
struct MeasuredDensities: Sendable {
  /// N_c, N_A, N_B; those of the main band pair, if band pairs differ.
  var priors: PriorDensities
  /// Those of every band pair; nil if they are the same.
  var bandPriors: BandPriors?
  /// 1-σ error of N_c, deg⁻².
  let errorPerDegree2: Double
  /// c and f; nil if they could not be measured.
  let photometry: PhotometricDensities?
  /// What pairs are judged by, where the method has a model of them.
  let pairs: PairJudge?

  /// Nil if the counts do not suffice.
  /// - Parameter least: A model of pairs is fitted to so many sources at least.
  init?(_ counts: RegionCounts, _ sky: RegionSky, _ plan: MatchPlan, least: Int64) {
    switch counts {
    case .survivors(let counts): self.init(counts, sky, plan)
    case .kinds(let counts): self.init(counts, sky, plan, least)
    }
  }

  private init?(_ counts: SurvivorCounts, _ sky: RegionSky, _ plan: MatchPlan) {
    guard
      let found = SurvivorModel(
        counts, areaDegrees2: sky.areaDegrees2, classesA: plan.classesA, classesB: plan.classesB,
        options: plan.configuration.survivors)
    else { return nil }
    priors = found.main.priors
    bandPriors = found.priors
    errorPerDegree2 = found.main.counterpartsError
    photometry = found.photometry
    pairs = nil
  }

  private init?(_ counts: PairKindCounts, _ sky: RegionSky, _ plan: MatchPlan, _ least: Int64) {
    guard counts.sourcesA.total + counts.sourcesB.total >= least, let reach = plan.searchReach else { return nil }
    let half =
      plan.configuration.priors == .counts ? Double(min(counts.sourcesA.total, counts.sourcesB.total)) / 2 : nil
    let model = PairModelFit(
      counts, reach: reach, classesA: plan.classesA.count, classesB: plan.classesB.count, counterparts: half,
      detections: (plan.duplicates.a.detections, plan.duplicates.b.detections),
      pointSpreads: (plan.inputs.a.crowding?.pointSpread, plan.inputs.b.crowding?.pointSpread)
    ).model()
    let area = sky.areaDegrees2
    priors =
      area > 0
      ? PriorDensities(
        counterparts: model.counterparts / area, ofA: sky.countA / area, ofB: sky.countB / area,
        smallestFieldShare: PriorDensities.smallestFieldShare)
      : PriorDensities(counterpartsPerDegree2: 0, unmatchedAPerDegree2: 0, unmatchedBPerDegree2: 0)
    errorPerDegree2 = area > 0 ? model.counterpartsError / area : .nan
    photometry = nil
    pairs = PairJudge(model, reach: reach)
  }

  /// The share of counterparts of a coarser pixel, at the region's own counts.
  func scaled(from coarse: RegionSky, to own: CommonCoverage) -> MeasuredDensities {
    guard own.areaDegrees2 > 0, own.countA > 0, own.countB > 0 else { return self }
    let scale = DensityScale(coarse, own)
    var result = self
    result.priors =
      bandPriors == nil
      ? scale.applied(to: priors, ofA: scale.densityA, ofB: scale.densityB) : scale.applied(to: priors)
    result.bandPriors?.table = bandPriors?.table.map(scale.applied) ?? []
    return result
  }
}

/// From the densities of a coarser pixel to those of a region in it.
private struct DensityScale {
  /// Densities of all sources in the region, deg⁻².
  let densityA: Double
  let densityB: Double
  private let coarse: RegionSky

  init(_ coarse: RegionSky, _ own: CommonCoverage) {
    self.coarse = coarse
    (densityA, densityB) = (own.countA / own.areaDegrees2, own.countB / own.areaDegrees2)
  }

  /// A region with these densities of the sources that took part.
  func applied(to priors: PriorDensities, ofA: Double, ofB: Double) -> PriorDensities {
    let share = priors.counterpartsPerDegree2 * coarse.areaDegrees2 / min(coarse.countA, coarse.countB)
    return PriorDensities(
      counterparts: share * min(densityA, densityB), ofA: ofA, ofB: ofB,
      smallestFieldShare: PriorDensities.smallestFieldShare)
  }

  /// Where part of the sources took part, as many of the region's do.
  func applied(to priors: PriorDensities) -> PriorDensities {
    let ofA = priors.counterpartsPerDegree2 + priors.unmatchedAPerDegree2
    let ofB = priors.counterpartsPerDegree2 + priors.unmatchedBPerDegree2
    return applied(
      to: priors, ofA: ofA * densityA * coarse.areaDegrees2 / coarse.countA,
      ofB: ofB * densityB * coarse.areaDegrees2 / coarse.countB)
  }
}
