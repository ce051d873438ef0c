internal import Glibc

/// The share of strangers that can be found at a separation: a source of the better catalogue whose own counterpart lies nearer is paired with that.
///
///     S(r) = 1 − f + f Σ wₛ e^(−r²/2Vₛ)
///
/// f is the share of the better catalogue's sources that have a counterpart, and Vₛ are the variances of such pairs.
struct FreeStrangers: Sendable {
  /// Weights, of sum 1, and what r²/2 is multiplied by in the exponents; the first is 0.
  let weights: SIMD8<Double>
  let inverses: SIMD8<Double>

  /// Every stranger.
  static let all = FreeStrangers(matchedShare: 0, variances: [])

  /// The variances stand for equally many pairs each.
  private static let variances = 7
  private static let leastVariance = 1e-24
  /// A share of all would make no stranger possible.
  private static let mostMatched = 0.98

  /// - Parameters:
  ///   - matchedShare: f; within 0 to 0.98.
  ///   - variances: Those of pairs, arcsec² per axis, with weights.
  init(matchedShare: Double, variances: [(weight: Double, variance: Double)]) {
    var (weights, inverses) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
    let sorted = variances.filter { $0.weight > 0 }.sorted { $0.variance < $1.variance }
    let total = sorted.reduce(0) { $0 + $1.weight }
    let matched = total > 0 && matchedShare > 0 ? min(matchedShare, Self.mostMatched) : 0
    weights[0] = 1 - matched
    var (sum, next) = (0.0, 0)
    for item in sorted where matched > 0 {
      sum += item.weight
      while next < Self.variances, sum >= (Double(next) + 0.5) / Double(Self.variances) * total {
        next += 1
        weights[next] = matched / Double(Self.variances)
        inverses[next] = 1 / max(item.variance, Self.leastVariance)
      }
    }
    (self.weights, self.inverses) = (weights, inverses)
  }

  /// Whether nothing that a fit would notice has changed.
  func isNearly(_ other: FreeStrangers) -> Bool {
    guard abs(weights[0] - other.weights[0]) < 2e-3 else { return false }
    return (1..<8).allSatisfy { abs(inverses[$0] - other.inverses[$0]) <= 0.02 * max(inverses[$0], other.inverses[$0]) }
  }

  /// S and its parts at a separation.
  func place(half: Double) -> Place {
    var decays = SIMD8<Double>(repeating: 1)
    for k in 1..<8 where weights[k] > 0 { decays[k] = exp(-half * inverses[k]) }
    return Place(half: half, decays: decays, share: (weights * decays).sum())
  }

  /// A separation.
  struct Place {
    /// r²/2, arcsec².
    let half: Double
    /// e^(−r²/2Vₛ), the first of them 1.
    let decays: SIMD8<Double>
    /// S.
    let share: Double
  }
}
