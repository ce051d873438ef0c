internal import Indexing

/// The sky in which islands are solved so that all is known of the matches with a source in a part of it, and of the sources inside
/// their PSFs.
struct BlendSky {
  /// The part, and what is around it.
  let solved: PixelRangeSet

  /// - Parameters:
  ///   - core: The part.
  ///   - order: Of a pixel about as large.
  init(_ core: PixelRangeSet, order: Int, _ plan: MatchPlan) {
    let circle = Angle.arcseconds(BlendCases.searched * (BlendCircles(plan.inputs).largestArcsec ?? 0))
    solved = ChunkSky.withNeighbours(core, order: order, reach: plan.sight + circle)
  }
}
