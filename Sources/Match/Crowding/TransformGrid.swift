internal import Glibc

/// The points of ρ and κ at which transforms are held, in units of 1/σ_P, equally spaced in their logarithm.
///
/// κ begins lower than ρ, since A(ρ) is read at κ = ρ/(1 + F).
struct TransformGrid: Sendable, Hashable {
  /// The step in ln ρ.
  let step: Double
  /// How many points of κ come before the first of ρ.
  let lead: Int
  /// Points of ρ.
  let count: Int

  /// Points of κ; an even number.
  var kappaCount: Int { (lead + count + 1) / 2 * 2 }
  /// ln ρ of the first.
  let logStart: Double
  /// κ of a point.
  func kappa(_ place: Int) -> Double { exp(logStart + step * Double(place - lead)) }

  private static let leastPhase = 0.01
  private static let mostPhase = 6000.0
  private static let leadingDecades = 1.0

  /// Points to 2πρR = 6000: there even neighbours of 0.3 % of the flux pull by many periods, and A has fallen to its limit.
  init(step: Double) {
    self.step = min(max(step, 0.02), 0.5)
    let unit = 2 * .pi * PointSpread.circlePerSigma
    logStart = log(Self.leastPhase / unit)
    lead = Int((Self.leadingDecades * log(10) / self.step).rounded(.up))
    count = Int((log(Self.mostPhase / Self.leastPhase) / self.step).rounded(.up)) + 1
  }
}
