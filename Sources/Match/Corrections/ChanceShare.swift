internal import Glibc

/// What pairs say of the share F of sources without counterpart: of each, the densities of chance and of true pairs at its separation, and
/// the shares of both that are found at all.
///
///     ln L(F) = Σ ln[F ν + (1 − F) μ] − ln[F N_ν + (1 − F) N_μ]
struct ChanceShare {
  /// ν, μ, N_ν, N_μ of each pair.
  var terms: [SIMD4<Double>] = []

  private static let leastDensity = 1e-300

  /// Derivatives of ln L in F.
  private func slopes(_ share: Double) -> (first: Double, second: Double) {
    var (first, second) = (0.0, 0.0)
    for t in terms {
      let density = (t.x - t.y) / max(t.y + share * (t.x - t.y), Self.leastDensity)
      let found = (t.z - t.w) / max(t.w + share * (t.z - t.w), Self.leastDensity)
      first += density - found
      second -= density * density - found * found
    }
    return (first, second)
  }

  /// ln L.
  func logLikelihood(_ share: Double) -> Double {
    terms.reduce(0) { sum, t in
      sum + log(max(t.y + share * (t.x - t.y), Self.leastDensity))
        - log(max(t.w + share * (t.z - t.w), Self.leastDensity))
    }
  }

  /// The share that is likeliest, in [0, 1]: Newton's method within a bracket.
  /// - Parameter start: A first guess.
  func best(from start: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    if slopes(0).first <= 0 { return 0 }
    if slopes(1).first >= 0 { return 1 }
    var share = min(max(start, 1e-6), 1 - 1e-6)
    for _ in 0..<100 where high - low > 1e-14 {
      let (first, second) = slopes(share)
      if first > 0 { low = share } else { high = share }
      var next = second < 0 ? share - first / second : .nan
      if !(next > low && next < high) { next = 0.5 * (low + high) }
      if abs(next - share) < 1e-13 { return next }
      share = next
    }
    return share
  }
}
