internal import Glibc

/// A `PairModel` made ready to judge many pairs: what depends on few values is looked up.
public final class PairJudge: Sendable {
  /// What it judges by.
  public let model: PairModel
  /// By range of the spread.
  private let components: [[Component]]
  private let inside: SharesInside
  private let perturbed: PerturbedPair
  /// T likewise.
  private let limits: [Double]
  private let logErrorsA: [Double]
  private let logErrorsB: [Double]
  private let logOdds: Double
  private let logMeanDensity: Double
  /// The variance of ln h by cell of classes.
  private let scatter: [Double]
  /// By bin of the error: s of the class of magnitude in which it is largest.
  private let largestShareA: [Double]
  private let largestShareB: [Double]

  /// A width in use: of floors, V depends on the spread.
  private struct Component {
    let logWeight: Double
    let width: WidthComponent

    /// What the component makes of the errors of a pair beside pulls: a variance, and the factor of those of unknown motions.
    func pulled(spreadArcsec2: Double, _ drift: DriftLaw) -> (varianceArcsec2: Double, squaredMotionScale: Double) {
      (
        width.width(spreadArcsec2: spreadArcsec2) * spreadArcsec2
          + width.speedVarianceArcsec2(squaredYears: drift.squaredYears),
        drift.isNone ? 0 : width.motionScale * width.motionScale
      )
    }
  }

  /// - Complexity: O(the size of the model).
  public init(_ model: PairModel, reach: SearchReach) {
    self.model = model
    components = model.widths.shares.ranges.map { weights in
      zip(WidthComponent.all, weights).compactMap { component, weight in
        weight > 0 ? Component(logWeight: log(weight), width: component) : nil
      }
    }
    let bins = 0..<LogBins.spreads.count
    limits = bins.map { reach.limit(spreadBin: $0) }
    inside = SharesInside(model, limits: limits)
    perturbed = PerturbedPair(a: model.pulls.a.basis, b: model.pulls.b.basis)
    logErrorsA = (0..<LogBins.errors.count).map { log(model.a.errorFactor($0)) }
    logErrorsB = (0..<LogBins.errors.count).map { log(model.b.errorFactor($0)) }
    logOdds = log(model.widths.odds / model.meanDensity)
    logMeanDensity = log(model.meanDensity)
    scatter = Self.scatter(of: model)
    (largestShareA, largestShareB) = (Self.largestShares(model.a), Self.largestShares(model.b))
  }

  private static func largestShares(_ side: PairModelSide) -> [Double] {
    (0..<LogBins.errors.count).map { error in
      (0..<side.classes).map { side.share(class: $0, error: error) }.max() ?? 0
    }
  }

  /// The variance of ln h by cell of classes, as leaving out one part of the region after the other says.
  private static func scatter(of model: PairModel) -> [Double] {
    let (cells, folds) = (model.a.classes * model.b.classes, PairKind.folds)
    return (0..<cells).map { cell in
      let values = (0..<folds).map { Double(model.logMagnitudeFactors[$0 * cells + cell]) }
      let mean = values.reduce(0, +) / Double(folds)
      let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return min(sum * Double(folds - 1) / Double(folds), mostScatter)
    }
  }

  /// Nothing is less certain than that.
  private static let mostScatter = 4.0

  /// The ln R with which P is the mean over what h may be: ln R is normal about its median with the variance v of ln h, and the h that is
  /// known is the mean.
  ///
  /// The mean of R/(1 + R) is that of ln R (1 + πv/8)^−½ (MacKay 1992, Neural Computation 4, 720), and where R is far from 1 that of ln R a
  /// v/2 nearer to 0.
  static func uncertain(_ logRatio: Double, scatter: Double) -> Double {
    if scatter == 0 { return logRatio }
    let median = logRatio - scatter / 2
    let nearer = min(abs(median) * (1 - 1 / (1 + .pi * scatter / 8).squareRoot()), scatter / 2)
    return median < 0 ? median + nearer : median - nearer
  }

  /// What the model says of a pair.
  /// - Parameters:
  ///   - pulls: How hidden neighbours pull its sources; nil: not at all.
  ///   - blend: What it is if its blurred source holds others that are seen; nil: there are none.
  public func verdict(
    on given: PairModel.Pair, pulls: PairModel.Pulls? = nil, blend: SeenBlend? = nil
  ) -> PairModel.Verdict {
    // Errors of nothing and offsets beyond all sense keep their logarithms finite.
    let pair = given.bounded
    let (kind, bin) = (pair.kind, LogBins.spreads.bin(pair.spreadArcsec2))
    let share = inside.share(kind.pullA, kind.pullB, spreadBin: bin)
    let separation = logFactor(level: pair.level, spreadArcsec2: pair.spreadArcsec2, limit: limits[bin], pulls)
    let logDensity = GaussianAUF.logPeak(spreadArcsec2: pair.spreadArcsec2) + separation
    let position =
      logOdds - model.widths.densityExponent * (log(pair.densityPerDegree2) - logMeanDensity) + logDensity
      + logErrorsA[kind.errorA] + logErrorsB[kind.errorB]
    let unmatchedA = Self.unmatched(model.a.shareWithoutMagnitudes(error: kind.errorA), share)
    let unmatchedB = Self.unmatched(model.b.shareWithoutMagnitudes(error: kind.errorB), share)
    let both =
      Self.unmatched(model.a.share(class: kind.classA, error: kind.errorA), share)
      * Self.unmatched(model.b.share(class: kind.classB, error: kind.errorB), share)
    var photometric = Self.uncertain(
      position + logMagnitude(pair, separation, pulls) - log(both), scatter: scatter[cell(kind)])
    if let blend {
      let seen = position - separation + logFactor(of: blend, pair, limit: limits[bin], pulls) - log(both)
      photometric = Self.mean(photometric, seen, share: Self.seenShare)
    }
    return PairModel.Verdict(
      position: position - log(unmatchedA * unmatchedB), both: photometric, unmatchedA: unmatchedA,
      unmatchedB: unmatchedB, logDensity: logDensity)
  }

  /// In so many pairs with others beside, these are what they seem.
  private static let seenShare = 0.9

  /// ln of (1 − w) eˣ + w eʸ.
  private static func mean(_ x: Double, _ y: Double, share: Double) -> Double {
    let (one, other) = (x + log(1 - share), y + log(share))
    let most = max(one, other)
    return most.isFinite ? most + log(exp(one - most) + exp(other - most)) : x
  }

  /// ln of e(t) h/c(t) for a source that holds others that are seen: the density of its magnitude and offset over that of chance pairs.
  private func logFactor(
    of blend: SeenBlend, _ pair: PairModel.Pair, limit: Double, _ pulls: PairModel.Pulls?
  ) -> Double {
    var laws = pulls ?? PairModel.Pulls(a: .none, b: .none)
    if blend.blurredIsA { laws.a = blend.law } else { laws.b = blend.law }
    var (sum, most) = (0.0, -Double.infinity)
    for (level, logWeight) in zip(blend.levels, blend.logWeights) {
      let term =
        logWeight + logFactor(level: level, spreadArcsec2: pair.spreadArcsec2, limit: limit, laws)
      if !(term > -.infinity) { continue }
      if term > most {
        sum = sum * exp(most - term) + 1
        most = term
      } else {
        sum += exp(term - most)
      }
    }
    if most == -.infinity { return most }
    // Of objects that bright, as many as of the brightest class have a counterpart, wherever they are the brightest in their PSF.
    let error = blend.blurredIsA ? pair.kind.errorB : pair.kind.errorA
    let side = blend.blurredIsA ? model.b : model.a
    let found = (blend.blurredIsA ? largestShareB : largestShareA)[error]
    return most + log(sum) - blend.logFrequency
      + log(found / max(side.shareWithoutMagnitudes(error: error), Self.leastShare))
  }

  private static let leastShare = 1e-6

  /// 1 − s E is not taken to be smaller: nothing is as sure as that.
  private static let leastUnmatched = 0.02

  private static func unmatched(_ share: Double, _ inside: Double) -> Double { max(leastUnmatched, 1 - share * inside) }

  /// ln h of a pair. A bright hidden neighbour, for which a large separation is evidence, has brightened its source: then h is the mean over
  /// what the source is without it.
  ///
  /// What is learnt of magnitudes holds for sources as they are, with their usual neighbours. So only what the separation adds to the
  /// probability of a neighbour counts: 1 − G[without]/G.
  private func logMagnitude(_ pair: PairModel.Pair, _ separation: Double, _ pulls: PairModel.Pulls?) -> Double {
    let own = logMagnitude(pair.kind)
    guard let pulls, pulls.cleanA != nil || pulls.cleanB != nil else { return own }
    func excess(_ laws: PairModel.Pulls?) -> Double {
      guard let laws else { return 0 }
      let clean = logSeparationFactor(level: pair.level, spreadArcsec2: pair.spreadArcsec2, pulls: laws)
      let excess = -expm1(clean - separation)
      return excess > 0 ? min(excess, 1) : 0
    }
    let ofA = excess(pulls.cleanA.map { PairModel.Pulls(a: $0.law, b: pulls.b, drift: pulls.drift) })
    let ofB = excess(pulls.cleanB.map { PairModel.Pulls(a: pulls.a, b: $0.law, drift: pulls.drift) })
    if ofA + ofB <= 0 { return own }
    // Two bright neighbours are shared out between both sides.
    let neither = (1 - ofA) * (1 - ofB)
    let share = (1 - neither) / (ofA + ofB)
    var factor = neither * exp(own)
    for step in 0..<4 {
      if let clean = pulls.cleanA {
        var kind = pair.kind
        kind.classA = Int(clean.classes[step])
        factor += share * ofA / 4 * exp(logMagnitude(kind))
      }
      if let clean = pulls.cleanB {
        var kind = pair.kind
        kind.classB = Int(clean.classes[step])
        factor += share * ofB / 4 * exp(logMagnitude(kind))
      }
    }
    return log(max(factor, .leastNormalMagnitude))
  }

  /// ln h of a kind, as those parts of the region say in which it does not lie.
  private func logMagnitude(_ kind: PairKind) -> Double {
    Double(model.logMagnitudeFactors[kind.fold * model.a.classes * model.b.classes + cell(kind)])
  }

  private func cell(_ kind: PairKind) -> Int {
    model.a.place(ofClass: kind.classA) * model.b.classes + model.b.place(ofClass: kind.classB)
  }

  /// ln of e(t)/c(t): the factor that the separation of a pair has in its odds.
  /// - Parameters:
  ///   - level: t = χ²/2 of the quoted errors, 0 or more.
  ///   - spreadArcsec2: √det of the covariance of the pair, arcsec².
  ///   - pulls: How hidden neighbours pull its sources; nil: not at all.
  public func logSeparationFactor(level: Double, spreadArcsec2: Double, pulls: PairModel.Pulls? = nil) -> Double {
    let spread = LogBins.spreads.bounded(spreadArcsec2)
    return logFactor(level: level, spreadArcsec2: spread, limit: limits[LogBins.spreads.bin(spread)], pulls)
  }

  /// ln of e(t)/c(t): the density of counterparts in t over that of right errors at t = 0, against the slope of chance pairs.
  private func logFactor(
    level: Double, spreadArcsec2: Double, limit: Double, _ pulls: PairModel.Pulls?
  ) -> Double {
    var (sum, largest) = (0.0, -Double.infinity)
    for component in components[model.widths.shares.range(spreadArcsec2: spreadArcsec2)] {
      // The widest component decides far out, where the others underflow.
      var term = component.logWeight
      if let pulls {
        term += logPulled(level: level, spreadArcsec2: spreadArcsec2, component, pulls)
      } else {
        let width = component.width.width(spreadArcsec2: spreadArcsec2)
        term += -log(width) - level / width
      }
      if term == -.infinity { continue }
      if term > largest {
        sum = sum * exp(largest - term) + 1
        largest = term
      } else {
        sum += exp(term - largest)
      }
    }
    let slope = model.widths.slope
    let chance = slope == 0 ? 0 : log(PairWidths.chance(slope: slope, level, limit))
    return largest + (sum == 1 ? 0 : log(sum)) - chance
  }

  /// How probable bright hidden neighbours of the two sources of a pair are, given its separation.
  /// - Complexity: O(widths · Gaussians of a · Gaussians of b).
  public func contamination(
    level: Double, spreadArcsec2: Double, drift: DriftLaw = .none, a: PerturbationGrid.Mixtures,
    b: PerturbationGrid.Mixtures
  ) -> ContaminationPosterior {
    let spread = LogBins.spreads.bounded(spreadArcsec2)
    let components = components[model.widths.shares.range(spreadArcsec2: spread)]
    var mostVariance = 0.0
    for component in components {
      let law = component.pulled(spreadArcsec2: spread, drift)
      mostVariance = max(mostVariance, law.varianceArcsec2 + law.squaredMotionScale * drift.variancesArcsec2.max())
    }
    var densities = CleanDensities(
      perturbed, a: a, b: b, separationArcsec: (2 * level * spread).squareRoot(), mostVarianceArcsec2: mostVariance)
    for component in components {
      let (weight, law) = (exp(component.logWeight), component.pulled(spreadArcsec2: spread, drift))
      if law.squaredMotionScale == 0 {
        densities.add(weight: weight, varianceArcsec2: law.varianceArcsec2)
        continue
      }
      for lane in 0..<DriftLaw.count where drift.weights[lane] > 0 {
        densities.add(
          weight: weight * drift.weights[lane],
          varianceArcsec2: law.varianceArcsec2 + law.squaredMotionScale * drift.variancesArcsec2[lane])
      }
    }
    return densities.posterior
  }

  /// How sources of two classes of pulls are pulled on the average; nil where that is known of neither catalogue.
  public func meanPulls(_ a: Int, _ b: Int) -> PairModel.Pulls? {
    if model.pulls.isNone { return nil }
    return PairModel.Pulls(
      a: model.pulls.a.sums.meanLaw(a), b: model.pulls.b.sums.meanLaw(b), drift: model.pulls.meanDrift(a, b))
  }

  /// ln e(t) of counterparts of one width: 2πc G, with c = √|C| and G the density of the offset among pulled and drifting sources.
  private func logPulled(
    level: Double, spreadArcsec2: Double, _ component: Component, _ pulls: PairModel.Pulls
  ) -> Double {
    let separation = (2 * level * spreadArcsec2).squareRoot()
    let law = component.pulled(spreadArcsec2: spreadArcsec2, pulls.drift)
    let value: PerturbedPair.Value
    if law.squaredMotionScale == 0 {
      value = perturbed.value(
        pulls.a, pulls.b, varianceArcsec2: law.varianceArcsec2, separationArcsec: separation)
    } else {
      let drift = pulls.drift
      value = perturbed.value(
        pulls.a, pulls.b, widths: 0...DriftLaw.count - 1, separationArcsec: separation
      ) { (drift.weights[$0], law.varianceArcsec2 + law.squaredMotionScale * drift.variancesArcsec2[$0]) }
    }
    return value.logDensityPerArcsec2 + log(2 * .pi * spreadArcsec2)
  }

  /// By which factor the probability that a source has no counterpart within the search is that it has none at all:
  /// (1 − s)/(1 − s E).
  /// - Parameters:
  ///   - spreadArcsec2: √det of the covariance of the source.
  ///   - pull: The class of its pulls.
  ///   - photometric: Whether the magnitude is looked at.
  public func aloneFactor(
    isA: Bool, class kindClass: Int, error: Int, spreadArcsec2: Double, pull: Int = 0, photometric: Bool
  ) -> Double {
    let other = isA ? model.b.meanSpreadArcsec2 : model.a.meanSpreadArcsec2
    let inside = inside.mean(isA: isA, pull: pull, spreadBin: LogBins.spreads.bin(spreadArcsec2 + other))
    let share =
      isA
      ? model.a.share(class: kindClass, error: error, photometric)
      : model.b.share(class: kindClass, error: error, photometric)
    return (1 - share) / (1 - share * inside)
  }
}

extension PairModelSide {
  fileprivate func share(class kindClass: Int, error: Int, _ photometric: Bool) -> Double {
    photometric ? share(class: kindClass, error: error) : shareWithoutMagnitudes(error: error)
  }
}
