internal import Glibc

/// The flux that one object is expected to add, on the steps of a `FluxGrid`.
///
/// A lognormal law with tails (`BlendMagnitude`), times the probability that the object adds anything. Each step's mass is
/// laid on its two ends so that its mean is kept, from closed forms:
///
///     ∫ₐᵇ yᵏ p dy = e^(kν + k²τ²/2) [Φ(z_b − kτ) − Φ(z_a − kτ)],     z = (ln y − ν)/τ
struct FluxPrior {
  /// The probability of each step.
  private(set) var masses: [Double]
  /// The mean flux.
  private(set) var mean = 0.0
  /// ⟨y²⟩ over that of `masses`, which laying mass on ends has widened.
  private(set) var squareScale = 1.0

  private static let orders = 3

  /// - Parameters:
  ///   - magnitude: That of the object, relative to flux 1.
  ///   - weight: How much of its flux is added.
  ///   - presence: The probability that it adds any.
  ///   - step: Flux between two steps.
  init(_ magnitude: BlendMagnitude, weight: Double, presence: Double, step: Double) {
    masses = Array(repeating: 0, count: FluxGrid.count + 1)
    let logarithms = (1...FluxGrid.count).map { log(Double($0) * step) }
    let nu = -0.4 * M_LN10 * magnitude.mean + log(weight)
    let usual = max(magnitude.sigma, BlendMagnitude.leastSigma)
    let unusual = (usual * usual + BlendMagnitude.unusualSigma * BlendMagnitude.unusualSigma).squareRoot()
    var square = 0.0
    for (share, sigma) in [(1 - BlendMagnitude.unusualShare, usual), (BlendMagnitude.unusualShare, unusual)] {
      square += add(nu, 0.4 * M_LN10 * sigma, presence * share, step, logarithms)
    }
    var laid = 0.0
    for k in masses.indices { laid += masses[k] * (Double(k) * step) * (Double(k) * step) }
    if laid > 0 && square > 0 { squareScale = min(1, square / laid) }
    masses[0] += 1 - presence
  }

  /// Adds a lognormal part and returns its ∫ y² p dy over the grid.
  private mutating func add(_ nu: Double, _ tau: Double, _ share: Double, _ step: Double, _ logarithms: [Double])
    -> Double
  {
    let factors = (0..<Self.orders).map { share * exp(Double($0) * nu + Double($0 * $0) * tau * tau / 2) }
    mean += factors[1]
    var below = [Double](repeating: 0, count: Self.orders)
    var parts = below
    var square = 0.0
    for k in 0..<FluxGrid.count {
      let z = (logarithms[k] - nu) / tau
      if z < -9 { continue }
      for order in 0..<Self.orders {
        let upTo = 0.5 * erfc(-(z - Double(order) * tau) / 2.0.squareRoot())
        parts[order] = factors[order] * (upTo - below[order])
        below[order] = upTo
      }
      let onward = min(max(parts[1] / step - Double(k) * parts[0], 0), parts[0])
      masses[k] += parts[0] - onward
      masses[k + 1] += onward
      square += parts[2]
      if z > 9 + Double(Self.orders - 1) * tau { break }
    }
    return square
  }
}
