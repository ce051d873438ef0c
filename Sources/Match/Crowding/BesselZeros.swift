internal import Glibc

/// The positive zeros j₁ < j₂ < … of J₀, and J₁ there.
struct BesselZeros {
  let zeros: [Double]
  let derivatives: [Double]

  /// The first zeros, to the last bit or two: McMahon's expansion, polished by three steps of Newton's method (J₀′ = −J₁).
  /// - Complexity: O(count), some 0.3 µs each.
  init(count: Int) {
    var (zeros, derivatives) = ([Double](), [Double]())
    zeros.reserveCapacity(count)
    derivatives.reserveCapacity(count)
    for n in 0..<max(0, count) {
      var zero = Self.estimate(n + 1)
      for _ in 0..<3 { zero += j0(zero) / j1(zero) }
      zeros.append(zero)
      derivatives.append(j1(zero))
    }
    self.zeros = zeros
    self.derivatives = derivatives
  }

  /// Abramowitz & Stegun (1964), 9.5.12.
  private static func estimate(_ n: Int) -> Double {
    let eightBeta = 8 * (Double(n) - 0.25) * Double.pi
    let inverse = 1 / eightBeta
    let square = inverse * inverse
    return eightBeta / 8 + inverse * (1 - square * (124.0 / 3 - square * 120928.0 / 15))
  }
}
