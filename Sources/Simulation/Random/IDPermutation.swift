/// Numbers of objects as identifiers that tell nothing: a keyed permutation of 0 ..< 2⁶³.
///
/// Unique because every step can be undone modulo 2⁶³: adding, multiplying by an odd number, folding high bits onto low ones.
struct IDPermutation {
  private let offset: UInt64
  private let factor: UInt64

  private static let mask: UInt64 = (1 << 63) - 1

  init(_ key: RandomKey) {
    var stream = RandomStream(key, .ids)
    offset = stream.bits()
    factor = stream.bits() | 1
  }

  /// The identifier of an object, ≥ 0.
  @inline(__always)
  func id(of number: Int64) -> Int64 {
    var z = (UInt64(bitPattern: number) &+ offset) & Self.mask
    z = ((z ^ (z >> 32)) &* factor) & Self.mask
    z = ((z ^ (z >> 29)) &* 0xBF58_476D_1CE4_E5B9) & Self.mask
    z = ((z ^ (z >> 32)) &* 0x94D0_49BB_1331_11EB) & Self.mask
    return Int64(z ^ (z >> 30))
  }
}
