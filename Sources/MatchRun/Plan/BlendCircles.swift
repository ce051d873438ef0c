internal import Indexing
internal import Match

/// Within which circles around matched sources others are blended with them: those of the PSFs of both catalogues.
struct BlendCircles: Sendable {
  /// R of a's PSF, arcsec; nil where hidden neighbours of a are not looked at.
  let a: Double?
  /// R of b's.
  let b: Double?

  init(_ inputs: MatchInputs) {
    a = inputs.a.crowding?.pointSpread.circleArcsec
    b = inputs.b.crowding?.pointSpread.circleArcsec
  }

  /// The larger of both, arcsec; nil without any.
  var largestArcsec: Double? { [a, b].compactMap(\.self).max() }

  /// The circle of one catalogue.
  func radius(isA: Bool) -> Double? { isA ? a : b }

  /// How far around the sky of its pairs a chunk looks: to the sources inside the PSF of a matched one, at the epoch of the match, to those
  /// inside theirs, and to all candidates of their candidates.
  /// - Parameter reach: No candidate pair is farther apart.
  func sight(_ reach: Angle, _ inputs: MatchInputs, _ epoch: EpochPlan) -> Angle {
    guard let largestArcsec else { return reach }
    let moves = [inputs.a.info, inputs.b.info].map {
      $0.largestMotionMasPerYear / 1000 * epoch.longestMove($0)
    }
    return .radians(
      2 * reach.radians + Angle.arcseconds(2 * largestArcsec + 2 * max(moves[0], moves[1])).radians)
  }
}
