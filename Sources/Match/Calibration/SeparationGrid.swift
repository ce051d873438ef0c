internal import Glibc

/// The separations that a chance pair of one kind may have: steps of t = χ²/2 from 0 to the limit T of the search.
///
/// Chance pairs are distributed in t as c(t)/T, c(t) = 1 + β (√(t/T) − 2/3). The steps are short where counterparts are.
public struct SeparationGrid: Sendable {
  /// The share of the chance pairs in each step; together 1.
  let shares: [Double]
  /// ln e(t)/c(t) in each step: the factor that the separation has in the odds.
  let logFactors: [Double]

  /// Steps: at t = 10 and T = 36, and at t = 1 and T = 20,000, they are 0.4 wide, less than a counterpart's mean t.
  static let steps = 128

  /// - Parameters:
  ///   - limit: T.
  ///   - slope: β.
  ///   - logFactor: ln e(t)/c(t), which falls with t; −∞ where no pair is a candidate.
  public init(limit: Double, slope: Double, logFactor: (_ level: Double) -> Double) {
    func place(_ step: Double) -> Double {
      let root = step / Double(Self.steps)
      return root * root * root * root
    }
    shares = (0..<Self.steps).map {
      ChanceLaw.share(below: place(Double($0 + 1)), slope: slope)
        - ChanceLaw.share(below: place(Double($0)), slope: slope)
    }
    logFactors = (0..<Self.steps).map { logFactor(limit * place(Double($0) + 0.5)) }
  }
}

/// How chance pairs are distributed in x = t/T: as 1 + β (√x − 2/3).
public enum ChanceLaw {
  /// The share of the chance pairs below x.
  public static func share(below x: Double, slope: Double) -> Double {
    x + slope * 2 / 3 * (x * x.squareRoot() - x)
  }
}
