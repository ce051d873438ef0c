/// What a region's pairs say of positions: θ, how counterparts are distributed in t, the slope of chance pairs and the exponent of the
/// density.
public struct PairWidths: Sendable, Equatable {
  /// θ: the odds of a counterpart to a chance pair at t = 0 are θ G₀/n₀ (n/n₀)^−γ, with G₀ that of right errors.
  public var odds: Double
  /// The share of counterparts that each of `WidthComponent.all` has.
  public var weights: [Double]
  /// β: chance pairs are distributed as 1 + β (√(t/T) − 2/3).
  public var slope: Double
  /// γ.
  public var densityExponent: Double

  private static let arcsec2PerDegree2 = 3600.0 * 3600.0

  private func base(_ spreadArcsec2: Double, _ meanDensity: Double) -> Double {
    odds * Self.arcsec2PerDegree2 / (2 * .pi * spreadArcsec2) / meanDensity
  }

  /// c(t).
  static func chance(slope: Double, _ level: Double, _ limit: Double) -> Double {
    1 + slope * ((min(level / limit, 1)).squareRoot() - 2.0 / 3)
  }

  /// The odds at the mean density, once t is known to be in a bin.
  func after(
    spreadArcsec2: Double, from low: Double, to high: Double, limit: Double, meanDensity: Double
  ) -> Double {
    var sum = 0.0
    for (component, weight) in zip(WidthComponent.all, weights) where weight > 0 {
      sum +=
        weight
        * WidthComponent.meanDensity(from: low, to: high, width: component.width(spreadArcsec2: spreadArcsec2))
    }
    return base(spreadArcsec2, meanDensity) * sum / Self.chance(slope: slope, (low + high) / 2, limit)
  }

  /// The odds at the mean density before t is known, and E, the share of counterparts within the search.
  func before(spreadArcsec2: Double, limit: Double, meanDensity: Double) -> (before: Double, share: Double) {
    let share = share(spreadArcsec2: spreadArcsec2, limit: limit)
    return (base(spreadArcsec2, meanDensity) * share / limit, share)
  }

  /// E: the share of counterparts within the search.
  func share(spreadArcsec2: Double, limit: Double) -> Double {
    var sum = 0.0
    for (component, weight) in zip(WidthComponent.all, weights) where weight > 0 {
      sum += weight * WidthComponent.share(below: limit, width: component.width(spreadArcsec2: spreadArcsec2))
    }
    return min(max(sum, .leastNormalMagnitude), 1)
  }
}
