internal import Match

/// The areas around sources inside which a counterpart falls with the bright and with the field fraction, deg².
///
/// For Gaussian errors r(F) = σ √(−2 ln(1−F)) with σ² = σ_i² + σ_j² of the pair; the circle of a source has the mean radius over
/// its partners, and is 0 without a partner.
///
/// - Source: docs/method.md §8.
public struct ErrorCircles: Sendable, Hashable {
  /// By source, for the bright fraction, deg².
  public let brightDegrees2: [Double]
  /// By source, for the field fraction, deg².
  public let fieldDegrees2: [Double]

  /// Areas known otherwise, deg².
  ///
  /// - Precondition: As many of both; all finite and ≥ 0.
  public init(brightDegrees2: [Double], fieldDegrees2: [Double]) {
    precondition(
      brightDegrees2.count == fieldDegrees2.count
        && (brightDegrees2 + fieldDegrees2).allSatisfy { $0.isFinite && $0 >= 0 },
      "ErrorCircles: \(brightDegrees2.count) and \(fieldDegrees2.count) areas; allowed: as many of both, finite, 0 or more"
    )
    self.brightDegrees2 = brightDegrees2
    self.fieldDegrees2 = fieldDegrees2
  }

  /// The circles of sources from their partners.
  init(
    of adjacency: Adjacency, varianceArcsec2: [Double], partnerVarianceArcsec2: [Double], fractions: SurvivorFractions
  ) {
    var bright = [Double](repeating: 0, count: varianceArcsec2.count)
    var field = bright
    for source in varianceArcsec2.indices {
      let partners = adjacency.entries(of: source)
      if partners.isEmpty { continue }
      var sum = 0.0
      for entry in partners {
        sum += (varianceArcsec2[source] + partnerVarianceArcsec2[Int(adjacency.partner[entry])]).squareRoot()
      }
      let mean = sum / Double(partners.count)
      bright[source] = Self.areaDegrees2(varianceArcsec2: mean * mean, fraction: fractions.bright)
      field[source] = Self.areaDegrees2(varianceArcsec2: mean * mean, fraction: fractions.field)
    }
    // An error that is no number, or beyond all numbers, has no circle.
    self.init(brightDegrees2: bright.map(Self.finite), fieldDegrees2: field.map(Self.finite))
  }

  private static func finite(_ area: Double) -> Double { area.isFinite && area > 0 ? area : 0 }

  /// The radius inside which a fraction F of true pairs falls, σ √(−2 ln(1−F)), in the unit of σ.
  public static func radius(sigma: Double, fraction: Double) -> Double {
    sigma * GaussianAUF.chiSquaredLimit(fraction: fraction).squareRoot()
  }

  /// The area of that radius, deg², for the variance σ² of a pair in arcsec².
  public static func areaDegrees2(varianceArcsec2: Double, fraction: Double) -> Double {
    Double.pi * varianceArcsec2 * GaussianAUF.chiSquaredLimit(fraction: fraction) / (3600 * 3600)
  }
}
