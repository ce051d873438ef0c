/// Four axis-aligned boxes side by side, each with the largest squared reach of its sources. A missing box is empty: its
/// low ends are +∞ and its high ends −∞, so that nothing is near it and it adds nothing to a parent.
struct BoxQuad: Sendable {
  var lowX = SIMD4<Double>(repeating: .infinity)
  var lowY = SIMD4<Double>(repeating: .infinity)
  var lowZ = SIMD4<Double>(repeating: .infinity)
  var highX = SIMD4<Double>(repeating: -.infinity)
  var highY = SIMD4<Double>(repeating: -.infinity)
  var highZ = SIMD4<Double>(repeating: -.infinity)
  var reach2 = SIMD4<Double>.zero

  /// Boxes to a quad.
  static let size = 4

  /// One box.
  struct Box {
    var low: SIMD3<Double>
    var high: SIMD3<Double>
    var reach2: Double
  }

  /// One of the four.
  @inline(__always)
  subscript(lane: Int) -> Box {
    get {
      Box(
        low: SIMD3(lowX[lane], lowY[lane], lowZ[lane]), high: SIMD3(highX[lane], highY[lane], highZ[lane]),
        reach2: reach2[lane])
    }
    set {
      (lowX[lane], lowY[lane], lowZ[lane]) = (newValue.low.x, newValue.low.y, newValue.low.z)
      (highX[lane], highY[lane], highZ[lane]) = (newValue.high.x, newValue.high.y, newValue.high.z)
      reach2[lane] = newValue.reach2
    }
  }

  /// The box around all four.
  var union: Box {
    Box(
      low: SIMD3(lowX.min(), lowY.min(), lowZ.min()), high: SIMD3(highX.max(), highY.max(), highZ.max()),
      reach2: reach2.max())
  }

  /// The squared distances of a box (low and high ends) from each of the four.
  @inline(__always)
  func distance2(low: SIMD3<Double>, high: SIMD3<Double>) -> SIMD4<Double> {
    let x = gap(lowX - high.x, low.x - highX)
    let y = gap(lowY - high.y, low.y - highY)
    let z = gap(lowZ - high.z, low.z - highZ)
    return (x * x).addingProduct(y, y).addingProduct(z, z)
  }

  /// Which of the four may hold a source within reach of one in `box`.
  @inline(__always)
  func mayReach(_ box: Box) -> SIMDMask<SIMD4<Int64>> {
    distance2(low: box.low, high: box.high) .<= reach2 + box.reach2
  }
}

/// The larger of two signed distances, or 0 if both are negative: how far apart two intervals are.
@inline(__always)
func gap(_ below: SIMD4<Double>, _ above: SIMD4<Double>) -> SIMD4<Double> {
  var gap = below
  gap.replace(with: above, where: above .> gap)
  gap.replace(with: 0, where: gap .< 0)
  return gap
}

/// The same eight at a time. Written out: a generic form is not compiled to vector instructions.
@inline(__always)
func gap(_ below: SIMD8<Double>, _ above: SIMD8<Double>) -> SIMD8<Double> {
  var gap = below
  gap.replace(with: above, where: above .> gap)
  gap.replace(with: 0, where: gap .< 0)
  return gap
}
