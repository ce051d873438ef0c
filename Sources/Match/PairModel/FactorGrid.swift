internal import Glibc

/// ln L of a factor x of the odds on a grid of ln x: half octaves from 2⁻¹⁰ to 2⁶.
///
/// ln L(x) = Σ n [ln(1 + x g) − ln(1 + x q)] is a sum over pairs, so tables of classes add up when the classes are
/// joined.
enum FactorGrid {
  /// Points of a table.
  static let points = 33
  /// Points of the fine grid for each step of the table.
  private static let fineSteps = 10
  /// Shape of the gamma prior of the posterior mean: a block without counterparts is not credited with half of its
  /// noise.
  private static let sparse = 0.1
  /// ln x between two points.
  private static let step = 0.5 * log(2.0)

  /// x of each point, four by four; the last three are beyond the table.
  static let values = (0..<vectors).map { vector in
    SIMD4<Double>((0..<4).map { exp(logOfPoint(Double(4 * vector + $0))) })
  }
  /// Vectors of four points that hold a table.
  static let vectors = (points + 3) / 4

  /// ln x of a point, or between points.
  private static func logOfPoint(_ point: Double) -> Double { (point * 0.5 - 10) * log(2.0) }

  /// The mean of x over its posterior, with a gamma prior of shape 0.1 and mean 1.
  ///
  /// - Parameter table: ln L at each point; between them a cubic spline holds.
  static func posteriorMean(_ table: [Double]) -> Double {
    let spline = UniformSpline(table)
    let fine = (0...(points - 1) * fineSteps).map { Double($0) / Double(fineSteps) }
    let logs = fine.map(logOfPoint)
    let heights = zip(fine, logs).map { spline.value($0) + sparse * $1 - sparse * exp($1) }
    let top = heights.reduce(-.infinity, max)
    var (sum, weight) = (0.0, 0.0)
    for (height, log) in zip(heights, logs) {
      let share = exp(height - top)
      sum += share * exp(log)
      weight += share
    }
    return sum / weight
  }

  /// Tables of several classes that lie one after the other, as a table for each.
  static func tables(_ together: [SIMD4<Double>]) -> [[Double]] {
    stride(from: 0, to: together.count, by: vectors).map { start in
      (0..<points).map { together[start + $0 / 4][$0 % 4] }
    }
  }
}
