internal import Glibc

/// The models of one catalogue band on one sightline, over local density and magnitude, and what lies between them.
///
/// Between models everything is interpolated bilinearly in (ln N, m): a source follows each of the four models around it with a
/// probability. Transforms stay transforms, mixtures stay positive, and the probabilities of contamination fit both. Outside the grid the nearest edge holds.
public final class PerturbationGrid: Sendable {
  /// The band's PSF.
  public let pointSpread: PointSpread
  /// The Gaussians of the mixtures.
  public let basis: MixtureBasis
  /// ln N of the rows, N in deg⁻², ascending.
  public let logDensities: [Double]
  /// m of the columns, mag, ascending.
  public let magnitudes: [Double]
  /// The models, density by density.
  public let models: [PerturbationModel]
  /// The largest error of G and F of a law as a mixture.
  public let errors: MixtureFit.Errors
  /// The same of the laws without bright neighbours, which end more sharply.
  public let conditionalErrors: MixtureFit.Errors
  let mixtures: [Mixtures]
  /// By model: the mean square of the pull along one axis, arcsec².
  private let variances: [Double]

  /// The law of a source as a mixture, and the same joined with the absence of bright neighbours.
  public struct Mixtures: Sendable, Hashable {
    /// The law; its total is 1.
    public var law: PerturbationMixture
    /// The law where no neighbour has more than 10 % of the flux, times the probability of that, which is its total.
    public var without10: PerturbationMixture
    /// The same for 1 %.
    public var without1: PerturbationMixture

    /// The law of a source of which all neighbours above a relative flux are known; its total is 1.
    /// - Parameter flux: From 1 on nothing is known; at 0.01 and below, all that counts.
    public func law(below flux: Double) -> PerturbationMixture {
      let place = min(max(-log10(flux), 0), 2)
      let (bright, faint) = place < 1 ? (law, without10) : (without10, without1)
      let share = place - (place < 1 ? 0 : 1)
      return PerturbationMixture(
        weights: (1 - share) * bright.normalised.weights + share * faint.normalised.weights)
    }

    /// No neighbours.
    public static let none = Mixtures(law: .none, without10: .none, without1: .none)
  }

  /// Where a source lies among the models: the first of the four around it, the steps to the others, and how far it is on the way to them.
  public struct Place: Sendable, Hashable {
    let first: Int32
    /// From a magnitude to the next, and from a density to the next; 0 at an edge.
    let right: Int32
    let up: Int32
    /// 0 to 1.
    let toRight: Double
    let toUp: Double

    /// The four models.
    @inline(__always)
    var models: SIMD4<Int32> { SIMD4(first, first + right, first + up, first + up + right) }
    /// Their shares.
    @inline(__always)
    var shares: SIMD4<Double> {
      SIMD4((1 - toUp) * (1 - toRight), (1 - toUp) * toRight, toUp * (1 - toRight), toUp * toRight)
    }
  }

  /// - Parameters:
  ///   - fit: Of the band's PSF.
  ///   - models: One for each density and magnitude, the magnitude changing first.
  /// - Throws: `CrowdingError` unless both axes ascend, are finite, and there is a model for each of their points.
  /// - Complexity: O(models), some 0.3 ms each.
  public init(
    fit: MixtureFit, logDensities: [Double], magnitudes: [Double], models: [PerturbationModel]
  ) throws {
    for (name, axis) in [("ln N", logDensities), ("m", magnitudes)] {
      guard Self.ascends(axis) else {
        throw CrowdingError(
          "the axis \(name) of a grid of models", given: "\(axis.count) points", allowed: "ascending, finite")
      }
    }
    guard models.count == logDensities.count * magnitudes.count, models.count <= Int(Int32.max) else {
      throw CrowdingError(
        "the number of models of a grid", given: "\(models.count)",
        allowed: "\(logDensities.count) densities times \(magnitudes.count) magnitudes")
    }
    (pointSpread, basis) = (fit.pointSpread, fit.basis)
    (self.logDensities, self.magnitudes, self.models) = (logDensities, magnitudes, models)
    let none = MixtureFit.Errors(density: 0, cumulative: 0)
    var (errors, conditional) = (none, none)
    func fitted(_ law: PerturbationLaw, _ probability: Double, _ errors: inout MixtureFit.Errors) -> PerturbationMixture
    {
      let (mixture, found) = fit.fit(law)
      errors.density = max(errors.density, found.density)
      errors.cumulative = max(errors.cumulative, found.cumulative)
      return PerturbationMixture(weights: probability * mixture.weights)
    }
    mixtures = models.map {
      Mixtures(
        law: fitted($0.law, 1, &errors), without10: fitted($0.lawWithout10, 1 - $0.contaminated10, &conditional),
        without1: fitted($0.lawWithout1, 1 - $0.contaminated1, &conditional))
    }
    (self.errors, conditionalErrors) = (errors, conditional)
    variances = Self.variances(mixtures, basis)
  }

  /// A grid whose mixtures are known.
  init(
    pointSpread: PointSpread, logDensities: [Double], magnitudes: [Double], models: [PerturbationModel],
    mixtures: [Mixtures], errors: MixtureFit.Errors, conditionalErrors: MixtureFit.Errors
  ) {
    (self.pointSpread, basis) = (pointSpread, MixtureBasis(pointSpread))
    (self.logDensities, self.magnitudes) = (logDensities, magnitudes)
    (self.models, self.mixtures) = (models, mixtures)
    (self.errors, self.conditionalErrors) = (errors, conditionalErrors)
    variances = Self.variances(mixtures, basis)
  }

  private static func variances(_ mixtures: [Mixtures], _ basis: MixtureBasis) -> [Double] {
    mixtures.map { $0.law.variance(basis) }
  }

  /// Whether an axis has points, all finite, each above the one before.
  static func ascends(_ axis: [Double]) -> Bool {
    !axis.isEmpty && axis.allSatisfy(\.isFinite) && zip(axis, axis.dropFirst()).allSatisfy { $0 < $1 }
  }

  /// Where a source lies. Densities and magnitudes that are unknown (NaN) count as the first of the axis.
  /// - Parameter densityPerDegree2: N; 0 and less count as the lowest density.
  public func place(densityPerDegree2: Double, magnitude: Double) -> Place {
    let (row, up) = Self.cell(logDensities, densityPerDegree2 > 0 ? log(densityPerDegree2) : -.infinity)
    let (column, right) = Self.cell(magnitudes, magnitude)
    return Place(
      first: Int32(row * magnitudes.count + column), right: column + 1 < magnitudes.count ? 1 : 0,
      up: row + 1 < logDensities.count ? Int32(magnitudes.count) : 0, toRight: right, toUp: up)
  }

  /// The cell of an axis and the place within, 0 to 1.
  private static func cell(_ axis: [Double], _ value: Double) -> (cell: Int, place: Double) {
    guard value > axis[0] else { return (0, 0) }
    var (low, high) = (0, axis.count - 1)
    guard value < axis[high] else { return (high, 0) }
    while high - low > 1 {
      let middle = (low + high) / 2
      if axis[middle] <= value { low = middle } else { high = middle }
    }
    return (low, (value - axis[low]) / (axis[low + 1] - axis[low]))
  }

  /// The mixtures of a source. No memory is allocated.
  public func mixtures(at place: Place) -> Mixtures {
    Mixtures(
      law: mixture(place) { $0.law }, without10: mixture(place) { $0.without10 },
      without1: mixture(place) { $0.without1 })
  }

  /// The law of a source alone as a mixture.
  public func mixture(at place: Place) -> PerturbationMixture { mixture(place) { $0.law } }

  /// The law without neighbours of more than 10 % of the flux, times the probability that there are none, which is its total.
  public func mixtureWithoutBright(at place: Place) -> PerturbationMixture { mixture(place) { $0.without10 } }

  @inline(__always)
  private func mixture(_ place: Place, _ part: (Mixtures) -> PerturbationMixture) -> PerturbationMixture {
    var weights = MixtureValues()
    let (models, shares) = (place.models, place.shares)
    for c in 0..<4 where shares[c] > 0 { weights = weights + shares[c] * part(mixtures[Int(models[c])]).weights }
    return PerturbationMixture(weights: weights)
  }

  /// The mean square of the pull of a source along one axis, arcsec².
  public func varianceArcsec2(at place: Place) -> Double {
    let (models, shares) = (place.models, place.shares)
    var sum = 0.0
    for c in 0..<4 { sum += shares[c] * variances[Int(models[c])] }
    return sum
  }

  /// The exact model of a source: laws, contamination and flux.
  public func model(at place: Place) -> PerturbationModel {
    let (places, shares) = (place.models, place.shares)
    return .mixed((0..<4).filter { shares[$0] > 0 }.map { (shares[$0], models[Int(places[$0])]) })
  }

  /// The probabilities of contamination above 10 % and 1 %, and the mean contaminating flux relative to the source's own.
  public func contamination(at place: Place) -> (above10: Double, above1: Double, meanFlux: Double) {
    var sums = SIMD3<Double>.zero
    let (places, shares) = (place.models, place.shares)
    for c in 0..<4 where shares[c] > 0 {
      let model = models[Int(places[c])]
      sums += shares[c] * SIMD3(model.contaminated10, model.contaminated1, model.meanFlux)
    }
    return (sums.x, sums.y, sums.z)
  }
}
