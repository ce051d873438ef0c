internal import CatalogStore
internal import Indexing

/// Confident matches in pieces of sky at fixed places of the blurred catalogue, from which a colour law is learnt: the same ones whatever
/// part of the sky is asked for.
struct BlendSample {
  private(set) var examples: [BlendShares.Example] = []

  private static let places = 8
  /// Sources in a piece, about.
  private static let mostBlurred = 300.0
  private static let mostSharp = 20_000.0
  /// No more matches are learnt from.
  private static let mostExamples = 600

  /// - Parameter matcher: Of a plan that reads errors of magnitudes.
  init(_ plan: MatchPlan, _ setting: BlendSetting, _ matcher: inout ChunkMatcher, stop: inout StopCheck) throws {
    let blurredIsA = setting.blurredIsA
    let places = try NeighbourhoodReader(plan.inputs).places(isA: blurredIsA, count: Self.places)
    let pieces = places.compactMap { place in
      SkyPosition(raDegrees: place.raDegrees, decDegrees: place.decDegrees).flatMap {
        Self.piece(around: $0, plan, blurredIsA: blurredIsA)
      }
    }
    for piece in Set(pieces).sorted() {
      let core = PixelRangeSet(pixels: [piece])
      let sky = BlendSky(core, order: piece.order, plan).solved
      let (rows, field) = try matcher.solved(sky, order: piece.order, region: sky)
      try add(rows, field, in: core, setting, stop: &stop)
    }
    let step = max(1, (examples.count + Self.mostExamples - 1) / Self.mostExamples)
    examples = stride(from: 0, to: examples.count, by: step).map { examples[$0] }
  }

  private mutating func add(
    _ rows: ChunkResult, _ field: IslandField, in core: PixelRangeSet, _ setting: BlendSetting,
    stop: inout StopCheck
  ) throws {
    let skyA = field.a.columns.healpix29
    let chosen = rows.matches.indices.filter {
      rows.matches[$0].pairP >= BlendShares.confident && core.contains(skyA[Int(rows.matches[$0].a)])
    }.sorted { rows.matches[$0].a < rows.matches[$1].a }
    guard let finder = BlendCases(rows, field, blurredIsA: setting.blurredIsA) else { return }
    for var one in try finder.cases(of: chosen, stop: &stop) {
      setting.leaveOutUnlikely(&one)
      examples.append(
        BlendShares.Example(blend: one, field: field, probability: rows.matches[one.match].pairP))
    }
  }

  /// The largest pixel around a position that does not hold too many sources; nil where one of the catalogues has none.
  private static func piece(around position: SkyPosition, _ plan: MatchPlan, blurredIsA: Bool) -> HealpixPixel? {
    for order in 0...HealpixPixel.maximumOrder {
      let pixel = HealpixPixel(containing: position, order: order)
      let coverage = CommonCoverage(plan.coverageA, plan.coverageB, in: pixel.range29)
      let (blurred, sharp) = blurredIsA ? (coverage.countA, coverage.countB) : (coverage.countB, coverage.countA)
      if blurred <= 0 || sharp <= 0 { return nil }
      if blurred <= mostBlurred && sharp <= mostSharp { return pixel }
    }
    return nil
  }
}
