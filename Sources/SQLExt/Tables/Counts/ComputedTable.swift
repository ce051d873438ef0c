/// A short table whose rows follow from its arguments alone: it needs no database.
final class ComputedTable: VirtualTable {
  typealias Rows = @Sendable (FilterRequest) throws -> [[SQLValue]]

  private let rows: Rows
  private let number: Double

  private init(_ rows: @escaping Rows, _ number: Int) {
    self.rows = rows
    self.number = Double(number)
  }

  /// The definition of such a table.
  /// - Parameters:
  ///   - number: How many rows it has, about.
  ///   - rows: Gives the values of each row in the order of `columns`.
  static func definition(
    _ name: String, in section: SQLSection, parameters: [Parameter] = [], columns: [TableColumn], summary: String,
    example: String, answer: String? = nil, number: Int, rows: @escaping Rows
  ) -> TableFunction {
    TableFunction(
      name, in: section, parameters: parameters, columns: columns, summary: summary, example: example, answer: answer,
      reach: .pure
    ) { _ in ComputedTable(rows, number) }
  }

  func plan(_ request: PlanRequest) throws -> Plan { Plan(cost: 1000, rows: Int64(number)) }

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor { ListCursor(try rows(filter)) }
}
