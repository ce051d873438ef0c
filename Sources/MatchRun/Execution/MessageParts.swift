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
    for text in [order.kind.rawValue, order.database, order.snapshot, order.a, order.b, order.configuration] {
      put(text)
    }
    put(order.run)
    put(ifAny: order.base) { $0.put($1) }
  }
}

extension IntegerReader {
  mutating func order() throws -> RunOrder {
    guard let kind = RunKind(rawValue: try text()) else { throw Malformed() }
    let texts = try (0..<5).map { _ in try text() }
    return RunOrder(
      kind: kind, database: texts[0], snapshot: texts[1], run: try int64(), a: texts[2], b: texts[3],
      configuration: texts[4],
      base: try ifAny { try $0.int64() })
  }
}

// MARK: Pieces

extension IntegerWriter {
  mutating func put(_ piece: RunPiece) {
    put(piece.stage.name)
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
    RunPiece(stage: RunProgress.Stage(try text()), position: try count())
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
    put(bytes: report.payload)
    put(report.inputs)
  }

  private mutating func put(_ cost: RunCost) {
    put(cost.seconds)
    put(ifAny: cost.processorSeconds) { $0.put($1) }
    put(ifAny: cost.peakBytes) { $0.put($1) }
    put(ifAny: cost.host) { $0.put($1) }
    put(unsigned: cost.isReused ? 1 : 0)
  }
}

extension IntegerReader {
  mutating func report() throws -> PieceReport {
    let cost = try cost()
    let damage = try ifAny { try $0.error() }
    return PieceReport(payload: Array(try slice()), inputs: try text(), cost: cost, damage: damage)
  }

  private mutating func cost() throws -> RunCost {
    RunCost(
      seconds: try double(), processorSeconds: try ifAny { try $0.double() }, peakBytes: try ifAny { try $0.int64() },
      host: try ifAny { try $0.text() }, isReused: try unsigned() != 0)
  }
}
