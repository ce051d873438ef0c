/// The definition of one SQL function: registration, `docs/sql.md` and the tests all read this.
package struct ScalarFunction: Sendable {
  /// Contains no pointer; a thrown error becomes the statement's error, with the function's name in front.
  package typealias Body = @Sendable (borrowing FunctionArguments) throws -> SQLValue

  package let name: String
  package let section: SQLSection
  package let parameters: [Parameter]
  /// One or two sentences: what comes back, in which unit.
  package let summary: String
  package let example: String
  /// The example's answer where it is fixed: columns joined by "|", rows by a line break.
  package let answer: String?
  package let reach: OperatorReach
  let body: Body

  package init(
    _ name: String, in section: SQLSection, parameters: [Parameter] = [], summary: String, example: String,
    answer: String?, reach: OperatorReach = .pure, body: @escaping Body
  ) {
    precondition(parameters.allSatisfy { !$0.isOptional }, "\(name): a function has no optional arguments")
    self.name = name
    self.section = section
    self.parameters = parameters
    self.summary = summary
    self.example = example
    self.answer = answer
    self.reach = reach
    self.body = body
  }
}

/// What an operator may touch, which decides where SQLite lets it run.
package enum OperatorReach: Sendable {
  /// Depends on its arguments alone: DETERMINISTIC and INNOCUOUS, also allowed in views, triggers and indexes.
  case pure
  /// Reads or writes files or the connection: DIRECTONLY, so that a view or trigger planted in a database cannot call it.
  case files
}

/// The chapters of `docs/sql.md`, in their order.
package enum SQLSection: String, Sendable, CaseIterable {
  case matching = "Counterparts"
  case catalogues = "Catalogues"
  case sphere = "Positions on the sphere"
  case healpix = "HEALPix"
  case motion = "Proper motion"
  case probabilities = "Position errors and probabilities"
  case counts = "Counts and crowding"
  case database = "Database"
}
