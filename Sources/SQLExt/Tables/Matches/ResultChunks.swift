import CatalogStore
import Indexing
import MatchRun

/// The results of a match, one chunk after the other along the curve.
protocol ResultChunks {
  /// The next chunk that may have rows; nil after the last.
  mutating func next() throws -> ResultReader?
}

/// The chunks of a stored run.
///
/// No chunk is left out for the sake of a position: an island is stored with the chunk of its first member, and how far the
/// other members lie from there is not known without reading them.
struct StoredChunks: ResultChunks {
  private let database: SkyDatabase
  private let context: XMDBContext
  private var chunks: ArraySlice<RunChunk>

  init(_ database: SkyDatabase, _ chunks: [RunChunk], _ kind: ResultTable, _ context: XMDBContext) {
    self.database = database
    self.context = context
    self.chunks =
      chunks.filter { chunk in
        switch kind {
        case .matches: chunk.totals.matches > 0
        case .nonmatches: chunk.totals.nonmatchesA + chunk.totals.nonmatchesB > 0
        case .pairs: chunk.totals.pairs > 0
        }
      }[...]
  }

  mutating func next() throws -> ResultReader? {
    guard let chunk = chunks.popFirst() else { return nil }
    try context.checkInterrupt()
    context.counters.chunksRead += 1
    return try ResultReader(database: database, chunk: chunk)
  }
}

/// Chunks that are matched when they are asked for.
struct FreshChunks: ResultChunks {
  private let kind: ResultTable
  private let region: PixelRangeSet
  private let context: XMDBContext
  private var matcher: ChunkMatcher
  private var chunks: ArraySlice<MatchChunk>

  init(_ match: LiveMatch, _ kind: ResultTable, region: PixelRangeSet, _ context: XMDBContext) {
    self.kind = kind
    self.region = region
    self.context = context
    matcher = ChunkMatcher(match, cancellation: context.cancellation, stop: context.stopCheck)
    chunks =
      match.plan.chunks(sourcesPerChunk: context.sourcesPerChunk).filter { region.intersects($0.pixel.range29) }[...]
  }

  mutating func next() throws -> ResultReader? {
    while let chunk = chunks.popFirst() {
      try context.checkInterrupt()
      context.counters.chunksMatched += 1
      let result = try matcher.match(chunk, region: region)
      if hasRows(result) { return try ResultReader(holding: kind, of: result) }
    }
    return nil
  }

  private func hasRows(_ result: ChunkResult) -> Bool {
    switch kind {
    case .matches: !result.matches.isEmpty
    case .nonmatches: !result.nonmatches.isEmpty
    case .pairs: !result.pairs.isEmpty
    }
  }
}
