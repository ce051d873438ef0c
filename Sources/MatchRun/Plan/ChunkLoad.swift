/// What a chunk has to do, in numbers: the arguments of the cost model.
public struct ChunkLoad: Sendable, Equatable {
  /// Sources of a in the chunk's own pixel.
  public var coreA = 0.0
  /// Likewise of b.
  public var coreB = 0.0
  /// Sources of a around it that are read when its islands are paired.
  public var haloA = 0.0
  /// Likewise of b.
  public var haloB = 0.0
  /// Sources of both that islands hang together over: they are read however small the chunk is.
  public var entangled = 0.0
  /// Sources of both around it that are read when its pairs are counted: two rings instead of the whole halo.
  public var ring = 0.0
  /// Candidate pairs in the pixel.
  public var pairs = 0.0
  /// Candidates that are looked at and left out, since their sources have too many.
  public var crowdedCandidates = 0.0
  /// Numeric columns of a source, on the average over both catalogues.
  public var columns = 6.0

  /// Where sources have more candidate pairs on the average, islands hang together over many of them.
  private static let entangledPairs = 1.5

  /// Nothing to do.
  public init() {}

  /// Sources of both in the pixel.
  public var core: Double { coreA + coreB }
  /// Whether islands hang together over many sources of the pixel.
  var isEntangled: Bool { pairs > Self.entangledPairs * core }
  /// Sources of both that are read for pairing.
  public var loaded: Double { core + haloA + haloB }
  /// Candidate pairs among those.
  public var loadedPairs: Double { core > 0 ? pairs * loaded / core : 0 }
  /// Candidate pairs among the sources that are read for counting.
  public var countedPairs: Double { core > 0 ? pairs * (core + ring) / core : 0 }
}
