/// The set lanes of a mask as the low bits of a number, to be taken off one by one.
///
/// The sum compiles to a handful of vector additions; asking a mask lane by lane, or `any`, to several times as much.
@inline(__always)
func laneBits(_ mask: SIMDMask<SIMD8<Int64>>) -> Int64 {
  SIMD8<Int64>.zero.replacing(with: SIMD8(1, 2, 4, 8, 16, 32, 64, 128), where: mask).wrappedSum()
}

/// The same for four lanes.
@inline(__always)
func laneBits(_ mask: SIMDMask<SIMD4<Int64>>) -> Int64 {
  SIMD4<Int64>.zero.replacing(with: SIMD4(1, 2, 4, 8), where: mask).wrappedSum()
}

/// Calls `body` with the place of each set bit, from the lowest.
@inline(__always)
func forEachBit(_ bits: Int64, _ body: (Int) -> Void) {
  var rest = bits
  while rest != 0 {
    body(rest.trailingZeroBitCount)
    rest &= rest - 1
  }
}
