import Glibc

/// The factor that all messages of rows lack and all messages of columns have too much, or the other way round.
///
/// Multiplying the former and dividing the latter changes no odds of a pair, only who is alone. Where nearly all of an island
/// is matched, messages approach the right factor very slowly by themselves. It is the one with which as many rows as columns
/// are matched: with the sums h of what nodes hear, the root s of
///
///     Σ_rows h / (α s + h) = Σ_columns h s / (α + h s)
///
/// whose left side falls and whose right side rises.
struct PropagationBalance {
  /// Steps of the search for the root: to a relative 1e-9 or better.
  static let halvings = 48
  /// How far from each other the two sides may be, of the smallest of all they are made of, before anything is done.
  private static let slack = 1e-3

  private let sums: [Double]
  private let rows: Int
  private let alone: [Double]

  /// - Parameters:
  ///   - sums: h of every node, rows first.
  ///   - rows: How many of them are rows.
  ///   - alone: α of a node.
  init(sums: [Double], rows: Int, alone: (Int) -> Double) {
    self.sums = sums
    self.rows = rows
    self.alone = sums.indices.map(alone)
  }

  /// s; 1 where the sides agree well enough.
  var factor: Double {
    let (rowsAlone, columnsAlone) = lonely(factor: 1)
    let excess = Self.excess(rowsAlone, columnsAlone, rows, sums.count)
    let matched = min(Double(rows) - rowsAlone, Double(sums.count - rows) - columnsAlone)
    guard abs(excess) > max(Self.slack * min(rowsAlone, columnsAlone, matched), 1e-12 * Double(sums.count)) else {
      return 1
    }
    var (low, high) = (-700.0, 700.0)
    for _ in 0..<Self.halvings {
      let middle = (low + high) / 2
      let (rowsAlone, columnsAlone) = lonely(factor: exp(middle))
      if Self.excess(rowsAlone, columnsAlone, rows, sums.count) > 0 { low = middle } else { high = middle }
    }
    return exp((low + high) / 2)
  }

  /// By how many more rows are matched than columns.
  private static func excess(_ rowsAlone: Double, _ columnsAlone: Double, _ rows: Int, _ nodes: Int) -> Double {
    Double(rows - (nodes - rows)) - rowsAlone + columnsAlone
  }

  /// How many rows and how many columns are alone.
  private func lonely(factor: Double) -> (rows: Double, columns: Double) {
    var (rowsAlone, columnsAlone) = (0.0, 0.0)
    for node in 0..<rows { rowsAlone += alone[node] / (alone[node] + sums[node] / factor) }
    for node in rows..<sums.count { columnsAlone += alone[node] / (alone[node] + sums[node] * factor) }
    return (rowsAlone, columnsAlone)
  }
}
