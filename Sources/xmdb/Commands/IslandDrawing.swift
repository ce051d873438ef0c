import SQLExt

/// An island as a small table: a row for each source of a, a column for each of b, and their probabilities.
struct IslandDrawing {
  private let explanation: Explanation
  private let rows: [IslandMember]
  private let columns: [IslandMember]

  /// Larger islands are not drawn: their pairs are listed.
  private static let largest = 10

  init(_ explanation: Explanation) {
    self.explanation = explanation
    rows = explanation.members.filter(\.isA)
    columns = explanation.members.filter { !$0.isA }
  }

  /// Nothing where there is nothing to see: a single pair, or too many.
  var lines: [String] {
    guard rows.count + columns.count > 2, columns.count <= Self.largest, rows.count <= Self.largest else { return [] }
    let heading = ["", "Island (P; * the best assignment, – no candidates)"]
    return heading + (drawing.lines + columnNames).map { "  " + $0 }
  }

  private var drawing: TextTable {
    var table = TextTable(
      [("  " + explanation.nameA, .left)] + columns.indices.map { ("b\($0 + 1)", .right) } + [("alone", .right)])
    for row in rows {
      table.add(
        [(isExplained(row) ? "> " : "  ") + ExplainReport.name(row)] + columns.map { cell(row, $0) } + [alone(row)])
    }
    table.add(["  alone"] + columns.map(alone) + [""])
    return table
  }

  /// What b1, b2, … stand for.
  private var columnNames: [String] {
    columns.enumerated().map {
      "b\($0 + 1) = \(TextTable.printable(ExplainReport.name($1)))" + (isExplained($1) ? "  <" : "")
    }
  }

  /// The source that is explained stands out.
  private func isExplained(_ member: IslandMember) -> Bool {
    member.isA == explanation.source.isA && member.rowid == explanation.source.rowid
  }

  private func cell(_ row: IslandMember, _ column: IslandMember) -> String {
    guard let pair = explanation.pairs.first(where: { $0.rowidA == row.rowid && $0.rowidB == column.rowid }) else {
      return "–"
    }
    return (pair.isMatched ? "*" : "") + ExplainReport.probability(pair.probability)
  }

  private func alone(_ member: IslandMember) -> String {
    let pairs = explanation.pairs.filter { (member.isA ? $0.rowidA : $0.rowidB) == member.rowid }
    let isMatched = pairs.contains(where: \.isMatched)
    return (isMatched ? "" : "*")
      + ExplainReport.probability(max(0, 1 - pairs.reduce(0) { $0 + $1.probability }))
  }
}
