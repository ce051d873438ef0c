import Glibc

/// A sequence of random numbers that depends on nothing but its key.
///
/// Every object of the sky draws from streams of its own, one for each purpose: numbers do not depend on the order in which
/// objects are made, and a setting that needs more numbers for one purpose changes nothing else.
///
/// SplitMix64 (Steele, Lea & Flood 2014) whose starting point is a hash of the key.
struct RandomStream {
  /// What numbers are for.
  enum Purpose: UInt64 {
    case count = 1, place, acceptance, kind, magnitude, motion
    case detection, position, photometry, missing, ids, shuffle
  }

  private var state: UInt64

  /// The stream of a key.
  @inline(__always)
  init(_ key: RandomKey, _ purpose: Purpose) {
    state = RandomKey.mixed(key.bits &+ purpose.rawValue &* 0xD1B5_4A32_D192_ED03)
  }

  /// The next 64 random bits.
  @inline(__always)
  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return RandomKey.mixed(state)
  }

  /// A number in the open interval (0, 1).
  @inline(__always)
  mutating func uniform() -> Double { (Double(bits() >> 11) + 0.5) * 0x1p-53 }

  /// A whole number in 0 ..< count, without bias beyond count / 2⁶⁴.
  @inline(__always)
  mutating func below(_ count: UInt64) -> UInt64 { bits().multipliedFullWidth(by: count).high }

  /// Two independent normal deviates (Box & Muller 1958).
  @inline(__always)
  mutating func normals() -> (Double, Double) {
    let radius = (-2 * log(uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    return (radius * cos(angle), radius * sin(angle))
  }

  /// One normal deviate.
  @inline(__always)
  mutating func normal() -> Double { normals().0 }

  /// A Poisson deviate, exact for every mean: a sum of deviates of small means, each counted by the product of uniform
  /// numbers that stays above e^−mean (Knuth).
  /// - Complexity: O(mean).
  mutating func poisson(_ mean: Double) -> Int {
    var (left, count) = (mean, 0)
    while left > 0 {
      let part = min(left, 32)
      left -= part
      let threshold = exp(-part)
      var product = uniform()
      while product > threshold {
        count += 1
        product *= uniform()
      }
    }
    return count
  }
}

/// What streams are told apart by: the seed, then whatever is within it, down to an object.
struct RandomKey {
  fileprivate let bits: UInt64

  /// The key of a whole sky.
  init(seed: UInt64) { bits = Self.mixed(seed ^ 0x5851_F42D_4C95_7F2D) }

  private init(bits: UInt64) { self.bits = bits }

  /// The key of something within.
  @inline(__always)
  func with(_ number: UInt64) -> RandomKey {
    RandomKey(bits: Self.mixed(bits ^ Self.mixed(number &+ 0x9E37_79B9_7F4A_7C15)))
  }

  /// The finaliser of SplitMix64: a bijection in which every bit depends on every other.
  @inline(__always)
  fileprivate static func mixed(_ bits: UInt64) -> UInt64 {
    var z = bits
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
