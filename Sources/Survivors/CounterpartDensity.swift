import Glibc
internal import Match

/// c(m_from, m_to) by slices of the from-magnitude: what the brightest partners show, less what chance would show.
///
/// In a slice I, with Z the share of its sources that have a partner inside the bright circle, b_J the density of the
/// brightest partners, A the mean bright area, N the field density beside it and φ_J its magnitudes,
///
///     ζ_J = max(0, Z b_J exp(A N Φ_J) − (1 − C_J) A N φ_J),   Φ_J = Σ_{L<J} φ_L Δ_L,   C_J = Σ_{L<J} ζ_L Δ_L
///
/// from bright to faint. ζ is Z_c c(m_to | m_from).
///
/// - Source: docs/method.md §8.
struct CounterpartDensity {
  private let fit: RegionFit
  private let options: SurvivorOptions

  private init(_ fit: RegionFit, _ options: SurvivorOptions) {
    self.fit = fit
    self.options = options
  }

  /// c in mag⁻², at from-bin · to-bins + to-bin, with ΣΣ c Δ Δ = 1; all 0 where no pair supports any counterpart.
  static func table(_ fit: RegionFit, _ options: SurvivorOptions) -> [Double] {
    let density = CounterpartDensity(fit, options)
    var cells: [Double] = []
    for bin in 0..<density.fromBins.count { cells += density.column(bin) }
    return density.normalised(cells)
  }

  private var fromBins: MagnitudeBins { fit.from.shape.from.bins[fit.fromBand] }
  private var toBins: MagnitudeBins { fit.from.shape.to.bins[fit.toBand] }

  /// ζ_J · p(I), or with ζ of unit integral.
  private func column(_ bin: Int) -> [Double] {
    let zeta = zeta(ofBin: bin)
    let share = Double(fit.from.detected[fit.fromRange.lowerBound + bin]) / Double(max(1, fit.fromTotal))
    let magnitudes = share / fromBins.width(bin)
    guard options.columns == .normalised else { return zeta.map { $0 * magnitudes } }
    let integral = zeta.indices.reduce(0) { $0 + zeta[$1] * toBins.width($1) }
    return integral > 0 ? zeta.map { $0 / integral * magnitudes } : zeta
  }

  private func zeta(ofBin bin: Int) -> [Double] {
    let row = toBins.count
    let sources = Double(fit.from.detected[fit.fromRange.lowerBound + bin])
    if sources == 0 { return [Double](repeating: 0, count: row) }
    let brightest = fit.from.brightest[fit.pair][bin * row..<(bin + 1) * row]
    let chance = meanAreaDegrees2(bin) * fit.field(besideBin: bin, options.estimator)
    let field = fieldMagnitudes(besideBin: bin)
    var zeta: [Double] = []
    var (brighterField, found) = (0.0, 0.0)
    for (target, count) in brightest.enumerated() {
      let width = toBins.width(target)
      let seen = Double(count) / (width * sources) * exp(chance * brighterField)
      let value = max(0, seen - (1 - found) * chance * field[target])
      zeta.append(value)
      brighterField += field[target] * width
      found += value * width
    }
    return zeta
  }

  private func meanAreaDegrees2(_ bin: Int) -> Double {
    let index = fit.fromRange.lowerBound + bin
    let count = fit.from.brightAreaCount[index]
    if count == 0 { return 0 }
    return FixedPoint.arcsec2(fit.from.brightArea[index]) / Double(count) / FixedPoint.arcsec2PerDegree2
  }

  /// φ: normalised magnitudes of the to-sources without a partner of this bin inside the field circle, mag⁻¹.
  private func fieldMagnitudes(besideBin bin: Int) -> [Double] {
    let marks = fit.from.marks[fit.pair * 2 + Circle.field.rawValue]
    let survivors = fit.toRange.enumerated().map { target, index in
      fit.to.detected[index] - marks[bin * toBins.count + target]
    }
    return toBins.densities(survivors)
  }

  private func normalised(_ cells: [Double]) -> [Double] {
    var sum = 0.0
    for (cell, value) in cells.enumerated() {
      sum += value * fromBins.width(cell / toBins.count) * toBins.width(cell % toBins.count)
    }
    return sum > 0 ? cells.map { $0 / sum } : cells
  }
}

extension MagnitudeBins {
  /// Counts as a normalised density, mag⁻¹; zeros where nothing was counted.
  func densities(_ counts: [Int64]) -> [Double] {
    let total = Double(max(1, counts.reduce(0, +)))
    return counts.enumerated().map { bin, count in Double(count) / (total * width(bin)) }
  }
}
