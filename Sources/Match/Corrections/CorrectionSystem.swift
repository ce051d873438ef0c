internal import Glibc

/// The correlations of sightlines within a range of one another, and what solves (K + N) x = b.
struct CorrectionSystem {
  /// The later neighbours of each site and their correlation.
  private let neighbours: [[(index: Int, kernel: Double)]]

  private static let mostRounds = 1000

  /// - Complexity: O(sites²) distances.
  init(places: [SIMD3<Double>], range: Double) {
    neighbours = places.indices.map { i in
      (i + 1..<max(places.count, i + 1)).compactMap { j in
        let kernel = Self.kernel(places[i], places[j], range: range)
        return kernel > 0 ? (j, kernel) : nil
      }
    }
  }

  /// (1 − d/R)⁴ (1 + 4 d/R) of the chord d between two directions: positive definite in space, so on the sphere.
  @inline(__always)
  static func kernel(_ one: SIMD3<Double>, _ other: SIMD3<Double>, range: Double) -> Double {
    let apart = one - other
    let square = (apart * apart).sum()
    guard square < range * range else { return 0 }
    let x = square.squareRoot() / range
    let rest = (1 - x) * (1 - x)
    return rest * rest * (1 + 4 * x)
  }

  /// (K + diag(noise)) times a vector.
  private func product(_ noise: [Double], _ vector: [Double]) -> [Double] {
    var result = zip(noise, vector).map { (1 + $0) * $1 }
    for (i, list) in neighbours.enumerated() {
      for (j, kernel) in list {
        result[i] += kernel * vector[j]
        result[j] += kernel * vector[i]
      }
    }
    return result
  }

  /// x, by conjugate gradients scaled by the diagonal.
  func solved(noise: [Double], right: [Double]) -> [Double] {
    var (x, rest) = ([Double](repeating: 0, count: right.count), right)
    var scaled = zip(rest, noise).map { $0 / (1 + $1) }
    var direction = scaled
    var size = zip(rest, scaled).reduce(0) { $0 + $1.0 * $1.1 }
    let enough = 1e-20 * size
    for _ in 0..<Self.mostRounds where size > enough && size > 0 {
      let moved = product(noise, direction)
      let curvature = zip(direction, moved).reduce(0) { $0 + $1.0 * $1.1 }
      guard curvature > 0 else { return x }
      let step = size / curvature
      for i in x.indices {
        x[i] += step * direction[i]
        rest[i] -= step * moved[i]
      }
      scaled = zip(rest, noise).map { $0 / (1 + $1) }
      let next = zip(rest, scaled).reduce(0) { $0 + $1.0 * $1.1 }
      for i in direction.indices { direction[i] = scaled[i] + next / size * direction[i] }
      size = next
    }
    return x
  }
}
