public import Indexing
public import Match

/// How sources of a band move, seen in one direction, by the built-in model of the Galaxy.
public enum MotionModels {
  /// The magnitudes between which motions are interpolated.
  static let magnitudes = Array(stride(from: 4.0, through: 23, by: 1))

  /// - Throws: `StoreError.usage` for what no model can be made of.
  /// - Complexity: some 30 ms.
  public static func grid(_ band: SurveyBand, at position: SkyPosition) throws -> MotionGrid {
    let counts = try SightlineCounts(band, at: position, extinctionAV: nil).counts
    return try SightlineCounts.counting {
      try MotionGrid(
        GalacticDirection(position), counts: StarCounts(band: band.band), magnitudes: magnitudes,
        starShares: magnitudes.map { counts.starShare(at: $0) })
    }
  }
}
