internal import Glibc

/// ln x of four numbers.
@inline(__always)
func logarithm(_ x: SIMD4<Double>) -> SIMD4<Double> { SIMD4(log(x[0]), log(x[1]), log(x[2]), log(x[3])) }

/// ln x of eight positive normal numbers, to some 2 parts in 10¹⁶ of max(1, |ln x|).
///
/// x = 2ᵏ m with m in [√½, √2); ln m = 2 artanh s, s = (m − 1)/(m + 1), by its series to s²¹.
@inline(__always)
func logarithm(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let offset = SIMD8<UInt64>(repeating: 0x3fe6_a09e_667f_3bcd)
  let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self) &- offset
  // The exponent with its sign.
  let exponent = unsafeBitCast(bits, to: SIMD8<Int64>.self) &>> 52
  let mantissa = (bits & SIMD8(repeating: 0x000f_ffff_ffff_ffff)) &+ offset
  let m = unsafeBitCast(mantissa, to: SIMD8<Double>.self)
  let s = (m - 1) / (m + 1)
  let square = s * s
  var sum = SIMD8<Double>(repeating: 2.0 / 21)
  for n in stride(from: 19.0, through: 3, by: -2) { sum = SIMD8(repeating: 2 / n).addingProduct(sum, square) }
  let k = SIMD8<Double>(exponent)
  return (k * 0x1.62e42fefa39efp-1).addingProduct(s, SIMD8(repeating: 2).addingProduct(sum, square))
}
