internal import CatalogStore
internal import Indexing

/// The run before a catalogue was replaced: what it has found where nothing changed is taken over.
final class BaseRun: Sendable {
  let run: Int64
  /// Of its inputs and configuration.
  let fingerprint: String
  private let registry: Guarded<Registry>
  /// The products of stages by what they follow from, each stage read once.
  private let products = Guarded<[String: [String: [UInt8]]]>([:])

  /// - Parameter registry: Of a copy that nobody changes.
  /// - Throws: `StoreError.damaged` when it has no such run.
  init(_ registry: sending Registry, run: Int64) throws {
    self.run = run
    fingerprint = try registry.run(run).fingerprint
    self.registry = Guarded(registry)
  }

  /// The product of a stage that follows from the same.
  func product(_ name: String, digest: String) throws -> [UInt8]? {
    try products.withLock { products in
      if products[name] == nil {
        let found = try registry.withLock { try $0.products(of: run, named: name) }
        products[name] = Dictionary(found.map { ($0.inputs, $0.payload) }) { first, _ in first }
      }
      return products[name]?[digest]
    }
  }

  /// What it has of a pixel, and what that was computed from.
  func chunk(_ pixel: HealpixPixel) throws -> (chunk: RunChunk, inputs: ChunkInputs)? {
    let chunk = try registry.withLock { try $0.chunk(of: run, pixel: pixel) }
    guard let chunk, let inputs = try? ChunkInputs(chunk.inputs) else { return nil }
    return (chunk, inputs)
  }
}
