public import CatalogStore

/// Some rows of a table in memory, column by column, on their way from a database to a writer.
public final class TableBatch: Sendable {
  // Filled by the one thread that has made it, then only read: `Filling` is what fills it, and goes before it is handed on.
  private nonisolated(unsafe) let memory: [ColumnMemory]
  /// Rows.
  public let rows: Int

  fileprivate init(_ memory: [ColumnMemory], rows: Int) { (self.memory, self.rows) = (memory, rows) }

  /// Lends its columns to a writer.
  public func append(to writer: any TableWriter) throws { try withBuffers { try writer.append(rows: rows, $0) } }

  /// Lends its columns until `body` returns.
  func withBuffers<Result>(_ body: ([ColumnBuffer]) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(memory.map { $0.buffer(rows: rows) }) }
  }

  /// The values of a column of integers; empty for another.
  public func integers(column: Int) -> [Int64] {
    withBuffers { buffers in
      if case .int64(let values) = buffers[column].values { Array(values) } else { [] }
    }
  }

  /// The values of a column of numbers, NaN where there is none.
  public func numbers(column: Int) -> [Double] {
    withBuffers { buffers in (0..<rows).map { buffers[column].number($0) } }
  }

  /// Where a row is among several batches.
  public struct Place: Sendable {
    public let batch: Int
    public let row: Int

    public init(batch: Int, row: Int) { (self.batch, self.row) = (batch, row) }
  }

  /// Rows of several batches in another order, as one batch.
  /// - Precondition: All batches have these columns.
  public static func gathered(_ places: ArraySlice<Place>, of batches: [TableBatch], _ columns: [TableColumn])
    -> TableBatch
  {
    withExtendedLifetime(batches) {
      let memory = columns.indices.map { column in
        let target = ColumnMemory(columns[column].type, capacity: places.count)
        let sources = batches.map { $0.memory[column].buffer(rows: $0.rows) }
        for (row, place) in places.enumerated() { copy(sources[place.batch], place.row, to: target, row) }
        return target
      }
      return TableBatch(memory, rows: places.count)
    }
  }

  private static func copy(_ source: ColumnBuffer, _ from: Int, to target: ColumnMemory, _ row: Int) {
    let isPresent = source.validity.isPresent(from)
    switch source.values {
    case .text(let strings), .binary(let strings):
      if isPresent { target.append(strings[from]) } else { target.appendMissing() }
      return
    case .int64(let values): target.numbers(Int64.self)[row] = values[from]
    case .uint64(let values): target.numbers(UInt64.self)[row] = values[from]
    case .float64(let values): target.numbers(Double.self)[row] = values[from]
    case .float32(let values): target.numbers(Float.self)[row] = values[from]
    case .bool(let values): target.numbers(UInt8.self)[row] = values[from]
    }
    if !isPresent { target.setMissing(row) }
  }

  /// From which column of a stored table the values of a column of the batch are taken.
  public struct Taking: Sendable {
    let column: Int
    let index: Int

    /// - Parameters:
    ///   - column: Its position in the batch.
    ///   - index: The position in the stored table, as its cursor counts.
    public init(column: Int, index: Int) { (self.column, self.index) = (column, index) }
  }

  /// Takes rows, value by value.
  public struct Filling: ~Copyable {
    /// Where the values of a column go. `memory` holds it; nothing counts references for each value.
    private struct Slot {
      let type: ColumnType
      let values: UnsafeMutableRawPointer
      let memory: Unmanaged<ColumnMemory>

      @inline(__always) func numbers<Number>(_: Number.Type) -> UnsafeMutablePointer<Number> {
        values.assumingMemoryBound(to: Number.self)
      }
    }

    private let columns: [TableColumn]
    private let memory: [ColumnMemory]
    private let slots: [Slot]
    private let capacity: Int
    private var row = 0

    /// An empty batch.
    /// - Parameter capacity: The most rows that it will get.
    public init(_ columns: [TableColumn], capacity: Int) {
      self.columns = columns
      self.capacity = capacity
      memory = columns.map { ColumnMemory($0.type, capacity: capacity) }
      slots = memory.map { Slot(type: $0.type, values: $0.values, memory: Unmanaged.passUnretained($0)) }
    }

    /// The values of some columns in the current row, from the row at which a cursor stands; each column gets one, in any order.
    /// - Throws: `StoreError.damaged` for a value that is not of the column's type.
    public mutating func put(_ stored: TableCursor, _ places: [Taking]) throws {
      for place in places { try put(stored.value(place.index), column: place.column) }
    }

    /// The value of a column in the current row; each column gets one, in any order.
    /// - Throws: `StoreError.damaged` for a value that is not of the column's type.
    @inline(__always) public mutating func put(_ value: RowValue, column: Int) throws {
      let slot = slots[column]
      switch (value, slot.type) {
      case (.real(let number), .float64): slot.numbers(Double.self)[row] = number
      case (_, .text), (_, .binary): try putText(value, column)
      case (.null, _): slot.memory._withUnsafeGuaranteedRef { $0.setMissing(row) }
      case (.integer(let number), .float64): slot.numbers(Double.self)[row] = Double(number)
      case (.real(let number), .float32): slot.numbers(Float.self)[row] = Float(number)
      case (.integer(let number), .float32): slot.numbers(Float.self)[row] = Float(number)
      case (.integer(let number), .bool): slot.numbers(UInt8.self)[row] = number == 0 ? 0 : 1
      case (.integer(let number), .uint64): slot.numbers(UInt64.self)[row] = UInt64(bitPattern: number)
      case (.text(let digits), .uint64): slot.numbers(UInt64.self)[row] = try unsigned(digits, column)
      case (.integer(let number), _): slot.numbers(Int64.self)[row] = number
      default: throw misfit(column)
      }
    }

    /// Ends the current row.
    public mutating func endRow() {
      precondition(row < capacity, "a batch of \(capacity) rows is full")
      row += 1
    }

    /// The rows so far.
    public consuming func finish() -> TableBatch { TableBatch(memory, rows: row) }

    /// Numbers in a column of texts are written in digits: an identifier may be one or the other.
    private mutating func putText(_ value: RowValue, _ column: Int) throws {
      let target = memory[column]
      switch value {
      case .null: target.appendMissing()
      case .text(let bytes) where target.type == .text && !bytes.allSatisfy({ $0 < 0x80 }):
        var repaired = String(decoding: bytes, as: UTF8.self)
        repaired.withUTF8 { target.append($0) }
      case .text(let bytes), .blob(let bytes):
        bytes.withMemoryRebound(to: UInt8.self) { target.append($0) }
      case .integer(let number):
        var digits = String(number)
        digits.withUTF8 { target.append($0) }
      case .real(let number):
        var digits = number.description
        digits.withUTF8 { target.append($0) }
      }
    }

    private func unsigned(_ digits: UnsafeRawBufferPointer, _ column: Int) throws -> UInt64 {
      guard let number = UInt64(String(decoding: digits, as: UTF8.self)) else { throw misfit(column) }
      return number
    }

    private func misfit(_ column: Int) -> StoreError {
      StoreError(
        .damaged, "column '\(columns[column].name)'",
        "holds a value that is no \(columns[column].type); run `xmdb verify`")
    }
  }
}
