internal import CatalogStore
internal import Indexing
internal import Match

/// The payload of the pairing stage: where the results of a chunk are, and what they follow from.
extension RunChunk {
  var payload: [UInt8] {
    var writer = IntegerWriter()
    writer.put(self)
    return writer.bytes
  }

  /// - Throws: `IntegerReader.Malformed`.
  init(payload: [UInt8], cost: RunCost) throws {
    var reader = IntegerReader(payload[...])
    self = try reader.chunk(cost)
    guard reader.isAtEnd else { throw IntegerReader.Malformed() }
  }
}

extension IntegerWriter {
  fileprivate mutating func put(_ chunk: RunChunk) {
    put(unsigned: UInt64(chunk.position))
    put(chunk.pixel)
    put(chunk.path)
    put(chunk.bytes)
    put(chunk.fingerprint)
    for count in chunk.totals.counts { put(count) }
    put(bytes: chunk.inputs)
  }
}

extension IntegerReader {
  fileprivate mutating func chunk(_ cost: RunCost) throws -> RunChunk {
    var chunk = RunChunk(
      position: try count(), pixel: try pixel(), path: try text(), bytes: try int64(), fingerprint: try text(),
      totals: RunTotals(), cost: cost)
    chunk.totals.counts = try chunk.totals.counts.map { _ in try int64() }
    chunk.inputs = Array(try slice())
    return chunk
  }
}
