internal import CatalogStore
internal import Indexing
internal import Match

/// The payload of the pairing stage: where the results of a unit are, and what they follow from.
extension RunUnit {
  var payload: [UInt8] {
    var writer = IntegerWriter()
    writer.put(self)
    return writer.bytes
  }

  /// - Throws: `IntegerReader.Malformed`.
  init(payload: [UInt8], cost: RunCost) throws {
    var reader = IntegerReader(payload[...])
    self = try reader.unit(cost)
    guard reader.isAtEnd else { throw IntegerReader.Malformed() }
  }
}

extension IntegerWriter {
  fileprivate mutating func put(_ unit: RunUnit) {
    put(unsigned: UInt64(unit.position))
    put(unit.pixel)
    put(unit.path)
    put(unit.bytes)
    put(unit.fingerprint)
    for count in unit.totals.counts { put(count) }
    put(bytes: unit.inputs)
  }
}

extension IntegerReader {
  fileprivate mutating func unit(_ cost: RunCost) throws -> RunUnit {
    var unit = RunUnit(
      position: try count(), pixel: try pixel(), path: try text(), bytes: try int64(), fingerprint: try text(),
      totals: RunTotals(), cost: cost)
    unit.totals.counts = try unit.totals.counts.map { _ in try int64() }
    unit.inputs = Array(try slice())
    return unit
  }
}
