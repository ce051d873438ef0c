internal import CatalogStore
internal import Indexing
internal import Match

/// How near to each other a catalogue lists two sources, measured on pieces of sky at fixed places of it.
struct CatalogueResolution {
  /// What the separations say.
  let fit: ResolutionFit

  /// Pieces of sky, and sources in each, about.
  private static let places = 64
  private static let mostSources = 500.0
  /// A source has so many neighbours, about, that are looked at; and never more than these.
  private static let usualNeighbours = 60.0
  private static let mostNeighbours = 1000
  /// Pairs are not looked at farther apart than this, arcsec; the PSF may have half of it.
  private static let largestLimitArcsec = 30.0

  /// - Throws: `StoreError` when a shard cannot be read; what `stop` throws.
  init(_ inputs: MatchInputs, isA: Bool, _ coverage: CoverageMap, stop: inout StopCheck) throws {
    let reader = NeighbourhoodReader(inputs)
    let density = max(coverage.meanDensityPerDegree2, 1e-9)
    let limit = min(
      Self.largestLimitArcsec, (Self.usualNeighbours * 3600 * 3600 / (.pi * density)).squareRoot())
    let pieces = try reader.places(isA: isA, count: Self.places).compactMap { place in
      SkyPosition(raDegrees: place.raDegrees, decDegrees: place.decDegrees).map { Self.piece(around: $0, coverage) }
    }
    // Piece by piece: all pairs of dense sky together would take much memory.
    var separations: [Double] = []
    for piece in Set(pieces).sorted() {
      let core = PixelRangeSet(pixels: [piece])
      let sky = ChunkSky.withNeighbours(core, order: piece.order, reach: .arcseconds(limit))
      let sources = try reader.placed(isA: isA, in: sky, stop: &stop)
      separations += try Self.separations(sources, in: core, limitArcsec: limit, stop: &stop)
    }
    fit = ResolutionFit(separations: separations, limitArcsec: limit)
  }

  /// The largest pixel around a position that does not hold too many sources.
  private static func piece(around position: SkyPosition, _ coverage: CoverageMap) -> HealpixPixel {
    for order in 0..<HealpixPixel.maximumOrder {
      let pixel = HealpixPixel(containing: position, order: order)
      if CommonCoverage(coverage, coverage, in: pixel.range29).countA <= mostSources { return pixel }
    }
    return HealpixPixel(containing: position, order: HealpixPixel.maximumOrder)
  }

  /// Those of the pairs whose first source along the curve lies in the piece.
  private static func separations(
    _ sources: PlacedSources, in core: PixelRangeSet, limitArcsec limit: Double, stop: inout StopCheck
  ) throws -> [Double] {
    // With errors as large as the limit, every source looks as far.
    let limits = CandidateLimits(
      level: 0.5, largestSeparationArcsec: limit, largestCandidates: mostNeighbours)
    var states = SourceStates(
      raDegrees: sources.states.raDegrees, decDegrees: sources.states.decDegrees,
      covariances: Array(repeating: PositionCovariance(circularSigmaArcsec: limit), count: sources.count))
    _ = states.look(GaussianLikelihood(), limits)
    let pairs = try CandidateEdges(states, states, GaussianLikelihood(), limits, stop: &stop)
    let isInCore = sources.columns.healpix29.map { core.contains($0) }
    // Each pair is found twice, and each source with itself.
    return (0..<pairs.count).filter { pairs.a[$0] < pairs.b[$0] && isInCore[Int(pairs.a[$0])] }.map {
      pairs.separationArcsec[$0]
    }
  }
}
