// WHAT MAY BE PUSHED DOWN. SQLite compares a column with a value after it has converted one to the type of the other, which
// depends on the declared types of both sides (sqlite.org/datatype3.html, section 4.2). A table is told the value only, and
// while planning not even that, unless it is a constant. A column of numbers compares the same way with whatever stands on
// the other side. A column of text does not: `name = 7` compares texts if 7 is a literal, and numbers if it comes from a
// column of integers. So a scan is given such a constraint only where its own comparison leaves every row that SQLite's
// leaves, and SQLite compares again where it might leave more.

extension TableColumn.Kind {
  /// The collation by which the column compares.
  var collation: String { self == .unsigned ? UnsignedText.collation : "BINARY" }

  /// The value in the form in which it compares with what the column holds; nil where only SQLite knows how they compare.
  func comparable(_ value: SQLValue) -> SQLValue? {
    switch (self, value) {
    case (_, .null), (.integer, _), (.real, _), (.any, _), (.blob, _), (.text, .text), (.text, .blob): value
    case (.unsigned, _): UnsignedText.digits(value).map { .text($0) }
    case (.text, .integer), (.text, .real): nil
    }
  }
}

extension PlanConstraint {
  /// How well a scan that compares the column itself answers a constraint.
  enum Fitness {
    /// It leaves just the rows that SQLite would leave.
    case exact
    /// It leaves those rows, and maybe others.
    case inexact
    /// It might leave a row out.
    case unfit
  }

  /// - Parameter value: The other side, where it is known while planning.
  static func fitness(_ comparison: ConstraintOperator, _ kind: TableColumn.Kind, with value: SQLValue?) -> Fitness {
    if comparison == .isNull || comparison == .isNotNull { return .exact }
    switch kind {
    case .integer, .real: return .exact
    case .text, .unsigned:
      guard let value else { return comparison.isEquality ? .inexact : .unfit }
      if kind.comparable(value) == nil { return .unfit }
      // While planning, SQLite gives 15.0 as 15.
      if case .integer = value { return .inexact }
      return .exact
    // Without a declared type all depends on the other side.
    case .blob, .any: return .inexact
    }
  }
}
