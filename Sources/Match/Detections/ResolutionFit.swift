internal import Glibc

/// How near to each other a catalogue lists two sources, from the separations of its sources.
///
/// Neighbours nearer than the PSF allows are one source. With g(r) the number of pairs at a separation over that of the same sources strewn at
/// random, the area in which a neighbour is hidden is
///
///     πR² = ∫ (1 − g) 2πr dr
///
/// The missing pairs stand out of the noise most at the edge of the hole. The integral goes on from there to where it is largest, at
/// most to twice that radius: beyond a hole g is somewhat above 1, since what is hidden stands elsewhere.
public struct ResolutionFit: Sendable, Equatable {
  /// What the separations say.
  public enum Answer: Sendable, Equatable {
    /// Neighbours within this radius are hidden, arcsec.
    case hidden(radiusArcsec: Double)
    /// Sources are listed as near to each other as chance puts them.
    case resolved
    /// There are too few pairs to tell.
    case unknown
  }

  private let separations: [Double]
  private let limit: Double
  /// Pairs expected in a square arcsec of separation.
  private let expectedPerArcsec2: Double

  private static let fewestPairs = 25.0
  private static let significance = 5.0
  private static let hiddenShare = 0.5

  /// - Parameters:
  ///   - separations: Those of all pairs of a catalogue below a limit, arcsec, each once.
  ///   - limit: The limit, arcsec; R is looked for up to half of it.
  public init(separations: [Double], limitArcsec limit: Double) {
    self.separations = separations.filter { $0 >= 0 && $0 < limit }.sorted()
    self.limit = limit
    let far = self.separations.count { $0 >= limit / 2 }
    expectedPerArcsec2 = Double(far) / (.pi * limit * limit * 3 / 4)
  }

  /// The answer.
  /// - Parameter expected: Where a hole is expected, arcsec; nil: anywhere.
  public func answer(expectedArcsec expected: Double?) -> Answer {
    if let edge, edge.expected >= Self.fewestPairs, edge.deficit > Self.hiddenShare * edge.expected,
      edge.deficit > Self.significance * edge.expected.squareRoot()
    {
      return .hidden(radiusArcsec: (most(from: edge) / (.pi * expectedPerArcsec2)).squareRoot())
    }
    guard let expected, expected < limit / 2 else { return .unknown }
    let chance = expectedPerArcsec2 * .pi * expected * expected
    let found = Double(separations.count { $0 < expected })
    return chance >= Self.fewestPairs && found > Self.hiddenShare * chance ? .resolved : .unknown
  }

  /// The most pairs that are missing within a radius from the edge of a hole to twice that.
  private func most(from edge: (radius: Double, expected: Double, deficit: Double)) -> Double {
    var most = edge.deficit
    let end = min(2 * edge.radius, limit / 2)
    for (place, separation) in separations.enumerated() where separation > edge.radius && separation < end {
      most = max(most, expectedPerArcsec2 * .pi * separation * separation - Double(place))
    }
    return most
  }

  /// Where missing pairs stand out most.
  private var edge: (radius: Double, expected: Double, deficit: Double)? {
    var best: (radius: Double, expected: Double, deficit: Double)?
    var most = 0.0
    for (place, separation) in separations.enumerated() where separation < limit / 2 {
      // Just before the pair.
      let expected = expectedPerArcsec2 * .pi * separation * separation
      let deficit = expected - Double(place)
      let signal = deficit / (expected + 1).squareRoot()
      if signal > most { (most, best) = (signal, (separation, expected, deficit)) }
    }
    return best
  }
}
