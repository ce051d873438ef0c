internal import Glibc

/// A smooth function of a few numbers, each within bounds, with its gradient and Hessian.
protocol BoundedFunction {
  /// The lowest values.
  var lower: [Double] { get }
  /// The highest values.
  var upper: [Double] { get }

  /// The function's value.
  func value(at point: [Double]) -> Double

  /// Its value, gradient and Hessian; the Hessian is stored row by row.
  func derivatives(at point: [Double]) -> Derivatives
}

/// Value, gradient and Hessian of a function at a point.
struct Derivatives {
  var value = 0.0
  var gradient: [Double]
  /// Row by row, symmetric.
  var hessian: [Double]

  init(dimension: Int) {
    gradient = Array(repeating: 0, count: dimension)
    hessian = Array(repeating: 0, count: dimension * dimension)
  }
}

/// A local maximum within bounds, by Newton steps in the numbers that are not held at a bound.
///
/// Where the function is not concave, the Hessian is shifted until it is negative definite. A step that does not rise is halved.
/// - Complexity: O(n³) a step besides the function's own; at most `steps` steps.
struct BoundedMaximum {
  private(set) var point: [Double]
  private(set) var value: Double

  /// Climbs from a point within the bounds.
  init(of function: some BoundedFunction, from start: [Double], steps: Int = 60) {
    point = zip(zip(start, function.lower), function.upper).map { min(max($0.0, $0.1), $1) }
    value = -.infinity
    for _ in 0..<steps {
      let here = function.derivatives(at: point)
      value = here.value
      let free = point.indices.filter { index in
        let slope = here.gradient[index]
        return !(point[index] <= function.lower[index] && slope <= 0)
          && !(point[index] >= function.upper[index] && slope >= 0)
      }
      guard let step = Self.newton(here, free, scale: point), advance(function, step, here) else { return }
    }
  }

  /// Moves along a step as far as the function rises.
  /// - Returns: False when it does not, or no longer by much.
  private mutating func advance(_ function: some BoundedFunction, _ step: [Double], _ here: Derivatives) -> Bool {
    let expected = zip(step, here.gradient).reduce(0) { $0 + $1.0 * $1.1 } / 2
    // Less than this is lost in rounding.
    if expected <= 1e-12 * (1 + abs(here.value)) { return false }
    var length = 1.0
    while length > 1e-9 {
      let next = point.indices.map { index in
        min(max(point[index] + length * step[index], function.lower[index]), function.upper[index])
      }
      let found = function.value(at: next)
      if found > here.value {
        let rise = found - here.value
        (point, value) = (next, found)
        return rise > 1e-9 * (1 + abs(found))
      }
      length /= 2
    }
    return false
  }

  /// (shift − H)⁻¹ g over the free numbers; nil when there are none or the gradient is not finite.
  private static func newton(_ here: Derivatives, _ free: [Int], scale: [Double]) -> [Double]? {
    let count = free.count
    let dimension = here.gradient.count
    guard count > 0, here.value.isFinite, free.allSatisfy({ here.gradient[$0].isFinite }) else { return nil }
    var shift = 0.0
    // Shifts are relative to the size of the diagonal, so that units do not matter.
    let diagonal = free.map { max(abs(here.hessian[$0 * dimension + $0]), 1e-12) }
    for _ in 0..<40 {
      var matrix = [Double](repeating: 0, count: count * count)
      for row in 0..<count {
        for column in 0..<count { matrix[row * count + column] = -here.hessian[free[row] * dimension + free[column]] }
        matrix[row * count + row] += shift * diagonal[row]
      }
      if let solution = solved(&matrix, free.map { here.gradient[$0] }) {
        var step = [Double](repeating: 0, count: dimension)
        for (place, index) in free.enumerated() { step[index] = solution[place] }
        return step
      }
      shift = shift == 0 ? 1e-6 : shift * 4
    }
    return nil
  }

  /// The solution of a symmetric positive definite system by Cholesky's factors; nil when the matrix is not so.
  static func solved(_ matrix: inout [Double], _ right: [Double]) -> [Double]? {
    let count = right.count
    for row in 0..<count {
      for column in 0...row {
        var sum = matrix[row * count + column]
        for k in 0..<column { sum -= matrix[row * count + k] * matrix[column * count + k] }
        if row == column {
          guard sum > 1e-12 * abs(matrix[row * count + row]), sum.isFinite else { return nil }
          matrix[row * count + row] = sum.squareRoot()
        } else {
          matrix[row * count + column] = sum / matrix[column * count + column]
        }
      }
    }
    var solution = right
    for row in 0..<count {
      for k in 0..<row { solution[row] -= matrix[row * count + k] * solution[k] }
      solution[row] /= matrix[row * count + row]
    }
    for row in stride(from: count - 1, through: 0, by: -1) {
      for k in row + 1..<max(row + 1, count) { solution[row] -= matrix[k * count + row] * solution[k] }
      solution[row] /= matrix[row * count + row]
    }
    return solution.allSatisfy(\.isFinite) ? solution : nil
  }
}
