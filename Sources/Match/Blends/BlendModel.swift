internal import Glibc

/// Which sources of a high-resolution catalogue a lie unresolved inside a source of a low-resolution catalogue b, and how much
/// of its flux is theirs.
///
/// Object 0 is the counterpart of b; objects i ≥ 1 are other sources of a near it. Each has in b's band an expected magnitude
/// from a colour law. Object i lies inside with the prior probability
///
///     πᵢ = (1 − qᵢ) P(|dᵢ + noise| ≤ R),     R = 1.185 FWHM
///
/// qᵢ that of being the counterpart of another source of b. It then adds cᵢ = ψ(dᵢ) fᵢ to the measured flux. With T = Σ cᵢ
/// and the likelihood L(T) of the measured magnitude, normal in mag,
///
///     share of i = ∫ (cᵢ/T) L dP / ∫ L dP,     inside = 1 − (1 − πᵢ) ∫ L dP₋ᵢ / ∫ L dP
///
/// P₋ᵢ without object i. Distributions of sums are products of transforms: no sampling, no linearisation. The flux of a PSF fit
/// at the fitted position is that at object 0 to second order in the pull.
///
/// - Source: equations above; overlap of PSFs: Plewa & Sari (2018).
public struct BlendModel: Sendable {
  private let pointSpread: PointSpread
  private let measure: BlendMeasure
  private let circle: InsideCircle
  private let grid = FluxGrid()

  /// A measured flux is never taken as better or worse known than this, mag: steps are that fine and reach that far.
  public static let magnitudeErrors = 0.01...0.5
  /// More neighbours are refused.
  public static let mostNeighbours = 1000
  private static let leastEvidence = 1e-9

  /// The model for b's PSF.
  public init(pointSpread: PointSpread, measure: BlendMeasure = .fitted) {
    (self.pointSpread, self.measure) = (pointSpread, measure)
    circle = InsideCircle(radiusArcsec: pointSpread.circleArcsec)
  }

  /// The blend of one source.
  /// - Throws: `BlendError` if a number is not finite or outside what makes sense, or if there are too many neighbours.
  /// - Complexity: O(neighbours); some 0.1 ms each.
  public func blend(_ source: BlendSource, _ neighbours: [BlendNeighbour]) throws(BlendError) -> Blend {
    try check(source, neighbours)
    let presences = neighbours.map { presence($0) }
    let known = Self.magnitudeErrors
    let error = min(max(source.magnitudeError, known.lowerBound), known.upperBound)
    let step = exp(0.4 * M_LN10 * 6 * error) / Double(FluxGrid.count)
    let priors =
      [prior(source.expected, source, 1, 1, step)]
      + zip(neighbours, presences).map { prior($0.expected, source, weight($0.separationArcsec), $1, step) }
    let likelihood = (0...FluxGrid.count).map { k -> Double in
      let total = Double(k) * step / (1 - source.unseenShare)
      let deviation = 2.5 * log10(total) / error
      return total > 0 ? exp(-deviation * deviation / 2) : 0
    }
    let sums = ShareSums(priors, likelihood: likelihood, step: step, grid: grid)
    guard sums.evidence > Self.leastEvidence else { return expectedOnly(source, priors, presences) }
    return result(source, presences, sums)
  }

  private func result(_ source: BlendSource, _ presences: [Double], _ sums: ShareSums) -> Blend {
    let seen = 1 - source.unseenShare
    let shares = sums.shares.map { share in
      let mean = min(max(share.first / sums.evidence, 0), 1)
      let variance = max(0, share.second / sums.evidence - mean * mean)
      return (mean: seen * mean, error: seen * variance.squareRoot())
    }
    let members = presences.indices.map { index -> Blend.Member in
      let outside = (1 - presences[index]) * sums.shares[index + 1].without / sums.evidence
      return Blend.Member(
        inside: min(max(1 - outside, 0), 1), share: shares[index + 1].mean, shareError: shares[index + 1].error)
    }
    return Blend(
      members: members, foreignShare: 1 - shares[0].mean, foreignShareError: shares[0].error, isConsistent: true)
  }

  /// Shares of the expected fluxes, where the measured one is no help.
  private func expectedOnly(_ source: BlendSource, _ priors: [FluxPrior], _ presences: [Double]) -> Blend {
    let largest = priors.reduce(0) { max($0, $1.mean) }
    let total = priors.reduce(0) { $0 + (largest > 0 ? $1.mean / largest : 1) }
    let shares = priors.map { (largest > 0 ? $0.mean / largest : 1) / total * (1 - source.unseenShare) }
    let members = presences.indices.map {
      Blend.Member(inside: presences[$0], share: shares[$0 + 1], shareError: shares[$0 + 1])
    }
    return Blend(
      members: members, foreignShare: 1 - shares[0], foreignShareError: min(1 - shares[0], shares[0]),
      isConsistent: false)
  }

  /// πᵢ, the probability that a neighbour lies inside, before its flux is looked at.
  /// - Parameters:
  ///   - separationArcsec: From the counterpart, not negative.
  ///   - errorArcsec: The 1-σ error of that along one axis, not negative.
  ///   - matchedElsewhere: The probability that it is the counterpart of another source.
  public func presence(separationArcsec: Double, errorArcsec: Double, matchedElsewhere: Double) -> Double {
    (1 - matchedElsewhere) * circle.probability(distance: separationArcsec, sigma: errorArcsec)
  }

  private func presence(_ neighbour: BlendNeighbour) -> Double {
    presence(
      separationArcsec: neighbour.separationArcsec, errorArcsec: neighbour.separationErrorArcsec,
      matchedElsewhere: neighbour.matchedElsewhere)
  }

  /// How much of the flux of an object at a distance goes into the measured one.
  private func weight(_ separationArcsec: Double) -> Double {
    switch measure {
    case .aperture: return 1
    case .fitted:
      // A neighbour beyond the circle counts, if at all, as one on it.
      let ratio = min(separationArcsec, pointSpread.circleArcsec) / pointSpread.sigmaArcsec
      return exp(-ratio * ratio / 4)
    }
  }

  private func prior(
    _ expected: BlendMagnitude, _ source: BlendSource, _ weight: Double, _ presence: Double, _ step: Double
  ) -> FluxPrior {
    FluxPrior(
      BlendMagnitude(mean: expected.mean - source.magnitude, sigma: expected.sigma), weight: weight,
      presence: presence, step: step)
  }

  private func check(_ source: BlendSource, _ neighbours: [BlendNeighbour]) throws(BlendError) {
    try BlendError.check("the number of neighbours", Double(neighbours.count), in: 0...Double(Self.mostNeighbours))
    try BlendError.check("the magnitude of a source", source.magnitude, in: -100...200)
    try BlendError.check("the error of the magnitude of a source in mag", source.magnitudeError, in: 0...20)
    try BlendError.check("the share of unseen neighbours", source.unseenShare, in: 0...0.999)
    try source.expected.check("the counterpart")
    for neighbour in neighbours {
      try BlendError.check("the distance of a neighbour in arcsec", neighbour.separationArcsec, in: 0...36_000)
      try BlendError.check("the error of a distance in arcsec", neighbour.separationErrorArcsec, in: 0...36_000)
      try BlendError.check("the probability of another match", neighbour.matchedElsewhere, in: 0...1)
      try neighbour.expected.check("a neighbour")
    }
  }
}
