internal import Glibc

/// How far the unseen neighbours of a source pull its position: a circular distribution of offsets, by its Hankel transform A(ρ).
///
/// A source without neighbours is not pulled: the distribution has a part at offset 0, whose weight is `deltaWeight`, and A tends to
/// it as ρ grows. The transform is held at points equally spaced in ln ρ and interpolated with six of them.
public struct PerturbationLaw: Sendable, Equatable {
  /// No offset is longer, arcsec.
  public let reachArcsec: Double
  /// The probability of no offset at all.
  public let deltaWeight: Double

  let logStart: Double
  let step: Double
  let samples: [Double]

  /// Positions that nothing pulls: A = 1.
  public static let none = PerturbationLaw(reachArcsec: 0, deltaWeight: 1, logStart: 0, step: 1, samples: [])

  /// - Parameters:
  ///   - logStart: ln ρ of the first sample, ρ in arcsec⁻¹.
  ///   - samples: A.
  init(reachArcsec: Double, deltaWeight: Double, logStart: Double, step: Double, samples: [Double]) {
    self.reachArcsec = reachArcsec
    self.deltaWeight = deltaWeight
    self.logStart = logStart
    self.step = step
    self.samples = samples
  }

  /// Whether positions are not pulled.
  public var isNone: Bool { samples.isEmpty }

  /// A(ρ), ρ in arcsec⁻¹. 1 at 0.
  public func transform(at rho: Double) -> Double {
    guard let last = samples.last, rho > 0 else { return 1 }
    let place = (log(rho) - logStart) / step
    if !(place > 0) { return 1 - (1 - samples[0]) * exp(2 * step * place) }
    let end = Double(samples.count - 1)
    if place >= end { return deltaWeight + (last - deltaWeight) * exp(-1.5 * step * (place - end)) }
    return interpolated(place)
  }

  private func interpolated(_ place: Double) -> Double {
    let cell = Int(place)
    let weights = SixPoints.weights(place - Double(cell))
    var sum = 0.0
    for c in 0..<6 { sum += weights[c] * samples[min(max(cell - 2 + c, 0), samples.count - 1)] }
    return sum
  }

  /// The root mean square of the offset in one coordinate, arcsec: A = 1 − (2πρ)² ⟨r²⟩/4 near ρ = 0, ⟨r²⟩ twice that of a coordinate.
  public var rmsArcsec: Double {
    guard let first = samples.first else { return 0 }
    return (2 * max(1 - first, 0)).squareRoot() / (2 * .pi * exp(logStart))
  }

  /// A at the nodes of a basis.
  public func samples(at nodes: [Double]) -> [Double] { nodes.map { transform(at: $0) } }

  /// The law with all lengths multiplied by a factor.
  func scaled(by factor: Double) -> PerturbationLaw {
    PerturbationLaw(
      reachArcsec: reachArcsec * factor, deltaWeight: deltaWeight, logStart: logStart - log(factor), step: step,
      samples: samples)
  }

  /// Σ wᵢ Aᵢ: the law of a source that follows law i with probability wᵢ. Laws must be of one table and PSF.
  /// - Parameter parts: Laws and their weights; the weights add up to 1.
  static func mixed(_ parts: [(weight: Double, law: PerturbationLaw)]) -> PerturbationLaw {
    guard let first = parts.first(where: { !$0.law.isNone })?.law else { return .none }
    var samples = [Double](repeating: 0, count: first.samples.count)
    var (delta, reach) = (0.0, 0.0)
    for (weight, law) in parts {
      for i in samples.indices { samples[i] += weight * (law.isNone ? 1 : law.samples[min(i, law.samples.count - 1)]) }
      delta += weight * law.deltaWeight
      reach = max(reach, law.reachArcsec)
    }
    return PerturbationLaw(
      reachArcsec: reach, deltaWeight: delta, logStart: first.logStart, step: first.step, samples: samples)
  }
}

/// Lagrange's interpolation between equally spaced points with three on either side.
enum SixPoints {
  /// The weights of the points −2 … 3 for a place between 0 and 1.
  static func weights(_ t: Double) -> SIMD8<Double> {
    let (a, b, c, d, e, f) = (t + 2, t + 1, t, t - 1, t - 2, t - 3)
    return SIMD8(
      -b * c * d * e * f / 120, a * c * d * e * f / 24, -a * b * d * e * f / 12, a * b * c * e * f / 12,
      -a * b * c * d * f / 24, a * b * c * d * e / 120, 0, 0)
  }
}
