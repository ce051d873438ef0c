/// From the integers of one band pair to what the fits take: of the whole region, and of one magnitude slice.
struct RegionFit {
  let from: DirectedCounts
  let to: DirectedCounts
  let fromBand: Int
  let toBand: Int
  let areaDegrees2: Double
  let fractions: SurvivorFractions

  /// Shares of the sources at which areas are read: 5, 15, …, 95 %.
  private static let shares = (0..<10).map { 0.05 + 0.1 * Double($0) }

  var pair: Int { from.shape.pair(fromBand, toBand) }
  var fromRange: Range<Int> { from.shape.from.range(fromBand) }
  var toRange: Range<Int> { to.shape.from.range(toBand) }
  var fromTotal: Int64 { from.detected[fromRange].reduce(0, +) }
  var toTotal: Int64 { to.detected[toRange].reduce(0, +) }

  var reversed: RegionFit {
    RegionFit(
      from: to, to: from, fromBand: toBand, toBand: fromBand, areaDegrees2: areaDegrees2, fractions: fractions)
  }

  /// N_c, N_from, N_to of the region.
  func priors(_ estimator: SurvivorOptions.Estimator) -> PriorFitOutcome {
    switch estimator {
    case .chiSquared: ChiSquareFit.fit(observation)
    case .binomial:
      BinomialFit.fit(
        side(fromRange, weight: 0.5), reversed.side(toRange, weight: 0.5), fractions: fractions,
        areaDegrees2: areaDegrees2)
    }
  }

  /// The density of to-sources that are no counterparts of from-sources of a bin, deg⁻²; all of them where no fit succeeds.
  func field(besideBin bin: Int, _ estimator: SurvivorOptions.Estimator) -> Double {
    let all = Double(toTotal) / areaDegrees2
    switch estimator {
    case .chiSquared: return ChiSquareFit.raw(observation(ofBin: bin))?.densities[2] ?? all
    case .binomial:
      let slice = side(fromRange.lowerBound + bin..<fromRange.lowerBound + bin + 1, weight: 1)
      return all - BinomialFit(fractions: fractions, sides: [slice]).counterparts
    }
  }

  private var observation: SurvivorObservation {
    SurvivorObservation(
      areaDegrees2: areaDegrees2, fractions: fractions, densityA: densities, densityB: reversed.densities,
      circlesA: from.circles(bin: nil), circlesB: to.circles(bin: nil))
  }

  private func observation(ofBin bin: Int) -> SurvivorObservation {
    let row = from.shape.to.count(toBand)
    let kept = Circle.allCases.map { circle in
      toTotal - from.marks[pair * 2 + circle.rawValue][bin * row..<(bin + 1) * row].reduce(0, +)
    }
    let own = Circle.allCases.map { from.survivors[pair * 2 + $0.rawValue][bin] }
    let rowBin = fromRange.lowerBound + bin
    return SurvivorObservation(
      areaDegrees2: areaDegrees2, fractions: fractions, densityA: perArea([from.detected[rowBin]] + own),
      densityB: perArea([toTotal] + kept), circlesA: from.circles(bin: rowBin), circlesB: to.circles(bin: nil))
  }

  private var densities: [Double] {
    perArea([fromTotal] + Circle.allCases.map { from.survivors[pair * 2 + $0.rawValue].reduce(0, +) })
  }

  private func perArea(_ counts: [Int64]) -> [Double] { counts.map { Double($0) / areaDegrees2 } }

  /// The sources of from-bins (in the row of all bands) by variance and fate.
  private func side(_ bins: Range<Int>, weight: Double) -> BinomialFit.Side {
    let otherVariance = FixedPoint.arcsec2(to.variance[toBand]) / Double(max(1, toTotal))
    var byLevel: [UInt32: [Double]] = [:]
    for bin in bins {
      for fate in Fate.allCases {
        for entry in from.outcomes.entries(of: from.shape.outcomeSlot(toBand: toBand, bin: bin, fate: fate)) {
          byLevel[entry.level, default: [0, 0, 0]][fate.rawValue] += Double(entry.count)
        }
      }
    }
    let groups = byLevel.sorted { $0.key < $1.key }.map { level, count in
      let variance = LevelScale.variances.middle(level) + otherVariance
      return BinomialFit.Group(
        count: count, bright: ErrorCircles.areaDegrees2(varianceArcsec2: variance, fraction: fractions.bright),
        field: ErrorCircles.areaDegrees2(varianceArcsec2: variance, fraction: fractions.field))
    }
    return BinomialFit.Side(
      groups: groups, density: Double(from.detected[bins].reduce(0, +)) / areaDegrees2,
      otherDensity: Double(toTotal) / areaDegrees2, weight: weight)
  }
}

extension DirectedCounts {
  /// Ten percentiles of the areas of both circles, deg²; of all sources, or of one from-bin in the row of all bands.
  func circles(bin: Int?) -> [[Double]] {
    Circle.allCases.map { circle in
      let entries = areas.entries(of: shape.areaSlot(circle, bin: bin))
      return RegionFit.percentiles(entries)
    }
  }
}

extension RegionFit {
  /// The values at the ten shares of the sorted values, linear between neighbours; zeros where there are none.
  ///
  /// Values of one level count as evenly spread over it: exact to 1/1024 of a value.
  static func percentiles(_ entries: [(level: UInt32, count: Int64)]) -> [Double] {
    let total = entries.reduce(0) { $0 + $1.count }
    if total == 0 { return shares.map { _ in 0 } }
    return shares.map { share in
      let position = share * Double(total - 1)
      let below = Int64(position)
      let low = value(atRank: below, entries)
      let high = value(atRank: min(below + 1, total - 1), entries)
      return low + (position - Double(below)) * (high - low)
    }
  }

  private static func value(atRank rank: Int64, _ entries: [(level: UInt32, count: Int64)]) -> Double {
    var before: Int64 = 0
    for (level, count) in entries {
      if rank < before + count {
        let (low, high) = LevelScale.areas.bounds(level)
        return low + (high - low) * (Double(rank - before) + 0.5) / Double(count)
      }
      before += count
    }
    return 0
  }
}
