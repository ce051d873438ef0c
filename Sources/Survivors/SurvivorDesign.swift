public import Match

/// The fractions of counterparts inside the bright and inside the field circle, 0 < bright < field < 1.
///
/// - Source: docs/method.md §8, F_b and F_f.
public struct SurvivorFractions: Sendable, Hashable {
  /// F_b.
  public let bright: Double
  /// F_f.
  public let field: Double

  /// - Precondition: 0 < bright < field < 1.
  public init(bright: Double = 0.63, field: Double = 0.9) {
    precondition(
      bright > 0 && field > bright && field < 1,
      "SurvivorFractions: bright \(bright), field \(field); allowed: 0 < bright < field < 1")
    self.bright = bright
    self.field = field
  }
}

/// What is counted in a region: the bins of every band of both catalogues, and the fractions.
///
/// Counts of one design can be added; those of two cannot.
public struct SurvivorDesign: Sendable, Hashable {
  /// By band of a.
  public let binsA: [MagnitudeBins]
  /// By band of b.
  public let binsB: [MagnitudeBins]
  /// F_b and F_f.
  public let fractions: SurvivorFractions
  /// Where a magnitude on an edge goes when partners and areas are grouped by bin; counts of sources take the upper bin.
  ///
  /// `.lowerBin` is what the reference implementation does (§4.7, "(lo, hi]"), at the price of two memberships.
  public let partnersOnEdge: MagnitudeBins.EdgeRule

  /// A design; no bands at all are allowed.
  public init(
    binsA: [MagnitudeBins], binsB: [MagnitudeBins], fractions: SurvivorFractions = SurvivorFractions(),
    partnersOnEdge: MagnitudeBins.EdgeRule = .upperBin
  ) {
    self.binsA = binsA
    self.binsB = binsB
    self.fractions = fractions
    self.partnersOnEdge = partnersOnEdge
  }
}
