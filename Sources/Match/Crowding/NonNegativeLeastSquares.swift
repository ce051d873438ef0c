/// Least squares with coefficients that may not be negative: minimises |M c − y|² from MᵀM and Mᵀy.
///
/// - Source: Lawson & Hanson (1974), chapter 23.
struct NonNegativeLeastSquares {
  private let gram: [Double]
  private let moments: [Double]
  private let count: Int
  private var isFree: [Bool]
  private(set) var coefficients: [Double]

  private static let ridge = 1e-11

  /// Solves it.
  /// - Parameters:
  ///   - gram: MᵀM, row by row.
  ///   - moments: Mᵀy.
  /// - Complexity: O(n⁴) at worst, bounded.
  init(gram: [Double], moments: [Double]) {
    count = moments.count
    self.gram = gram
    self.moments = moments
    isFree = Array(repeating: false, count: count)
    coefficients = Array(repeating: 0, count: count)
    for _ in 0..<4 * count {
      guard let next = steepest() else { return }
      isFree[next] = true
      settle()
    }
  }

  /// The bound coefficient whose rise lowers the sum of squares most.
  private func steepest() -> Int? {
    var best: (place: Int, slope: Double)?
    for i in 0..<count where !isFree[i] {
      var slope = moments[i]
      for j in 0..<count where coefficients[j] > 0 { slope -= gram[i * count + j] * coefficients[j] }
      if slope > 1e-12 * abs(moments[i]), slope > best?.slope ?? 0 { best = (i, slope) }
    }
    return best?.place
  }

  /// Solves for the free coefficients; binds those that would become negative, until none does.
  private mutating func settle() {
    for _ in 0..<count {
      let places = (0..<count).filter { isFree[$0] }
      let solution = solve(places)
      if solution.allSatisfy({ $0 > 0 }) {
        for (place, value) in zip(places, solution) { coefficients[place] = value }
        return
      }
      retreat(places, towards: solution)
    }
  }

  /// Goes towards the solution as far as all stay positive.
  private mutating func retreat(_ places: [Int], towards solution: [Double]) {
    var step = 1.0
    for (place, value) in zip(places, solution) where value <= 0 {
      let now = coefficients[place]
      step = min(step, now / max(now - value, .leastNormalMagnitude))
    }
    for (place, value) in zip(places, solution) {
      coefficients[place] += step * (value - coefficients[place])
      if value <= 0 && coefficients[place] <= 1e-14 {
        coefficients[place] = 0
        isFree[place] = false
      }
    }
  }

  /// Cholesky's decomposition of the free rows and columns.
  private func solve(_ places: [Int]) -> [Double] {
    let n = places.count
    var factor = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        var sum = gram[places[i] * count + places[j]] * (i == j ? 1 + Self.ridge : 1)
        for k in 0..<j { sum -= factor[i * n + k] * factor[j * n + k] }
        factor[i * n + j] = i == j ? max(sum, 1e-300).squareRoot() : sum / factor[j * n + j]
      }
    }
    var solution = places.map { moments[$0] }
    for i in 0..<n {
      for k in 0..<i { solution[i] -= factor[i * n + k] * solution[k] }
      solution[i] /= factor[i * n + i]
    }
    for i in (0..<n).reversed() {
      for k in i + 1..<n { solution[i] -= factor[k * n + i] * solution[k] }
      solution[i] /= factor[i * n + i]
    }
    return solution
  }
}
