internal import Glibc
public import Indexing

/// The rotation between the frames of two catalogues, from candidate pairs.
///
/// The offset d of a pair is that of a counterpart or of a chance pair, which lies anywhere below the limit T of the search:
///
///     p(d) = w N(d; M ω, s C) + (1 − w) / (2π √|C| T),
///
/// with C the quoted covariance of the pair and M the axes of `FrameRotation` where it lies. The share w, the factor s of the variance and
/// ω maximise the likelihood. The search begins with a wide s, so that an offset of several quoted errors is found.
/// - Complexity: O(pairs) a step, at most `steps` of them.
public struct FrameFit: Sendable {
  /// A candidate pair.
  public struct Pair: Sendable {
    /// Right ascension of the first source, degrees.
    public var raDegrees: Double
    /// Its declination, degrees.
    public var decDegrees: Double
    /// Where the second source lies from it, arcsec to the east.
    public var eastArcsec: Double
    /// Arcsec to the north.
    public var northArcsec: Double
    /// C, the sum of both covariances, arcsec².
    public var covariance: PositionCovariance
    /// T: pairs with χ²/2 below this were looked for.
    public var limit: Double

    /// Makes one.
    public init(
      raDegrees: Double, decDegrees: Double, eastArcsec: Double, northArcsec: Double, covariance: PositionCovariance,
      limit: Double
    ) {
      self.raDegrees = raDegrees
      self.decDegrees = decDegrees
      self.eastArcsec = eastArcsec
      self.northArcsec = northArcsec
      self.covariance = covariance
      self.limit = limit
    }
  }

  /// ω of the second catalogue against the first; to undo it, its sources are rotated by −ω.
  public let rotation: FrameRotation
  /// 1-σ error of the best known component of ω, arcsec.
  public let errorArcsec: Double
  /// ln L above that of no rotation.
  public let gain: Double

  private static let steps = 200
  /// Of more pairs every second is taken, or every third, and so on.
  private static let mostPairs = 20_000
  /// ln L that a rotation must earn: a chance of 10⁻⁸ for three numbers.
  private static let leastGain = 20.0
  /// The prior of each component of ω is normal about 0, so that a twist about the middle of a small field stays small, arcsec.
  private static let priorArcsec = 3.0

  /// Fits ω. It is none where it is not certain.
  public init(_ pairs: [Pair]) {
    let step = pairs.count / Self.mostPairs + 1
    let terms = stride(from: 0, to: pairs.count, by: step).compactMap { Term(pairs[$0]) }
    var (free, fixed) = (Mixture(terms), Mixture(terms))
    for _ in 0..<Self.steps where free.step(terms, isFree: true) {}
    for _ in 0..<Self.steps where fixed.step(terms, isFree: false) {}
    let gain = free.logLikelihood(terms) - fixed.logLikelihood(terms)
    let error = free.errorArcsec
    if terms.isEmpty || !(gain > Self.leastGain) || !error.isFinite {
      (rotation, errorArcsec, self.gain) = (.none, error, gain.isFinite ? max(0, gain) : 0)
      return
    }
    rotation = Self.rounded(free.vector, error: error)
    (errorArcsec, self.gain) = (error, gain)
  }

  /// ω in steps of a power of two that is a quarter of its error at most: some sources more do not change it.
  private static func rounded(_ vector: SIMD3<Double>, error: Double) -> FrameRotation {
    let step = exp2(log2(max(error, 1e-9) / 4).rounded(.down))
    return FrameRotation(vectorArcsec: (vector / step).rounded(.toNearestOrAwayFromZero) * step)
  }

  /// What the likelihood asks of a pair.
  private struct Term {
    let east: SIMD3<Double>
    let north: SIMD3<Double>
    let eastArcsec: Double
    let northArcsec: Double
    /// C⁻¹, arcsec⁻².
    let inverse: (xx: Double, yy: Double, xy: Double)
    let limit: Double

    init?(_ pair: Pair) {
      let c = pair.covariance
      let determinant = c.determinant
      guard determinant > 0, determinant.isFinite, pair.limit > 0, (pair.eastArcsec + pair.northArcsec).isFinite else {
        return nil
      }
      (east, north) = FrameRotation.axes(raDegrees: pair.raDegrees, decDegrees: pair.decDegrees)
      (eastArcsec, northArcsec) = (pair.eastArcsec, pair.northArcsec)
      inverse = (c.yy / determinant, c.xx / determinant, -c.xy / determinant)
      limit = pair.limit
    }

    /// χ²/2 about the offset that ω gives.
    @inline(__always)
    func level(_ vector: SIMD3<Double>) -> Double {
      let (x, y) = (eastArcsec - (vector * east).sum(), northArcsec - (vector * north).sum())
      return (x * x * inverse.xx + y * y * inverse.yy + 2 * x * y * inverse.xy) / 2
    }
  }

  /// The parameters, and one step of expectation and maximisation.
  private struct Mixture {
    var vector = SIMD3<Double>.zero
    private var share = 0.5
    private var factor: Double
    private(set) var errorArcsec = Double.infinity

    init(_ terms: [Term]) { factor = max(1, (terms.map(\.limit).max() ?? 1) / 4) }

    func logLikelihood(_ terms: [Term]) -> Double {
      terms.reduce(0) { sum, term in
        sum + log(share * term.limit / factor * exp(-term.level(vector) / factor) + (1 - share))
      } - (vector * vector).sum() / (2 * FrameFit.priorArcsec * FrameFit.priorArcsec)
    }

    /// - Returns: Whether anything still changes.
    mutating func step(_ terms: [Term], isFree: Bool) -> Bool {
      if terms.isEmpty { return false }
      var (sum, levels) = (0.0, 0.0)
      var normal = NormalEquations(prior: FrameFit.priorArcsec / factor.squareRoot())
      for term in terms {
        let level = term.level(vector)
        let own = share * term.limit / factor * exp(-level / factor)
        let weight = own / (own + (1 - share))
        sum += weight
        levels += weight * level
        if isFree {
          normal.add(
            weight, term.east, term.north, x: term.eastArcsec, y: term.northArcsec, inverse: term.inverse)
        }
      }
      let before = (vector, share, factor)
      share = min(max(sum / Double(terms.count), 1e-6), 1 - 1e-6)
      factor = min(max(levels / max(sum, 1e-9), 0.01), 1e3)
      if isFree, let solved = normal.solution() {
        vector = solved.vector
        errorArcsec = solved.smallestError * factor.squareRoot()
      }
      let moved = ((vector - before.0) * (vector - before.0)).sum().squareRoot()
      return moved > 1e-7 || abs(share - before.1) > 1e-7 || abs(factor - before.2) > 1e-7 * factor
    }
  }

  /// Σ w Mᵀ C⁻¹ M ω = Σ w Mᵀ C⁻¹ d.
  private struct NormalEquations {
    private var matrix = SmallMatrix(size: 3)
    private var right = SIMD3<Double>.zero

    init(prior: Double) { for row in 0..<3 { matrix[row, row] = 1 / (prior * prior) } }

    @inline(__always)
    mutating func add(
      _ weight: Double, _ east: SIMD3<Double>, _ north: SIMD3<Double>, x: Double, y: Double,
      inverse: (xx: Double, yy: Double, xy: Double)
    ) {
      let (fromEast, fromNorth) = (
        weight * (inverse.xx * east + inverse.xy * north), weight * (inverse.xy * east + inverse.yy * north)
      )
      right += fromEast * x + fromNorth * y
      for row in 0..<3 {
        for column in 0...row { matrix[row, column] += fromEast[row] * east[column] + fromNorth[row] * north[column] }
      }
    }

    /// The solution with the smallest 1-σ error in any direction, for unit variance.
    func solution() -> (vector: SIMD3<Double>, smallestError: Double)? {
      var whole = matrix
      whole.mirror()
      let (values, vectors) = whole.eigen()
      guard values.allSatisfy({ $0 > 0 && $0.isFinite }), let largest = values.max() else { return nil }
      var result = SIMD3<Double>.zero
      for index in 0..<3 {
        let axis = SIMD3(vectors[0, index], vectors[1, index], vectors[2, index])
        result += axis * ((axis * right).sum() / values[index])
      }
      return (result, 1 / largest.squareRoot())
    }
  }
}
