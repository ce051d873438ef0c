internal import CatalogStore
internal import Formats

/// Copies the column of a role out of a batch as doubles in the canonical unit.
struct RoleLoader: Sendable {
  private enum Source: Sendable {
    /// Position in the batch, not in the source.
    case column(Int)
    case constant(Double)
  }

  private struct Plan: Sendable {
    let source: Source
    let scale: Double
    let offset: Double
    /// The range outside which placeholders are looked for; nil where a placeholder keeps the row aside.
    let placeholdersBeyond: RoleRange?
  }

  private let plans: [ColumnRole: Plan]

  init(_ assignment: RoleAssignment, batchColumns: [Int]?) {
    plans = Dictionary(
      assignment.bindings.map { binding in
        let (scale, offset) = binding.unit.conversion(for: binding.role)
        let plan = Plan(
          source: Self.source(binding, batchColumns), scale: scale, offset: offset,
          placeholdersBeyond: Self.mayBeUnknown(binding.role) ? RoleRange.of(binding.role) : nil)
        return (binding.role, plan)
      }, uniquingKeysWith: { first, _ in first })
  }

  private static func source(_ binding: RoleBinding, _ batchColumns: [Int]?) -> Source {
    switch binding.source {
    case .constant(let value): return .constant(value)
    case .column(let index, let name):
      guard let batchColumns else { return .column(index) }
      guard let position = batchColumns.firstIndex(of: index) else {
        preconditionFailure("column '\(name)' plays \(binding.role) but is not among the columns of the batches")
      }
      return .column(position)
    }
  }

  private static func mayBeUnknown(_ role: ColumnRole) -> Bool {
    switch role {
    case .pmRA, .pmDec, .sigmaPM, .sigmaPMRA, .sigmaPMDec: true
    default: false
    }
  }

  /// The factor from the unit of the file to the canonical one; 1 if nothing plays the role.
  func scale(_ role: ColumnRole) -> Double { plans[role]?.scale ?? 1 }

  /// Where the column of a role is in the batches; nil if it is a constant or nothing plays the role.
  func position(_ role: ColumnRole) -> Int? {
    guard case .column(let position)? = plans[role]?.source else { return nil }
    return position
  }

  /// Fills `output` with one value per row, NaN where there is none; empties it if nothing plays the role.
  func load(_ role: ColumnRole, _ batch: borrowing RecordBatch, into output: inout [Double]) {
    guard let plan = plans[role] else {
      output.removeAll(keepingCapacity: true)
      return
    }
    output.resize(to: batch.rowCount)
    output.withUnsafeMutableBufferPointer { output in
      switch plan.source {
      case .constant(let value): output.update(repeating: value * plan.scale + plan.offset)
      case .column(let position): Self.copy(batch.columns[position], plan, into: output)
      }
    }
  }

  private static func copy(_ column: ColumnBuffer, _ plan: Plan, into output: UnsafeMutableBufferPointer<Double>) {
    switch column.values {
    case .float64(let values):
      for row in output.indices { output[row] = values[row] * plan.scale + plan.offset }
    case .float32(let values):
      for row in output.indices { output[row] = Double(values[row]) * plan.scale + plan.offset }
    case .int64(let values):
      for row in output.indices { output[row] = Double(values[row]) * plan.scale + plan.offset }
    case .uint64(let values):
      for row in output.indices { output[row] = Double(values[row]) * plan.scale + plan.offset }
    case .bool(let values):
      for row in output.indices { output[row] = Double(values[row]) }
    case .text, .binary:
      output.update(repeating: .nan)
    }
    if let range = plan.placeholdersBeyond {
      // Not NaN but infinite, so that it is told from a value that is missing.
      for row in output.indices where !output[row].isNaN && !range.contains(output[row]) {
        if Placeholders.isHuge(column.values.number(row)) { output[row] = .infinity }
      }
    }
    guard column.validity.nullCount > 0 else { return }
    for row in output.indices where !column.validity.isPresent(row) { output[row] = .nan }
  }
}
