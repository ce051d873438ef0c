/// Mutually nearest pairs of a catalogue and a better one, from which the errors of the former are learned.
public struct CorrectionPairs: Sendable {
  /// One pair.
  public struct Pair: Sendable {
    /// r, arcsec.
    public var separationArcsec: Double
    /// The quoted error of the catalogue that is corrected: arcsec, or mag.
    public var quotedError: Double
    /// The ratio of its axes, 1 or more; `quotedError` is that of a circle of the same area.
    public var axisRatio: Double
    /// What else adds to the variance per axis, arcsec²: the error of the better catalogue, grown by that of its motions.
    public var otherVarianceArcsec2: Double
    /// ω: sources of both catalogues together per arcsec², all of them, faint ones too.
    public var chancePerArcsec2: Double
    /// ω_a: those of them that are of the better catalogue.
    public var referencePerArcsec2: Double
    /// Within this separation the pair was looked for, arcsec.
    public var limitArcsec: Double
    /// The pull of hidden neighbours.
    public var perturbation: PerturbationMixture
    /// How the source moves if nobody measured it, and over how many years.
    public var motion: MotionWidths
    public var years: Double
    /// Pairs of one group have the same share of sources without counterpart: a slice of magnitude, say.
    public var group: Int

    /// Makes one.
    /// - Parameter referencePerArcsec2: ω_a; nil: ω, so that every source is paired with something.
    public init(
      separationArcsec: Double, quotedError: Double, axisRatio: Double = 1, otherVarianceArcsec2: Double,
      chancePerArcsec2: Double,
      referencePerArcsec2: Double? = nil, limitArcsec: Double, perturbation: PerturbationMixture = .none,
      motion: MotionWidths = .still, years: Double = 0,
      group: Int = 0
    ) {
      (self.separationArcsec, self.quotedError) = (separationArcsec, quotedError)
      (self.otherVarianceArcsec2, self.chancePerArcsec2) = (otherVarianceArcsec2, chancePerArcsec2)
      (self.limitArcsec, self.perturbation, self.group) = (limitArcsec, perturbation, group)
      (self.motion, self.years) = (motion, years)
      self.axisRatio = axisRatio
      self.referencePerArcsec2 = referencePerArcsec2 ?? chancePerArcsec2
    }

    /// Whether it can take part: numbers within what is believed, and within its own limit.
    var isUsable: Bool {
      (0...1e5).contains(separationArcsec) && (1e-9...1e5).contains(quotedError)
        && axisRatio >= 1 && (0...1e10).contains(otherVarianceArcsec2) && (0...1e6).contains(chancePerArcsec2)
        && referencePerArcsec2 >= 0 && referencePerArcsec2 <= chancePerArcsec2
        && (1e-9...1e5).contains(limitArcsec) && separationArcsec <= limitArcsec
        && (0..<CorrectionPairs.mostGroups).contains(group) && abs(years) <= 1e4
    }
  }

  /// The most groups.
  public static let mostGroups = 1024
  /// The Gaussians of the perturbations.
  public let basis: MixtureBasis
  /// The pairs.
  public private(set) var pairs: [Pair] = []
  /// How many were refused: not finite, absurd, or beyond their own limit.
  public private(set) var refused = 0

  /// None yet.
  public init(basis: MixtureBasis = .none) { self.basis = basis }

  /// Whether any quoted error has axes.
  var haveAxes: Bool { pairs.contains { $0.axisRatio > EllipseCircles.leastRatio } }

  /// Whether any pair may have drifted.
  public var haveDrifts: Bool { pairs.contains { $0.years != 0 } }

  /// The same pairs with motions so many times as fast; 0: all rest.
  public func moving(scale: Double) -> CorrectionPairs {
    var copy = self
    for place in copy.pairs.indices where copy.pairs[place].years != 0 {
      copy.pairs[place].years *= scale
      if copy.pairs[place].years == 0 { copy.pairs[place].motion = .still }
    }
    return copy
  }

  /// Adds one, or counts it as refused.
  public mutating func append(_ pair: Pair) {
    if pair.isUsable { pairs.append(pair) } else { refused += 1 }
  }
}
