internal import Glibc
internal import Indexing
internal import Match

/// m and n of one sightline from its pairs.
struct SightlineFit {
  let configuration: CorrectionConfiguration
  let frame: FrameRotation

  /// With fewer pairs a sightline takes what its neighbours say.
  static let fewestPairs = 100
  /// Slices of a binned fit: so many pairs in each on the average, and no more slices than that.
  private static let pairsPerSlice = 150
  private static let mostSlices = 16

  /// What the pairs of a pixel say.
  func correction(_ found: SightlinePairs, in pixel: HealpixPixel) -> SightlineCorrection {
    let centre = pixel.center
    let pairs = found.pairs
    var result = SightlineCorrection(
      CorrectionRecord(
        unmeasuredRADegrees: centre.raDegrees, decDegrees: centre.decDegrees, relation: configuration.relation,
        pairs: pairs.pairs.count, refused: pairs.refused))
    result.limitArcsec = found.limitArcsec
    guard pairs.pairs.count >= Self.fewestPairs else { return result }
    // Pairs that no m and n explain leave a sightline to its neighbours.
    switch configuration.fit {
    case .unbinned:
      if let fit = try? CorrectionFit(pairs, relation: configuration.relation) {
        take(fit, pairs, at: centre, &result)
      }
    case .binned: takeSlices(found, at: centre, &result)
    }
    addOffset(found, at: centre, &result)
    return result
  }

  private func take(
    _ fit: CorrectionFit, _ pairs: CorrectionPairs, at centre: SkyPosition, _ result: inout SightlineCorrection
  ) {
    result.record = CorrectionRecord(raDegrees: centre.raDegrees, decDegrees: centre.decDegrees, fit)
    result.correlation = fit.errors.correlation
    result.chanceShare = Self.chanceShare(pairs, fit.groups.map { ($0.chanceShare, $0.pairs) }, result.limitArcsec)
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

  /// The share of the pairs that are chance: of F, those within the limit; nearly all true pairs are.
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
