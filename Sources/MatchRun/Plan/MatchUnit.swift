public import Indexing

/// A unit of work: it owns the islands whose first member lies in its pixel.
public struct MatchUnit: Sendable, Hashable {
  /// Position along the curve.
  public let position: Int
  /// The pixel.
  public let pixel: HealpixPixel
}
