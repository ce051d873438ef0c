internal import Glibc
public import Indexing

/// m and n everywhere on the sky, from the sightlines on which they were measured: smooth, with errors, and never a jump at a border.
///
/// The numbers that are fitted are taken as a Gaussian process about their mean: of a variance T beyond the errors of the sightlines, with the correlation
///
///     k(d) = (1 − d/R)⁴ (1 + 4 d/R),   d < R
///
/// (Wendland), R four times the median distance to the nearest other sightline. Where a sightline has few pairs its neighbours say more; where none is
/// near, the mean of all holds. T is the excess of the scatter over the errors (DerSimonian & Laird): if there is none, all of the sky is one.
///
/// - Source: Rasmussen & Williams (2006), *Gaussian Processes for Machine Learning*, chapter 2; Wendland (1995), Advances in Computational Mathematics 4, 389;
///   DerSimonian & Laird (1986), Controlled Clinical Trials 7, 177.
public struct CorrectionMap: Sendable {
  /// The relation of all sightlines.
  public let relation: ErrorRelation
  /// The means over the sky of the numbers that are fitted, and the variances about them beyond errors.
  public let means: SIMD2<Double>
  public let scatter: SIMD2<Double>
  /// R, radians.
  public let rangeRadians: Double
  private let sites: [Site]

  /// The most sightlines.
  public static let mostSites = 1 << 14
  /// A local solution takes at most so many of the nearest sightlines.
  private static let mostNear = 48

  private struct Site: Sendable {
    let place: SIMD3<Double>
    let values: SIMD2<Double>
    let variances: SIMD2<Double>
    /// (K + N)⁻¹ (values − means), once solved.
    var weights = SIMD2<Double>.zero
  }

  /// What is believed at a position.
  public struct Estimate: Sendable, Hashable {
    /// m and n.
    public let correction: ErrorCorrection
    /// The numbers that are fitted, and their variances.
    public let values: SIMD2<Double>
    public let variances: SIMD2<Double>
    /// Whether the nearest sightline is not measured, less well than its neighbours let expect, or farther than R: the estimate is borrowed.
    public let isBorrowed: Bool
  }

  /// From the records of sightlines.
  /// - Throws: `CorrectionError` if none is measured, their relations differ, or there are too many.
  /// - Complexity: O(sightlines²) distances, then some hundred passes over neighbours.
  public init(_ records: [CorrectionRecord]) throws {
    let measured = records.filter { $0.isMeasured && $0.variances.x > 0 && $0.variances.y > 0 }
    guard let first = measured.first, records.count <= Self.mostSites,
      records.allSatisfy({ $0.relation == first.relation })
    else {
      throw CorrectionError(
        "a map of corrections has \(records.count) sightlines, \(measured.count) of them measured; "
          + "allowed: 1 to \(Self.mostSites), all of one relation; take larger sightlines")
    }
    relation = first.relation
    var measurements = measured.compactMap { record in
      SkyPosition(raDegrees: record.raDegrees, decDegrees: record.decDegrees).map {
        Site(place: $0.unitVector, values: record.values, variances: record.variances)
      }
    }
    let x = Self.moments(measurements.map { ($0.values.x, $0.variances.x) })
    let y = Self.moments(measurements.map { ($0.values.y, $0.variances.y) })
    let (means, scatter) = (SIMD2(x.mean, y.mean), SIMD2(x.scatter, y.scatter))
    rangeRadians = Self.range(measurements.map(\.place))
    let system = CorrectionSystem(places: measurements.map(\.place), range: rangeRadians)
    for axis in 0..<2 where scatter[axis] > 0 {
      let solution = system.solved(
        noise: measurements.map { $0.variances[axis] / scatter[axis] },
        right: measurements.map { $0.values[axis] - means[axis] })
      for place in measurements.indices { measurements[place].weights[axis] = solution[place] }
    }
    (self.means, self.scatter, sites) = (means, scatter, measurements)
  }

  /// The mean with the scatter about it, both from values with variances.
  private static func moments(_ values: [(value: Double, variance: Double)]) -> (mean: Double, scatter: Double) {
    func mean(_ scatter: Double) -> Double {
      let sums = values.reduce(SIMD2<Double>.zero) { $0 + SIMD2($1.value, 1) / ($1.variance + scatter) }
      return sums.x / sums.y
    }
    let (fixed, sum) = (mean(0), values.reduce(0) { $0 + 1 / $1.variance })
    let squares = values.reduce(0) { $0 + 1 / ($1.variance * $1.variance) }
    let spread = values.reduce(0) { $0 + ($1.value - fixed) * ($1.value - fixed) / $1.variance }
    let excess = (spread - Double(values.count - 1)) / max(sum - squares / sum, 1e-300)
    let scatter = values.count > 1 && excess > 0 && excess.isFinite ? excess : 0
    return (mean(scatter), scatter)
  }

  /// Four times the median distance to the nearest other, at most 1.
  private static func range(_ places: [SIMD3<Double>]) -> Double {
    guard places.count > 1 else { return 0.1 }
    let nearest = places.indices.map { i in
      places.indices.reduce(4.0) { least, j in
        let apart = places[i] - places[j]
        return i == j ? least : min(least, (apart * apart).sum())
      }.squareRoot()
    }
    return min(max(4 * CorrectionScale.median(nearest), 1e-6), 1)
  }

  /// m and n at a position, without their errors.
  /// - Complexity: O(sightlines).
  public func correction(at position: SkyPosition) -> ErrorCorrection {
    let place = position.unitVector
    let values = sites.reduce(means) { sum, site in
      sum + CorrectionSystem.kernel(site.place, place, range: rangeRadians) * site.weights
    }
    return ErrorCorrection(relation: relation, fitted: values)
  }

  /// Whether m and n are the same everywhere.
  public var isConstant: Bool { scatter == .zero }

  /// What is believed at a position.
  /// - Complexity: O(sightlines) and a system of those within R: some 0.2 ms with 48 of them. Ask once a pixel, not once a source.
  public func estimate(at position: SkyPosition) -> Estimate {
    let place = position.unitVector
    let near = sites.indices.compactMap { index -> (index: Int, kernel: Double)? in
      let kernel = CorrectionSystem.kernel(sites[index].place, place, range: rangeRadians)
      return kernel > 0 ? (index, kernel) : nil
    }
    let values = near.reduce(means) { $0 + $1.kernel * sites[$1.index].weights }
    let closest = near.sorted { $0.kernel > $1.kernel }.prefix(Self.mostNear)
    let variances = SIMD2(variance(closest, axis: 0), variance(closest, axis: 1))
    let nearest = closest.first.map { sites[$0.index].variances }
    let isPoor =
      nearest.map { $0.x > max(scatter.x, 4 * variances.x) || $0.y > max(scatter.y, 4 * variances.y) } ?? true
    return Estimate(
      correction: ErrorCorrection(relation: relation, fitted: values), values: values, variances: variances,
      isBorrowed: isPoor)
  }

  /// T (1 − kᵀ (K + N)⁻¹ k), with the error of the mean where there is no scatter at all.
  private func variance(_ near: ArraySlice<(index: Int, kernel: Double)>, axis: Int) -> Double {
    let mean = 1 / sites.reduce(0) { $0 + 1 / ($1.variances[axis] + scatter[axis]) }
    guard scatter[axis] > 0, !near.isEmpty else { return mean + scatter[axis] }
    var matrix = SmallMatrix(size: near.count)
    for (row, one) in near.enumerated() {
      for (column, other) in near.enumerated() {
        matrix[row, column] = CorrectionSystem.kernel(
          sites[one.index].place, sites[other.index].place, range: rangeRadians)
      }
      matrix[row, row] += sites[one.index].variances[axis] / scatter[axis]
    }
    let solution = matrix.solved(near.map(\.kernel))
    let explained = zip(near, solution).reduce(0) { $0 + $1.0.kernel * $1.1 }
    return mean * max(1 - explained, 0) + scatter[axis] * max(1 - explained, 1e-12)
  }
}
