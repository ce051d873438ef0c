/// Exponential functions of eight numbers at once.
enum Exponentials {
  /// e^x for x ≤ 0, to some 2 parts in 10¹⁵; 0 below −700. A positive or NaN argument counts as 0.
  ///
  /// x = k ln 2 + r with |r| ≤ ½ ln 2; e^r by its series to r¹², 2^k by the bits of the exponent.
  @inline(__always)
  static func nonPositive(_ argument: SIMD8<Double>) -> SIMD8<Double> {
    let x = argument.replacing(with: 0, where: .!(argument .<= 0))
    let bounded = x.replacing(with: -700, where: x .< -700)
    let shifter = SIMD8<Double>(repeating: 0x1.8p52)
    let shifted = shifter.addingProduct(bounded, SIMD8(repeating: 1.4426950408889634))
    let whole = shifted - shifter
    let coarse = bounded.addingProduct(whole, SIMD8(repeating: -0x1.62e42fefa39efp-1))
    let rest = coarse.addingProduct(whole, SIMD8(repeating: -0x1.abc9e3b39803fp-56))
    let bits = unsafeBitCast(shifted, to: SIMD8<UInt64>.self) &<< 52
    let value = unsafeBitCast(unsafeBitCast(series(rest), to: SIMD8<UInt64>.self) &+ bits, to: SIMD8<Double>.self)
    return value.replacing(with: 0, where: x .< -700)
  }

  /// Σ rⁿ/n! to n = 12, by Horner's rule.
  @inline(__always)
  private static func series(_ r: SIMD8<Double>) -> SIMD8<Double> {
    var sum = SIMD8<Double>(repeating: 1.0 / 479_001_600)
    sum = SIMD8(repeating: 1.0 / 39_916_800).addingProduct(sum, r)
    sum = SIMD8(repeating: 1.0 / 3_628_800).addingProduct(sum, r)
    sum = SIMD8(repeating: 1.0 / 362_880).addingProduct(sum, r)
    sum = SIMD8(repeating: 1.0 / 40_320).addingProduct(sum, r)
    sum = SIMD8(repeating: 1.0 / 5_040).addingProduct(sum, r)
    sum = SIMD8(repeating: 1.0 / 720).addingProduct(sum, r)
    sum = SIMD8(repeating: 1.0 / 120).addingProduct(sum, r)
    sum = SIMD8(repeating: 1.0 / 24).addingProduct(sum, r)
    sum = SIMD8(repeating: 1.0 / 6).addingProduct(sum, r)
    sum = SIMD8(repeating: 0.5).addingProduct(sum, r)
    sum = SIMD8(repeating: 1).addingProduct(sum, r)
    return SIMD8(repeating: 1).addingProduct(sum, r)
  }

  /// cos x and sin x, to some 2·10⁻¹⁶ (1 + |x|) for |x| up to 10⁷; NaN for NaN.
  ///
  /// x = k π/2 + r with |r| ≤ π/4, by π/2 in three parts; series in r to r¹⁸.
  @inline(__always)
  static func cosineAndSine(_ x: SIMD8<Double>) -> (cosine: SIMD8<Double>, sine: SIMD8<Double>) {
    let shifter = SIMD8<Double>(repeating: 0x1.8p52)
    let shifted = shifter.addingProduct(x, SIMD8(repeating: 0.6366197723675814))
    let whole = shifted - shifter
    var r = x.addingProduct(whole, SIMD8(repeating: -0x1.921fb544p0))
    r = r.addingProduct(whole, SIMD8(repeating: -0x1.0b4611a6p-34))
    r = r.addingProduct(whole, SIMD8(repeating: -0x1.3198a2e037073p-69))
    let square = r * r
    let sine = r * sineSeries(square)
    let cosine = cosineSeries(square)
    let quadrant = unsafeBitCast(shifted, to: SIMD8<UInt64>.self)
    let isOdd = (quadrant & 1) .== 1
    let signC = ((quadrant &+ 1) & 2) &<< 62
    let signS = (quadrant & 2) &<< 62
    let c = unsafeBitCast(cosine.replacing(with: sine, where: isOdd), to: SIMD8<UInt64>.self) ^ signC
    let s = unsafeBitCast(sine.replacing(with: cosine, where: isOdd), to: SIMD8<UInt64>.self) ^ signS
    return (unsafeBitCast(c, to: SIMD8<Double>.self), unsafeBitCast(s, to: SIMD8<Double>.self))
  }

  /// sin r / r as a series in r².
  @inline(__always)
  private static func sineSeries(_ square: SIMD8<Double>) -> SIMD8<Double> {
    var sum = SIMD8<Double>(repeating: 1.0 / 355_687_428_096_000)
    sum = SIMD8(repeating: -1.0 / 1_307_674_368_000).addingProduct(sum, square)
    sum = SIMD8(repeating: 1.0 / 6_227_020_800).addingProduct(sum, square)
    sum = SIMD8(repeating: -1.0 / 39_916_800).addingProduct(sum, square)
    sum = SIMD8(repeating: 1.0 / 362_880).addingProduct(sum, square)
    sum = SIMD8(repeating: -1.0 / 5_040).addingProduct(sum, square)
    sum = SIMD8(repeating: 1.0 / 120).addingProduct(sum, square)
    sum = SIMD8(repeating: -1.0 / 6).addingProduct(sum, square)
    return SIMD8(repeating: 1).addingProduct(sum, square)
  }

  /// cos r as a series in r².
  @inline(__always)
  private static func cosineSeries(_ square: SIMD8<Double>) -> SIMD8<Double> {
    var sum = SIMD8<Double>(repeating: -1.0 / 6_402_373_705_728_000)
    sum = SIMD8(repeating: 1.0 / 20_922_789_888_000).addingProduct(sum, square)
    sum = SIMD8(repeating: -1.0 / 87_178_291_200).addingProduct(sum, square)
    sum = SIMD8(repeating: 1.0 / 479_001_600).addingProduct(sum, square)
    sum = SIMD8(repeating: -1.0 / 3_628_800).addingProduct(sum, square)
    sum = SIMD8(repeating: 1.0 / 40_320).addingProduct(sum, square)
    sum = SIMD8(repeating: -1.0 / 720).addingProduct(sum, square)
    sum = SIMD8(repeating: 1.0 / 24).addingProduct(sum, square)
    sum = SIMD8(repeating: -0.5).addingProduct(sum, square)
    return SIMD8(repeating: 1).addingProduct(sum, square)
  }
}
