package import Indexing

/// The definition of one aggregate function: registration, `docs/sql.md` and the tests all read this.
package struct AggregateFunction: Sendable {
  package let name: String
  package let section: SQLSection
  package let parameters: [Parameter]
  package let summary: String
  package let example: String
  /// The example's answer where it is fixed: columns joined by "|", rows by a line break.
  package let answer: String?
  /// A fresh state for each group.
  let make: @Sendable () -> any Aggregate

  package init(
    _ name: String, in section: SQLSection, parameters: [Parameter], summary: String, example: String,
    answer: String?, make: @escaping @Sendable () -> any Aggregate
  ) {
    precondition(parameters.allSatisfy { !$0.isOptional }, "\(name): a function has no optional arguments")
    self.name = name
    self.section = section
    self.parameters = parameters
    self.summary = summary
    self.example = example
    self.answer = answer
    self.make = make
  }
}

/// What an aggregate keeps of the rows of one group. It depends on them alone: aggregates are all pure.
package protocol Aggregate: AnyObject {
  /// Takes one row. Rows with a NULL argument do not get here.
  func add(_ arguments: borrowing FunctionArguments) throws
  /// The answer for the group; not asked for without rows, where it is NULL.
  /// - Parameter stop: Asked by answers that take long.
  func result(stop: inout StopCheck) throws -> SQLValue
}
