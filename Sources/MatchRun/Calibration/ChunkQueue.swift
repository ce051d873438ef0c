internal import CatalogStore

/// Chunks in the order in which they are handed out.
final class ChunkQueue: Sendable {
  private let chunks: Guarded<ArraySlice<MatchChunk>>

  init(_ chunks: [MatchChunk]) { self.chunks = Guarded(chunks[...]) }

  func next() -> MatchChunk? { chunks.withLock { $0.popFirst() } }

  /// Does work on chunk after chunk until none is left, or one fails: then nobody gets another.
  func work(_ body: (MatchChunk) throws -> Void) throws {
    do { while let chunk = next() { try body(chunk) } } catch {
      stop()
      throw error
    }
  }

  /// Hands out nothing more.
  func stop() { chunks.withLock { $0.removeAll() } }
}
