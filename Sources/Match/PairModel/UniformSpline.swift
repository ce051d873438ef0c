/// A cubic spline through values one unit apart, not-a-knot at both ends: the first two pieces are one cubic, and the
/// last two.
struct UniformSpline {
  private let values: [Double]
  /// Second derivatives at the points.
  private let curvatures: [Double]

  /// The spline through values at 0, 1, 2 …; at least five.
  ///
  /// - Complexity: O(n).
  init(_ values: [Double]) {
    precondition(values.count >= 5, "UniformSpline: \(values.count) values; allowed: 5 or more")
    self.values = values
    curvatures = Self.curvatures(values)
  }

  /// The value at a place between 0 and n − 1; beyond, the outer pieces continue.
  func value(_ place: Double) -> Double {
    let piece = Int(min(max(place, 0), Double(values.count - 2)))
    let (right, left) = (place - Double(piece), Double(piece + 1) - place)
    return left * values[piece] + right * values[piece + 1]
      + (left * (left * left - 1) * curvatures[piece] + right * (right * right - 1) * curvatures[piece + 1]) / 6
  }

  /// M with M_{i−1} + 4 M_i + M_{i+1} = 6 (y_{i−1} − 2 y_i + y_{i+1}) and equal third derivatives about the second
  /// points.
  private static func curvatures(_ y: [Double]) -> [Double] {
    let last = y.count - 1
    var m = [Double](repeating: 0, count: y.count)
    for i in 1..<last { m[i] = 6 * (y[i - 1] - 2 * y[i] + y[i + 1]) }
    // Not-a-knot makes M₀ = 2 M₁ − M₂, hence 6 M₁ alone in its equation; likewise at the other end.
    m[1] /= 6
    m[last - 1] /= 6
    m[2] -= m[1]
    m[last - 2] -= m[last - 1]
    solve(&m, 2...last - 2)
    m[0] = 2 * m[1] - m[2]
    m[last] = 2 * m[last - 1] - m[last - 2]
    return m
  }

  /// Solves M_{i−1} + 4 M_i + M_{i+1} = m_i over a range, nothing beyond it.
  private static func solve(_ m: inout [Double], _ range: ClosedRange<Int>) {
    var pivots = [Double](repeating: 4, count: m.count)
    for i in range.dropFirst() {
      pivots[i] -= 1 / pivots[i - 1]
      m[i] -= m[i - 1] / pivots[i - 1]
    }
    m[range.upperBound] /= pivots[range.upperBound]
    for i in range.dropLast().reversed() { m[i] = (m[i] - m[i + 1]) / pivots[i] }
  }
}
