import Glibc

/// How many stars of a part of the Galaxy have which absolute magnitude in a band, pc⁻³ mag⁻¹.
struct LuminosityFunction: Sendable {
  /// The absolute magnitude of the first value.
  static let first = -14.0
  /// The step, mag.
  static let step = 0.05
  /// The number of values: up to M = 34.
  static let count = 961

  /// The values.
  private(set) var values: [Double]

  /// Of one part: every type at its magnitude, spread by a normal distribution that stands for what one type does not
  /// say: ages, metallicities, companions.
  ///
  /// - Parameter scatter: its standard deviation, mag.
  init(component: GalacticComponent, spectra: StellarSpectra, scatter: Double = 0.25) {
    values = [Double](repeating: 0, count: Self.count)
    for type in StellarPopulations.types where type.component == component {
      add(type.density / Self.step, at: spectra.magnitude(of: type))
    }
    spread(by: scatter)
  }

  /// Divides a density between the two nearest magnitudes so that the mean stays.
  private mutating func add(_ density: Double, at magnitude: Double) {
    let place = (magnitude - Self.first) / Self.step
    guard place >= 0, place < Double(Self.count - 1) else { return }
    let below = Int(place)
    let share = place - Double(below)
    values[below] += density * (1 - share)
    values[below + 1] += density * share
  }

  /// The value between two magnitudes, at a place in steps from the first; 0 beyond the ends.
  @inline(__always)
  func value(atStep place: Double) -> Double {
    guard place >= 0, place < Double(Self.count - 1) else { return 0 }
    let below = Int(place)
    let share = place - Double(below)
    return values[below] * (1 - share) + values[below + 1] * share
  }

  private mutating func spread(by scatter: Double) {
    let reach = Int((4 * scatter / Self.step).rounded(.up))
    let kernel = (-reach...reach).map { exp(-0.5 * pow(Double($0) * Self.step / scatter, 2)) }
    let total = kernel.reduce(0, +)
    var spread = [Double](repeating: 0, count: Self.count)
    for i in values.indices where values[i] > 0 {
      for k in max(0, i - reach)...min(Self.count - 1, i + reach) {
        spread[k] += values[i] * kernel[k - i + reach] / total
      }
    }
    values = spread
  }
}
