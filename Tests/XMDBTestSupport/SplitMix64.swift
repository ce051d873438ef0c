import Foundation

/// A small seeded generator (Steele, Lea & Flood 2014): the same seed gives the same numbers on every machine.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  /// The seed it began with, to be named when a test fails.
  public let seed: UInt64
  private var state: UInt64

  /// A generator at the beginning of the sequence of a seed.
  public init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in 0 ..< 1, a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in low ..< high.
  public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  /// A number in low ..< high, uniform in its logarithm.
  public mutating func logUniform(_ low: Double, _ high: Double) -> Double { low * pow(high / low, uniform()) }

  /// A whole number in 0 ..< count.
  public mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

  /// A normal deviate (Box & Muller).
  public mutating func normal(mean: Double = 0, sigma: Double = 1) -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return mean + sigma * radius * cos(2 * .pi * uniform())
  }
}
