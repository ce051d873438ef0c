import XMDBTestSupport

/// Draws conditions in SQL over the columns of a table `t`, and of a small ordinary table `v` beside it.
struct RandomPredicate {
  /// Names of columns, quoted, of `t`.
  let columns: [String]
  /// SQL literals that occur in `t`.
  let values: [String]
  /// Whether `v` is there.
  let hasOther: Bool

  /// Columns of different declared types, with values that read as numbers and as text.
  static let other = """
    CREATE TABLE v(i INTEGER, r REAL, s TEXT, n, c TEXT COLLATE NOCASE, d NUMERIC, b BLOB);
    INSERT INTO v VALUES (7, 7.0, '7', '7', 'ROW 1', 7, x'37'), (3, 2.5, '007', 7, 'abc', 2.5, 'abc'),
      (NULL, -1, 'row 1', NULL, '7.0', '9223372036854775807', 3), (-4, 1e300, 'ABC', 4.5, NULL, 9e18, NULL),
      (9223372036854775807, 5, '18446744073709551610', '9223372036854775808', '5', 'abc', '7')
    """

  private static let literals = [
    "0", "1", "3", "7", "-1", "4.5", "7.0", "2.5", "'3'", "'007'", "'7'", "'7.0'", "'abc'", "'ABC'", "'row 1'", "NULL",
    "x'37'", "1e300", "-1e300", "9223372036854775807", "-9223372036854775808", "9.3e18", "1e999", "''", "' 7 '",
    "'9223372036854775808'", "'18446744073709551610'", "'9223372036854775809.5'", "'1e19'", "'-5'",
    "1.8446744073709552e19",
  ]
  private static let comparisons = ["=", "<", "<=", ">", ">=", "<>", "IS", "IS NOT", "=="]
  private static let types = ["INTEGER", "REAL", "TEXT", "NUMERIC", "BLOB"]

  func condition(_ rng: inout SplitMix64, depth: Int = 2) -> String {
    switch rng.below(depth > 0 ? 10 : 6) {
    case 0...5: return term(&rng)
    case 6: return "NOT (\(condition(&rng, depth: depth - 1)))"
    case 7: return "(\(condition(&rng, depth: depth - 1)) OR \(condition(&rng, depth: depth - 1)))"
    default: return "\(condition(&rng, depth: depth - 1)) AND \(condition(&rng, depth: depth - 1))"
    }
  }

  private func term(_ rng: inout SplitMix64) -> String {
    let column = pick(columns, &rng)
    switch rng.below(12) {
    case 0: return "\(column) IS \(pick(["NULL", "NOT NULL"], &rng))"
    case 1: return "\(column) BETWEEN \(value(&rng)) AND \(value(&rng))"
    case 2:
      let list = (0..<1 + rng.below(4)).map { _ in value(&rng) }.joined(separator: ", ")
      return "\(column)\(pick(["", " NOT"], &rng)) IN (\(list))"
    case 3:
      return "\(column) \(pick(["LIKE", "GLOB", "NOT LIKE"], &rng)) \(pick(["'7%'", "'ROW _'", "'a*'", "'%'"], &rng))"
    case 4: return "\(value(&rng)) \(pick(Self.comparisons, &rng)) \(column)"
    case 5:
      return
        "(\(column), \(pick(columns, &rng))) \(pick(["<", ">=", "=", "<>"], &rng)) (\(value(&rng)), \(value(&rng)))"
    case 6 where hasOther: return "\(column) IN (SELECT \(pick(["i", "r", "s", "n", "c", "d", "b"], &rng)) FROM v)"
    case 7: return "\(column) \(pick(Self.comparisons, &rng)) \(pick(columns, &rng))"
    default:
      return "\(column) \(pick(Self.comparisons, &rng)) \(value(&rng))\(pick(Self.collations, &rng))"
    }
  }

  private static let collations = ["", "", "", "", "", " COLLATE NOCASE", " COLLATE RTRIM", " COLLATE BINARY"]

  private func value(_ rng: inout SplitMix64) -> String {
    let literal = rng.below(3) == 0 && !values.isEmpty ? pick(values, &rng) : pick(Self.literals, &rng)
    switch rng.below(hasOther ? 7 : 6) {
    case 0: return "CAST(\(literal) AS \(pick(Self.types, &rng)))"
    case 1: return "(SELECT \(literal))"
    case 2: return "+\(literal)"
    case 6: return "v.\(pick(["i", "r", "s", "n", "c", "d", "b"], &rng))"
    default: return literal
    }
  }

  private func pick(_ choices: [String], _ rng: inout SplitMix64) -> String { choices[rng.below(choices.count)] }
}
