import Glibc
public import Match

/// Priors and likelihoods of one band pair in one region.
public struct BandPairDensities: Sendable {
  /// Bins of the band of a.
  public let binsA: MagnitudeBins
  /// Bins of the band of b.
  public let binsB: MagnitudeBins
  /// N_c, N_A, N_B with their uncertainty, or why there are none.
  public let priors: PriorFitOutcome
  /// f_A by bin, mag⁻¹, not below the floor of the options.
  public let fieldA: [Double]
  /// f_B by bin, likewise.
  public let fieldB: [Double]
  /// c at bin of a · bins of b + bin of b, mag⁻², not below the floor of the options.
  public let counterparts: [Double]

  /// c in a cell, mag⁻².
  public func counterparts(binA: Int, binB: Int) -> Double { counterparts[binA * binsB.count + binB] }

  /// ln[c / (f_A f_B)] of a pair of magnitudes; 0 where either is not one of the region's: matched on position alone.
  ///
  /// - Complexity: O(log n).
  public func logLikelihoodRatio(magnitudeA: Double, magnitudeB: Double) -> Double {
    guard let i = binsA.index(of: magnitudeA), let j = binsB.index(of: magnitudeB) else { return 0 }
    return log(counterparts(binA: i, binB: j)) - log(fieldA[i]) - log(fieldB[j])
  }
}

extension SurvivorCounts {
  /// The densities of every band pair.
  ///
  /// - Parameters:
  ///   - areaDegrees2: The area that the counted sources come from, deg².
  ///   - options: Which of the variants; `.report` for the report's own.
  /// - Returns: By band of a, then band of b.
  /// - Complexity: O(cells + entries of the tallies) for each band pair; independent of the number of sources.
  public func estimate(areaDegrees2: Double, options: SurvivorOptions = SurvivorOptions()) -> [[BandPairDensities]] {
    precondition(
      areaDegrees2.isFinite && areaDegrees2 > 0,
      "SurvivorCounts: area is \(areaDegrees2) deg²; allowed: finite, greater than 0")
    return design.binsA.indices.map { bandA in
      design.binsB.indices.map { bandB in
        estimate(bandA: bandA, bandB: bandB, areaDegrees2: areaDegrees2, options: options)
      }
    }
  }

  /// The densities of one band pair.
  public func estimate(bandA: Int, bandB: Int, areaDegrees2: Double, options: SurvivorOptions) -> BandPairDensities {
    let fit = RegionFit(
      from: forward, to: backward, fromBand: bandA, toBand: bandB, areaDegrees2: areaDegrees2,
      fractions: design.fractions)
    return BandPairDensities(
      binsA: design.binsA[bandA], binsB: design.binsB[bandB], priors: fit.priors(options.estimator),
      fieldA: fieldDensity(fit, options), fieldB: fieldDensity(fit.reversed, options),
      counterparts: counterparts(fit, options).map { max($0, options.counterpartFloor) })
  }

  /// f by bin: the magnitudes of survivors of the field circle.
  ///
  /// - Source: docs/method.md §8.
  private func fieldDensity(_ fit: RegionFit, _ options: SurvivorOptions) -> [Double] {
    let survivors = fit.from.survivors[fit.pair * 2 + Circle.field.rawValue]
    return fit.from.shape.from.bins[fit.fromBand].densities(survivors).map { max($0, options.fieldFloor) }
  }

  /// c from a to b, or the mean of it and that from b to a.
  private func counterparts(_ fit: RegionFit, _ options: SurvivorOptions) -> [Double] {
    let forward = CounterpartDensity.table(fit, options)
    guard options.direction == .both else { return forward }
    let backward = CounterpartDensity.table(fit.reversed, options)
    let (rows, columns) = (design.binsA[fit.fromBand].count, design.binsB[fit.toBand].count)
    return forward.indices.map { cell in
      0.5 * (forward[cell] + backward[(cell % columns) * rows + cell / columns])
    }
  }
}
