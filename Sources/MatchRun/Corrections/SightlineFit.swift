internal import Glibc
internal import Indexing
internal import Match

/// m and n of one sightline from its pairs.
struct SightlineFit {
  let configuration: CorrectionConfiguration
  let frame: FrameRotation
  /// The ranges of a covariate; nil: there are none.
  var covariate: CovariateRanges?

  /// With fewer pairs a sightline takes what its neighbours say.
  static let fewestPairs = 100
  /// Slices of a binned fit: so many pairs in each on the average, and no more slices than that.
  private static let pairsPerSlice = 150
  private static let mostSlices = 16

  /// What the pairs of a pixel say.
  func correction(_ found: SightlinePairs, in pixel: HealpixPixel) -> SightlineCorrection {
    let centre = pixel.center
    let pairs = found.pairs
    var result = SightlineCorrection(unmeasured(pairs, at: centre))
    result.limitArcsec = found.limitArcsec
    if let covariate { result.take(found.ranges.map { RangeCorrection(unmeasured($0, at: centre)) }, covariate) }
    guard pairs.pairs.count >= Self.fewestPairs else { return result }
    // Pairs that no m and n explain leave a sightline to its neighbours.
    switch configuration.fit {
    case .unbinned:
      if let (fit, moving, scale) = likeliest(found) {
        take(fit, at: centre, &result)
        result.motionScale = scale
        if let covariate { result.take(ranges(moving, within: fit, at: centre), covariate) }
      }
    case .binned: takeSlices(found, at: centre, &result)
    }
    addOffset(found, at: centre, &result)
    return result
  }

  private func unmeasured(_ pairs: CorrectionPairs, at centre: SkyPosition) -> CorrectionRecord {
    CorrectionRecord(
      unmeasuredRADegrees: centre.raDegrees, decDegrees: centre.decDegrees, relation: configuration.relation,
      pairs: pairs.pairs.count, refused: pairs.refused)
  }

  /// The fit with the likeliest motions, where some may have moved: all rest, or they are this many times as fast as the model has them.
  private func likeliest(_ found: SightlinePairs) -> (fit: CorrectionFit, pairs: SightlinePairs, scale: Double)? {
    var best: (fit: CorrectionFit, pairs: SightlinePairs, scale: Double)?
    for scale in found.haveDrifts ? Self.motionScales : [0] {
      let pairs = found.moving(scale: scale)
      guard let fit = try? CorrectionFit(pairs.pairs, relation: configuration.relation) else { continue }
      if best.map({ fit.logLikelihood > $0.fit.logLikelihood }) ?? true { best = (fit, pairs, scale) }
    }
    return best
  }

  private static let motionScales = [1, 0, 0.5, 2]

  /// m and n of each range that has pairs enough, and what one m and n for all of these would be worth.
  private func ranges(
    _ found: SightlinePairs, within whole: CorrectionFit, at centre: SkyPosition
  ) -> [RangeCorrection] {
    let fits = found.ranges.map { pairs in
      pairs.pairs.count < Self.fewestPairs
        ? nil : try? CorrectionFit(pairs, relation: configuration.relation, within: whole)
    }
    var together = CorrectionPairs(basis: found.pairs.basis)
    for (pairs, fit) in zip(found.ranges, fits) where fit != nil {
      for pair in pairs.pairs { together.append(pair) }
    }
    let one = try? CorrectionFit(together, relation: configuration.relation, within: whole)
    return zip(found.ranges, fits).map { pairs, fit in
      guard let fit, let one else { return RangeCorrection(unmeasured(pairs, at: centre)) }
      var range = RangeCorrection(
        CorrectionRecord(raDegrees: centre.raDegrees, decDegrees: centre.decDegrees, fit))
      range.logLikelihoodOfOne = fit.logLikelihood(of: one.correction)
      return range
    }
  }

  private func take(
    _ fit: CorrectionFit, at centre: SkyPosition, _ result: inout SightlineCorrection
  ) {
    result.record = CorrectionRecord(raDegrees: centre.raDegrees, decDegrees: centre.decDegrees, fit)
    result.correlation = fit.errors.correlation
    result.chanceShare = fit.chanceShare
  }

  private func takeSlices(_ found: SightlinePairs, at centre: SkyPosition, _ result: inout SightlineCorrection) {
    let pairs = found.pairs
    let slices = Self.slices(pairs, limitArcsec: found.limitArcsec)
    guard let fit = try? SliceFit(slices, relation: configuration.relation) else { return }
    result.record = CorrectionRecord(
      raDegrees: centre.raDegrees, decDegrees: centre.decDegrees, fit, pairs: pairs.pairs.count, refused: pairs.refused)
    result.correlation = fit.errors.correlation
    result.chanceShare = Self.chanceShare(
      pairs, zip(slices, fit.chanceShares).map { ($1, $0.total) }, found.limitArcsec)
  }

  /// The share of the pairs of slices that are chance: of F, those within the limit; nearly all true pairs are.
  private static func chanceShare(
    _ pairs: CorrectionPairs, _ shares: [(share: Double, pairs: Int)], _ limitArcsec: Double
  ) -> Double {
    let density = pairs.pairs.reduce(0) { $0 + $1.chancePerArcsec2 } / Double(max(pairs.pairs.count, 1))
    let within = 1 - exp(-.pi * density * limitArcsec * limitArcsec)
    let sum = shares.reduce(SIMD2<Double>.zero) { sum, group in
      let chance = group.share * within
      return sum + Double(group.pairs) * SIMD2(chance / max(chance + 1 - group.share, 1e-300), 1)
    }
    return min(max(sum.x / max(sum.y, 1), 0), 1)
  }

  /// Pairs of nearly the same quoted error; medians stand for what differs in them.
  private static func slices(_ pairs: CorrectionPairs, limitArcsec: Double) -> [SeparationSlice] {
    let sorted = pairs.pairs.sorted { $0.quotedError < $1.quotedError }
    let count = min(max(sorted.count / pairsPerSlice, 1), mostSlices)
    return (0..<count).compactMap { k in
      let slice = sorted[(k * sorted.count / count)..<((k + 1) * sorted.count / count)]
      let middle = slice[slice.startIndex + slice.count / 2]
      let others = slice.map(\.otherVarianceArcsec2).sorted()
      let chance = slice.map(\.chancePerArcsec2).sorted()
      let histogram = AutoHistogram(slice.map(\.separationArcsec))
      // From 0 on, since the model is of all pairs within the limit.
      guard histogram.counts.count > 1 else { return nil }
      return try? SeparationSlice(
        edgesArcsec: [0] + histogram.edges.dropFirst().dropLast() + [limitArcsec], counts: histogram.counts,
        total: slice.count, quotedError: middle.quotedError, otherVarianceArcsec2: others[others.count / 2],
        chancePerArcsec2: chance[chance.count / 2], perturbation: middle.perturbation, basis: pairs.basis,
        isTruncated: true)
    }
  }

  private func addOffset(_ found: SightlinePairs, at centre: SkyPosition, _ result: inout SightlineCorrection) {
    let correction = result.record.correction
    let pairs = zip(found.pairs.pairs, found.offsets).map { pair, offset in
      let sigma = correction.sigmaArcsec(quoted: pair.quotedError)
      return MeanOffset.Pair(
        eastArcsec: offset.x, northArcsec: offset.y,
        varianceArcsec2: sigma * sigma + pair.otherVarianceArcsec2 + pair.perturbation.variance(found.pairs.basis))
    }
    guard let mean = MeanOffset(pairs, chanceShare: result.chanceShare, limitArcsec: found.limitArcsec) else { return }
    // Positions were turned into the frame of the better catalogue; the offset is that of positions as they are given.
    let turned = frame.offsetArcsec(raDegrees: centre.raDegrees, decDegrees: centre.decDegrees)
    result.eastMas = 1000 * (mean.eastArcsec - turned.east)
    result.northMas = 1000 * (mean.northArcsec - turned.north)
    result.offsetErrorMas = 1000 * mean.errorArcsec
  }
}
