public import Indexing

/// A chunk: it owns the islands whose first member lies in its pixel.
public struct MatchChunk: Sendable, Hashable {
  /// Position along the curve.
  public let position: Int
  /// The pixel.
  public let pixel: HealpixPixel
}
