/// What a region's pairs say of positions: θ, how counterparts are distributed in t, the slope of chance pairs and the exponent of the
/// density.
public struct PairWidths: Sendable, Equatable {
  /// θ: the odds of a counterpart to a chance pair at t = 0 are θ G₀/n₀ (n/n₀)^−γ, with G₀ that of right errors.
  public var odds: Double
  /// The share of counterparts that each of `WidthComponent.all` has.
  public var shares: WidthShares
  /// β: chance pairs are distributed as 1 + β (√(t/T) − 2/3).
  public var slope: Double
  /// γ.
  public var densityExponent: Double

  /// c(t).
  static func chance(slope: Double, _ level: Double, _ limit: Double) -> Double {
    1 + slope * ((min(level / limit, 1)).squareRoot() - 2.0 / 3)
  }

  /// E: the share of counterparts within the search.
  func share(spreadArcsec2: Double, limit: Double, pulls: PullProfiles = .none) -> Double {
    var sum = 0.0
    for (place, weight) in shares.weights(spreadArcsec2: spreadArcsec2).enumerated() where weight > 0 {
      sum +=
        weight
        * pulls.profile(ofComponent: place)
        .share(WidthComponent.all[place], spreadArcsec2: spreadArcsec2, below: limit)
    }
    return min(max(sum, .leastNormalMagnitude), 1)
  }
}
