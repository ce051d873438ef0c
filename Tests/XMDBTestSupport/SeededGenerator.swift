import Glibc

/// A small generator with a seed, so that a failing case can be named and run again; numbers as the standard library draws them.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var bits: SplitMix64

  public init(seed: UInt64) { bits = SplitMix64(seed: seed) }

  public mutating func next() -> UInt64 { bits.next() }

  public mutating func uniform(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &self) }

  /// A standard normal number, by Box and Muller.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - Double.random(in: 0..<1, using: &self))).squareRoot()
    return radius * cos(2 * Double.pi * Double.random(in: 0..<1, using: &self))
  }
}
