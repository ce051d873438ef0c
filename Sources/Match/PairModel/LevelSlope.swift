internal import Glibc

/// Where Newton's method goes from the h of one cell.
///
/// At the maximum ½ + Σ n r = ½ h/parent + Σ n s. With U and D for the two sides, φ = ln U − ln D falls with ln h at the
/// rate K = (½ + Σ n r²)/U − Σ n s²/D, so that ln h moves by φ/K. Where each pair is certain K is 1, and h moves by U/D;
/// where chance pairs outnumber counterparts K is small. It is not taken to be below 0.2.
struct LevelSlope {
  /// K is believed from here on.
  private static let leastClosing = 0.2
  /// φ.
  let surplus: Double
  /// K.
  let closing: Double
  /// dΣ n s/d ln h.
  let expectedSlope: Double

  init(factor: Double, prior: Double, _ sums: LevelSums, _ place: Int) {
    let found = LevelFit.priorShape + sums.found[place]
    let expected = LevelFit.priorShape * factor / prior + sums.expected[place]
    surplus = log(found / expected)
    closing = max(
      (LevelFit.priorShape + sums.foundSquares[place]) / found - sums.expectedSquares[place] / expected,
      Self.leastClosing)
    expectedSlope = sums.expected[place] - sums.expectedSquares[place]
  }

  /// The change of ln h, when `lift` is added to φ; at most `longest` either way.
  func step(lift: Double, longest: Double) -> Double { min(max((surplus + lift) / closing, -longest), longest) }
}
