internal import Match

/// Counts one unit in one direction, in one pass over the edges from either side.
///
/// No mask by bin and source: a to-source remembers in a stamp by from-bin whether it was marked already, so each
/// (source, bin) counts once in O(edges). All band pairs are served by the same pass.
///
/// - Source: docs/method.md §8.
struct DirectedGatherer {
  private let shape: DirectedShape
  private let fractions: SurvivorFractions
  private let from: SurvivorSources
  private let to: SurvivorSources
  private let outward: Adjacency
  private let inward: Adjacency
  /// By band and source: the bin, −1 where not detected. From-bins are numbered in the row of all bands.
  private let fromBin: [[Int32]]
  private let fromPartnerBin: [[Int32]]
  private let toBin: [[Int32]]

  init(
    shape: DirectedShape, design: SurvivorDesign, from: SurvivorSources, to: SurvivorSources, outward: Adjacency,
    inward: Adjacency
  ) {
    self.shape = shape
    fractions = design.fractions
    (self.from, self.to, self.outward, self.inward) = (from, to, outward, inward)
    fromBin = Self.bins(from, shape.from, offsets: shape.from.offset, rule: .upperBin)
    fromPartnerBin = Self.bins(from, shape.from, offsets: shape.from.offset, rule: design.partnersOnEdge)
    toBin = Self.bins(to, shape.to, offsets: [Int](repeating: 0, count: shape.to.bands), rule: .upperBin)
  }

  private static func bins(
    _ sources: SurvivorSources, _ bands: BandBins, offsets: [Int], rule: MagnitudeBins.EdgeRule
  ) -> [[Int32]] {
    (0..<bands.bands).map { band in
      sources.magnitudes[band].map { magnitude in
        bands.bins[band].index(of: magnitude, onEdge: rule).map { Int32($0 + offsets[band]) } ?? -1
      }
    }
  }

  func gather(into counts: inout DirectedCounts) {
    let circles =
      from.circles
      ?? ErrorCircles(
        of: outward, varianceArcsec2: from.varianceArcsec2, partnerVarianceArcsec2: to.varianceArcsec2,
        fractions: fractions)
    for source in 0..<from.count where from.isOwned[source] && from.isCounted[source] {
      countSource(source, &counts)
      countAreas(source, circles, &counts)
      countFates(source, &counts)
    }
    countPartners(&counts)
    counts.areas.settle()
    counts.outcomes.settle()
  }

  private func countSource(_ source: Int, _ counts: inout DirectedCounts) {
    let variance = FixedPoint.number(arcsec2: from.varianceArcsec2[source])
    for band in 0..<shape.from.bands where fromBin[band][source] >= 0 {
      counts.detected[Int(fromBin[band][source])] += 1
      counts.variance[band] = FixedPoint.sum(counts.variance[band], variance)
    }
  }

  private func countAreas(_ source: Int, _ circles: ErrorCircles, _ counts: inout DirectedCounts) {
    let areas = [circles.brightDegrees2[source], circles.fieldDegrees2[source]]
    for circle in Circle.allCases where areas[circle.rawValue] > 0 {
      let level = LevelScale.areas.level(of: areas[circle.rawValue])
      counts.areas.add(slot: shape.areaSlot(circle, bin: nil), level: level)
      for band in 0..<shape.from.bands where fromBin[band][source] >= 0 {
        counts.areas.add(slot: shape.areaSlot(circle, bin: Int(fromBin[band][source])), level: level)
      }
    }
    if areas[0] <= 0 { return }
    for band in 0..<shape.from.bands where fromPartnerBin[band][source] >= 0 {
      let bin = Int(fromPartnerBin[band][source])
      let area = FixedPoint.number(arcsec2: areas[0] * FixedPoint.arcsec2PerDegree2)
      counts.brightArea[bin] = FixedPoint.sum(counts.brightArea[bin], area)
      counts.brightAreaCount[bin] += 1
    }
  }

  private func countFates(_ source: Int, _ counts: inout DirectedCounts) {
    let level = LevelScale.variances.level(of: from.varianceArcsec2[source])
    for toBand in 0..<shape.to.bands {
      let fate = fate(of: source, toBand: toBand)
      for band in 0..<shape.from.bands where fromBin[band][source] >= 0 {
        let bin = Int(fromBin[band][source])
        counts.outcomes.add(slot: shape.outcomeSlot(toBand: toBand, bin: bin, fate: fate), level: level)
        let pair = shape.pair(band, toBand)
        let inBand = bin - shape.from.offset[band]
        if fate != .insideBright { counts.survivors[pair * 2 + Circle.bright.rawValue][inBand] += 1 }
        if fate == .survivor { counts.survivors[pair * 2 + Circle.field.rawValue][inBand] += 1 }
      }
    }
  }

  private func fate(of source: Int, toBand: Int) -> Fate {
    var nearest = 1.0
    for entry in outward.entries(of: source) where toBin[toBand][Int(outward.partner[entry])] >= 0 {
      nearest = min(nearest, outward.cdf[entry])
    }
    return nearest < fractions.bright ? .insideBright : nearest < fractions.field ? .insideField : .survivor
  }

  /// Marks and brightest partners of the to-sources of this unit.
  private func countPartners(_ counts: inout DirectedCounts) {
    let brightest = brightestPartners()
    var seen = Stamps(bins: shape.from.total, toBands: shape.to.bands)
    for source in 0..<to.count where to.isOwned[source] {
      seen.begin()
      for entry in inward.entries(of: source) {
        let partner = Int(inward.partner[entry])
        if to.isCounted[source] { mark(source, partner, inward.cdf[entry], &seen, &counts) }
        for toBand in 0..<shape.to.bands where brightest[toBand][partner] == source {
          choose(source, partner, toBand, &seen, &counts)
        }
      }
    }
  }

  private func mark(
    _ source: Int, _ partner: Int, _ cdf: Double, _ seen: inout Stamps, _ counts: inout DirectedCounts
  ) {
    for band in 0..<shape.from.bands where fromBin[band][partner] >= 0 {
      let bin = Int(fromBin[band][partner])
      if cdf < fractions.field && seen.isFirst(.mark(.field), bin) {
        countCells(source, band, bin, circle: .field, &counts)
      }
      if cdf < fractions.bright && seen.isFirst(.mark(.bright), bin) {
        countCells(source, band, bin, circle: .bright, &counts)
      }
    }
  }

  private func countCells(_ source: Int, _ band: Int, _ bin: Int, circle: Circle, _ counts: inout DirectedCounts) {
    for toBand in 0..<shape.to.bands where toBin[toBand][source] >= 0 {
      let cell = (bin - shape.from.offset[band]) * shape.to.count(toBand) + Int(toBin[toBand][source])
      counts.marks[shape.pair(band, toBand) * 2 + circle.rawValue][cell] += 1
    }
  }

  private func choose(
    _ source: Int, _ partner: Int, _ toBand: Int, _ seen: inout Stamps, _ counts: inout DirectedCounts
  ) {
    for band in 0..<shape.from.bands where fromPartnerBin[band][partner] >= 0 {
      let bin = Int(fromPartnerBin[band][partner])
      if !seen.isFirst(.brightest(toBand), bin) { continue }
      let cell = (bin - shape.from.offset[band]) * shape.to.count(toBand) + Int(toBin[toBand][source])
      counts.brightest[shape.pair(band, toBand)][cell] += 1
    }
  }

  /// By to-band and counted from-source: the brightest partner inside the bright circle, or −1. Of equally bright ones
  /// the one with the smaller CDF, then the first.
  private func brightestPartners() -> [[Int32]] {
    (0..<shape.to.bands).map { toBand in
      (0..<from.count).map { source in
        var best: (partner: Int32, magnitude: Double, cdf: Double) = (-1, .infinity, .infinity)
        guard from.isCounted[source] else { return -1 }
        for entry in outward.entries(of: source) where outward.cdf[entry] < fractions.bright {
          let partner = outward.partner[entry]
          if toBin[toBand][Int(partner)] < 0 { continue }
          let magnitude = to.magnitudes[toBand][Int(partner)]
          if (magnitude, outward.cdf[entry], partner) < (best.magnitude, best.cdf, best.partner) {
            best = (partner, magnitude, outward.cdf[entry])
          }
        }
        return best.partner
      }
    }
  }
}
