internal import Glibc

/// Where a source of a blurred catalogue is seen if it is an object of a sharp one together with others that the sharp catalogue lists beside it, and how probable its magnitude is then.
///
/// The object is the brightest of them in the blurred band. With m₀ its magnitude there and m₀ + ρ_k those of the others, ρ_k ≥ 0, each normal about what its magnitude in the
/// sharp catalogue says, a blurred source of magnitude m at the offset **d** has the density
///
///     L(m, **d**) = ∫ Π dρ_k  N(m₀; μ₀, s₀) Π N(m₀ + ρ_k; μ_k, s_k)  G(**d** − x̄(ρ)),      m₀ = m + 2.5 log₁₀ S(ρ)
///
/// x̄ and S are position and relative flux of the fit of one PSF: the highest place of S(x) = ψ(x) + Σ 10^(−0.4 ρ_k) ψ(x − x_k), ψ(u) = exp(−|u|²/4σ_P²), uphill of the object.
/// The integral is a sum over 64 points of a Kronecker sequence, drawn from the normal laws at the m₀ of the mean fluxes and cut off at 0. It keeps its buffers for the next source.
///
/// - Source: docs/method.md §2, equation (4c).
public struct BlendHypotheses: Sendable {
  /// Another object.
  public struct Neighbour: Sendable, Hashable {
    /// Where it is from the object, arcsec.
    public var eastArcsec: Double
    public var northArcsec: Double
    /// What its magnitude in the blurred band is expected to be.
    public var expected: BlendMagnitude

    /// Another object.
    public init(eastArcsec: Double, northArcsec: Double, expected: BlendMagnitude) {
      (self.eastArcsec, self.northArcsec, self.expected) = (eastArcsec, northArcsec, expected)
    }
  }

  /// Points of the sum.
  public static let count = 64
  /// No more others than these are looked at, the brightest.
  public static let mostNeighbours = 6
  /// Others that are fainter than the source by more, mag, are not: 1 % of the flux.
  public static let depth = 5.0

  /// By point: x̄ − **0**, arcsec.
  public private(set) var eastArcsec = [Double](repeating: 0, count: count)
  public private(set) var northArcsec = [Double](repeating: 0, count: count)
  /// By point: m₀.
  public private(set) var magnitudes = [Double](repeating: 0, count: count)
  /// By point: ln of its part of L without G, mag⁻¹.
  public private(set) var logWeights = [Double](repeating: 0, count: count)

  private typealias Lanes = SIMD8<Double>
  private static let blocks = count / 8
  private let sigmaArcsec: Double
  /// By other object, then block of points: its flux relative to that of the object.
  private var fluxes = [Lanes](repeating: .zero, count: mostNeighbours * blocks)
  private var differences = [Lanes](repeating: .zero, count: mostNeighbours * blocks)
  private var x = [Lanes](repeating: .zero, count: blocks)
  private var y = [Lanes](repeating: .zero, count: blocks)

  /// For sources of one PSF.
  public init(_ pointSpread: PointSpread) { sigmaArcsec = pointSpread.sigmaArcsec }

  /// Looks at a source.
  /// - Parameters:
  ///   - magnitude: m.
  ///   - own: μ₀ and s₀.
  ///   - neighbours: At most `mostNeighbours` are looked at, the first.
  /// - Returns: Whether the object can be as bright as that, with or without the others; if not, nothing is looked at.
  /// - Complexity: some 5 µs for each neighbour.
  @discardableResult
  public mutating func look(magnitude: Double, own: BlendMagnitude, _ neighbours: [Neighbour]) -> Bool {
    let others = neighbours.prefix(Self.mostNeighbours)
    // The object is as bright as the source at most, and at least as bright as the others, which take equal parts of its light then.
    let nearest = min(max(own.mean, magnitude), magnitude + 2.5 * log10(Double(1 + others.count)))
    if abs(own.mean - nearest) > Self.farthest * max(own.sigma, BlendMagnitude.leastSigma) { return false }
    let usual = usual(magnitude, others)
    var logFactor =
      -log(Double(Self.count)) - log(max(own.sigma, BlendMagnitude.leastSigma) * (2 * Double.pi).squareRoot())
    for (k, other) in others.enumerated() { logFactor += draw(k, of: others.count, other.expected, usual) }
    for block in 0..<Self.blocks { climb(block, others) }
    for block in 0..<Self.blocks { weigh(block, magnitude, own, others, usual, logFactor) }
    return true
  }
  /// No object is so many widths away from what is expected.
  private static let farthest = 8.0

  /// m̂₀: the magnitude of the object if the others have their mean fluxes.
  private func usual(_ magnitude: Double, _ others: ArraySlice<Neighbour>) -> Double {
    var usual = magnitude
    for _ in 0..<3 {
      var sum = 1.0
      for other in others {
        let fainter = max(other.expected.mean - usual, 0)
        // ψ about half way, where the fit lies if the other is bright.
        let (u, v) = (other.eastArcsec / sigmaArcsec, other.northArcsec / sigmaArcsec)
        sum += exp(-0.4 * M_LN10 * fainter - (u * u + v * v) / 8)
      }
      usual = magnitude + 2.5 * log10(sum)
    }
    return usual
  }

  /// Draws ρ_k of all points from the normal law at m̂₀, cut off at 0.
  /// - Returns: ln of the part of that law that is left.
  private mutating func draw(_ k: Int, of count: Int, _ expected: BlendMagnitude, _ usual: Double) -> Double {
    let sigma = max(expected.sigma, BlendMagnitude.leastSigma)
    let mean = expected.mean - usual
    let share = max(0.5 * erfc(-mean / sigma / 2.0.squareRoot()), Self.leastShare)
    for point in 0..<Self.count {
      let place = Self.places[(count - 1) * Self.mostNeighbours * Self.count + k * Self.count + point]
      // ρ has more than `place` of what is left above it.
      let difference = max(mean - sigma * NormalQuantile.value(place * share), 0)
      differences[k * Self.blocks + point / 8][point % 8] = difference
      fluxes[k * Self.blocks + point / 8][point % 8] = exp(-0.4 * M_LN10 * difference)
    }
    return log(share)
  }
  private static let leastShare = 1e-15

  /// The places in (0, 1) of all points by number of dimensions, then dimension: middles of equal steps in the first, n φ⁻ᵏ modulo 1 in
  /// the others, φ the positive root of φᵈ = φ + 1.
  private static let places: [Double] = (1...mostNeighbours).flatMap { dimensions in
    var root = 1.5
    for _ in 0..<64 { root = pow(1 + root, 1 / Double(dimensions)) }
    return (0..<mostNeighbours).flatMap { k in
      (0..<count).map { n in
        if k == 0 { return (Double(n) + 0.5) / Double(count) }
        let place = 0.5 + Double(n + 1) / pow(root, Double(k))
        return min(max(place - place.rounded(.down), 1e-9), 1 - 1e-9)
      }
    }
  }

  /// S and its derivatives at eight places.
  private struct Surface {
    var value: Lanes
    var (gradientX, gradientY): (Lanes, Lanes)
    var (xx, xy, yy): (Lanes, Lanes, Lanes)

    /// The object alone.
    init(_ x: Lanes, _ y: Lanes) {
      (value, gradientX, gradientY, xx, xy, yy) = (.zero, .zero, .zero, .zero, .zero, .zero)
      add(Lanes(repeating: 1), -x, -y)
    }

    @inline(__always)
    mutating func add(_ flux: Lanes, _ dx: Lanes, _ dy: Lanes) {
      let weight = flux * Exponentials.nonPositive(-(dx * dx + dy * dy) / 4)
      value += weight
      gradientX += weight * dx / 2
      gradientY += weight * dy / 2
      xx += weight * (dx * dx / 4 - 0.5)
      xy += weight * dx * dy / 4
      yy += weight * (dy * dy / 4 - 0.5)
    }

    /// The step to the weighted mean of all places, which always leads uphill; Newton's where S is concave and that is short.
    func step(newton: Bool) -> (x: Lanes, y: Lanes) {
      let shift = (x: 2 * gradientX / value, y: 2 * gradientY / value)
      if !newton { return shift }
      let determinant = xx * yy - xy * xy
      let (x, y) = ((xy * gradientY - yy * gradientX) / determinant, (xy * gradientX - xx * gradientY) / determinant)
      let isSafe = xx .< 0 .& determinant .> 0 .& (x * x + y * y) .<= 0.25
      return (shift.x.replacing(with: x, where: isSafe), shift.y.replacing(with: y, where: isSafe))
    }
  }

  private func surface(_ block: Int, _ others: ArraySlice<Neighbour>, _ x: Lanes, _ y: Lanes) -> Surface {
    var surface = Surface(x, y)
    for (k, other) in others.enumerated() {
      let (u, v) = (other.eastArcsec / sigmaArcsec, other.northArcsec / sigmaArcsec)
      surface.add(fluxes[k * Self.blocks + block], u - x, v - y)
    }
    return surface
  }

  /// The highest place uphill of the object: mean shifts, then Newton's method.
  private mutating func climb(_ block: Int, _ others: ArraySlice<Neighbour>) {
    var (x, y) = (Lanes.zero, Lanes.zero)
    for count in 0..<Self.mostSteps {
      let step = surface(block, others, x, y).step(newton: count >= Self.meanShifts)
      x += step.x
      y += step.y
      if (step.x * step.x + step.y * step.y).max() < Self.nearEnough { break }
    }
    (self.x[block], self.y[block]) = (x, y)
  }
  private static let meanShifts = 2
  private static let mostSteps = 40
  /// (σ_P/1000)².
  private static let nearEnough = 1e-6

  private mutating func weigh(
    _ block: Int, _ magnitude: Double, _ own: BlendMagnitude, _ others: ArraySlice<Neighbour>, _ usual: Double,
    _ logFactor: Double
  ) {
    let (x, y) = (x[block], y[block])
    let flux = surface(block, others, x, y).value
    for lane in 0..<8 {
      let point = block * 8 + lane
      let brightest = magnitude + 2.5 * log10(flux[lane])
      var logWeight = logFactor - Self.halfSquare(brightest - own.mean, own.sigma)
      for (k, other) in others.enumerated() {
        let (difference, expected) = (differences[k * Self.blocks + block][lane], other.expected)
        logWeight +=
          Self.halfSquare(usual + difference - expected.mean, expected.sigma)
          - Self.halfSquare(brightest + difference - expected.mean, expected.sigma)
      }
      (magnitudes[point], logWeights[point]) = (brightest, logWeight)
      eastArcsec[point] = x[lane] * sigmaArcsec
      northArcsec[point] = y[lane] * sigmaArcsec
    }
  }

  private static func halfSquare(_ value: Double, _ sigma: Double) -> Double {
    let ratio = value / max(sigma, BlendMagnitude.leastSigma)
    return ratio * ratio / 2
  }

  /// The mean of m₀ over the points.
  public var meanMagnitude: Double {
    let most = logWeights.max() ?? 0
    var (sum, weights) = (0.0, 0.0)
    for point in 0..<Self.count {
      let weight = exp(logWeights[point] - most)
      sum += weight * magnitudes[point]
      weights += weight
    }
    return sum / weights
  }
}
