/// A query: one SELECT, or several put together.
struct Query {
  /// `name AS (query)` after WITH.
  struct CommonTable {
    let name: Name
    let query: Query
  }

  /// A term of ORDER BY.
  struct OrderTerm {
    let value: Expression
    let isDescending: Bool
  }

  var with: [CommonTable] = []
  var body: QueryBody
  var order: [OrderTerm] = []
  /// Rows left out at the beginning.
  var skipped: String?
}

/// What a query consists of.
indirect enum QueryBody {
  case select(Select)
  /// `UNION`, `UNION ALL`, `INTERSECT`, `EXCEPT`.
  case combination(String, Query, Query, offset: Int)
}

/// One SELECT.
struct Select {
  enum Item {
    /// `*`, or `table.*`.
    case all(of: [Name], offset: Int)
    case value(Expression, name: Name?)
  }

  var isDistinct = false
  /// Rows at most.
  var top: String?
  var items: [Item] = []
  var from: [TableReference] = []
  var condition: Expression?
  var groups: [Expression] = []
  var having: Expression?
  var offset: Int
}

/// Where rows come from.
indirect enum TableReference {
  case table([Name], alias: Name?)
  case query(Query, alias: Name)
  case join(Join)

  struct Join {
    enum Condition {
      case none, natural
      case on(Expression)
      case using([Name])
    }

    let left: TableReference
    let right: TableReference
    /// `JOIN`, `LEFT JOIN`, …
    let kind: String
    let condition: Condition
    let offset: Int
  }
}
