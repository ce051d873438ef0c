internal import CatalogStore
internal import Indexing
internal import Match

/// How near to each other a catalogue lists two sources, measured on a sample of the sky.
struct CatalogueResolution {
  let fit: ResolutionFit

  /// How far apart pairs are looked at, arcsec; the PSF may have half of it. In dense sky less, so that neighbours are few.
  static func limitArcsec(densityPerDegree2 density: Double) -> Double {
    min(30, (usualNeighbours * 3600 * 3600 / (.pi * max(density, 1e-9))).squareRoot())
  }

  private static let usualNeighbours = 60.0
  private static let mostNeighbours = 1000

  /// - Parameters:
  ///   - core: Where the sources see all their neighbours within the limit.
  ///   - limit: Of the separation of pairs, arcsec.
  /// - Throws: What `stop` throws.
  init(_ sources: PlacedSources, in core: PixelRangeSet, limitArcsec limit: Double, stop: inout StopCheck) throws {
    // With errors as large as the limit, every source looks as far.
    let limits = CandidateLimits(
      level: 0.5, largestSeparationArcsec: limit, largestCandidates: Self.mostNeighbours)
    var states = SourceStates(
      raDegrees: sources.states.raDegrees, decDegrees: sources.states.decDegrees,
      covariances: Array(repeating: PositionCovariance(circularSigmaArcsec: limit), count: sources.count))
    _ = states.look(GaussianLikelihood(), limits)
    let pairs = try CandidateEdges(states, states, GaussianLikelihood(), limits, stop: &stop)
    let isInCore = sources.columns.healpix29.map { core.contains($0) }
    let separations = (0..<pairs.count).filter { pairs.a[$0] < pairs.b[$0] && isInCore[Int(pairs.a[$0])] }.map {
      pairs.separationArcsec[$0]
    }
    fit = ResolutionFit(separations: separations, limitArcsec: limit)
  }
}
