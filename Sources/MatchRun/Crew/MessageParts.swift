internal import CatalogStore
internal import Indexing
internal import Match

// The parts of messages as bytes, each written and read next to one another.

extension IntegerWriter {
  mutating func put(_ text: String) { put(bytes: Array(text.utf8)) }

  mutating func put<Value>(ifAny value: Value?, _ put: (inout IntegerWriter, Value) -> Void) {
    self.put(unsigned: value == nil ? 0 : 1)
    if let value { put(&self, value) }
  }
}

extension IntegerReader {
  mutating func text() throws -> String { String(decoding: try slice(), as: UTF8.self) }

  mutating func ifAny<Value>(_ read: (inout IntegerReader) throws -> Value) throws -> Value? {
    try unsigned() == 0 ? nil : try read(&self)
  }
}

// MARK: Orders

extension IntegerWriter {
  mutating func put(_ order: RunOrder) {
    for text in [order.database, order.snapshot, order.a, order.b, order.configuration] { put(text) }
    put(order.run)
    put(ifAny: order.base) { $0.put($1) }
  }
}

extension IntegerReader {
  mutating func order() throws -> RunOrder {
    let texts = try (0..<5).map { _ in try text() }
    return RunOrder(
      database: texts[0], snapshot: texts[1], run: try int64(), a: texts[2], b: texts[3], configuration: texts[4],
      base: try ifAny { try $0.int64() })
  }
}

// MARK: Pieces

extension IntegerWriter {
  mutating func put(_ piece: RunPiece) {
    put(piece.stage.rawValue)
    put(unsigned: UInt64(piece.position))
  }

  mutating func put(_ pixel: HealpixPixel) {
    put(Int64(pixel.order))
    put(pixel.index)
  }

  mutating func put(_ error: StoreError) {
    for text in [error.code.rawValue, error.subject, error.message] { put(text) }
  }
}

extension IntegerReader {
  mutating func piece() throws -> RunPiece {
    guard let stage = RunProgress.Stage(rawValue: try text()) else { throw Malformed() }
    return RunPiece(stage: stage, position: try count())
  }

  mutating func pixel() throws -> HealpixPixel {
    let (order, index) = (try int64(), try int64())
    guard (0...29).contains(order), (0..<(12 << (2 * order))).contains(index) else { throw Malformed() }
    return HealpixPixel(order: Int(order), index: index)
  }

  mutating func error() throws -> StoreError {
    guard let code = StoreError.Code(rawValue: try text()) else { throw Malformed() }
    return StoreError(code, try text(), try text())
  }
}

// MARK: Reports

extension IntegerWriter {
  mutating func put(_ report: PieceReport) {
    put(report.cost)
    put(ifAny: report.damage) { $0.put($1) }
    switch report.result {
    case .counted: put(unsigned: 0)
    case .estimated(let measurement):
      put(unsigned: 1)
      put(unsigned: UInt64(measurement.regions.count))
      for region in measurement.regions { put(region) }
      put(unsigned: UInt64(measurement.photometry.count))
      for photometry in measurement.photometry { put(photometry) }
    case .matched(let unit):
      put(unsigned: 2)
      put(unit)
    }
  }

  private mutating func put(_ cost: RunCost) {
    put(cost.seconds)
    put(ifAny: cost.processorSeconds) { $0.put($1) }
    put(ifAny: cost.peakBytes) { $0.put($1) }
    put(ifAny: cost.host) { $0.put($1) }
    put(unsigned: cost.isReused ? 1 : 0)
  }

  private mutating func put(_ unit: RunUnit) {
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
  mutating func report() throws -> PieceReport {
    let cost = try cost()
    let damage = try ifAny { try $0.error() }
    switch try unsigned() {
    case 0: return PieceReport(result: .counted, cost: cost, damage: damage)
    case 1:
      let regions = try (0..<(try length())).map { _ in try region() }
      let shares = try (0..<(try length())).map { _ in try photometry() }
      return PieceReport(
        result: .estimated(RunMeasurement(classes: [], regions: regions, photometry: shares)), cost: cost,
        damage: damage)
    case 2: return PieceReport(result: .matched(try unit(cost)), cost: cost, damage: damage)
    default: throw Malformed()
    }
  }

  private mutating func cost() throws -> RunCost {
    RunCost(
      seconds: try double(), processorSeconds: try ifAny { try $0.double() }, peakBytes: try ifAny { try $0.int64() },
      host: try ifAny { try $0.text() }, isReused: try unsigned() != 0)
  }

  private mutating func unit(_ cost: RunCost) throws -> RunUnit {
    var unit = RunUnit(
      position: try count(), pixel: try pixel(), path: try text(), bytes: try int64(), fingerprint: try text(),
      totals: RunTotals(), cost: cost)
    unit.totals.counts = try unit.totals.counts.map { _ in try int64() }
    unit.inputs = Array(try slice())
    return unit
  }
}

// MARK: Densities

extension IntegerWriter {
  fileprivate mutating func put(_ sky: MeasuredSky) {
    switch sky {
    case .whole: put(unsigned: 0)
    case .pixel(let pixel):
      put(unsigned: 1)
      put(pixel)
    }
  }

  fileprivate mutating func put(_ region: RunRegion) {
    put(region.pixel)
    for value in [
      region.areaDegrees2, region.countA, region.countB, region.counterparts, region.unmatchedA, region.unmatchedB,
    ] { put(value) }
    put(ifAny: region.counterpartsError) { $0.put($1) }
    put(ifAny: region.chanceFactor) { $0.put($1) }
    put(ifAny: region.measuredIn) { $0.put($1) }
    put(region.flags.rawValue)
    put(unsigned: UInt64(region.bandPairs.count))
    for pair in region.bandPairs {
      put(pair.bandA)
      put(pair.bandB)
      for value in [pair.counterparts, pair.unmatchedA, pair.unmatchedB] { put(value) }
      put(ifAny: pair.counterpartsError) { $0.put($1) }
    }
  }

  fileprivate mutating func put(_ photometry: RunPhotometry) {
    put(photometry.sky)
    put(photometry.unrelated)
    put(unsigned: UInt64(photometry.shares.count))
    for share in photometry.shares { put(share) }
  }
}

extension IntegerReader {
  fileprivate mutating func sky() throws -> MeasuredSky {
    try unsigned() == 0 ? .whole : .pixel(try pixel())
  }

  fileprivate mutating func region() throws -> RunRegion {
    let pixel = try pixel()
    let values = try (0..<6).map { _ in try double() }
    return RunRegion(
      pixel: pixel, areaDegrees2: values[0], countA: values[1], countB: values[2], counterparts: values[3],
      counterpartsError: try ifAny { try $0.double() }, unmatchedA: values[4], unmatchedB: values[5],
      chanceFactor: try ifAny { try $0.double() }, measuredIn: try ifAny { try $0.sky() },
      flags: MatchFlags(rawValue: try int64()), bandPairs: try (0..<(try length())).map { _ in try bandPair() })
  }

  private mutating func bandPair() throws -> RunBandPair {
    let (bandA, bandB) = (try text(), try text())
    let values = try (0..<3).map { _ in try double() }
    return RunBandPair(
      bandA: bandA, bandB: bandB, counterparts: values[0], counterpartsError: try ifAny { try $0.double() },
      unmatchedA: values[1], unmatchedB: values[2])
  }

  fileprivate mutating func photometry() throws -> RunPhotometry {
    RunPhotometry(
      sky: try sky(), unrelated: try double(), shares: try (0..<(try length())).map { _ in try double() })
  }
}
