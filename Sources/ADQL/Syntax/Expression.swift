/// An expression or condition of a query.
struct Expression {
  indirect enum Kind {
    case number(String)
    case text(String)
    case null
    case column(qualifier: [Name], name: Name)
    /// `-x`, `+x`.
    case signed(String, Expression)
    /// Arithmetic, `||`, comparisons.
    case binary(String, Expression, Expression)
    case all([Expression])
    case any([Expression])
    case not(Expression)
    case isNull(Expression, isNegated: Bool)
    case between(Expression, Expression, Expression, isNegated: Bool)
    case like(Expression, Expression, isNegated: Bool, ignoresCase: Bool)
    case oneOf(Expression, [Expression], isNegated: Bool)
    case inQuery(Expression, Query, isNegated: Bool)
    case exists(Query)
    case query(Query)
    case function(Name, [Expression], isDistinct: Bool)
    /// `COUNT(*)`.
    case countAll
    case cast(Expression, CastType)
    case choice(of: Expression?, [Case], otherwise: Expression?)
  }

  /// `WHEN … THEN …`.
  struct Case {
    let when: Expression
    let then: Expression
  }

  let kind: Kind
  let offset: Int
  /// Levels below this one, and this one.
  let depth: Int
}

/// What a value can be made by CAST.
enum CastType {
  case integer, real
  /// Of at most so many characters; nil for any number.
  case text(Int?)
}
