/// Whether counterparts are spread otherwise where the errors of pairs are small than where they are large.
///
/// The pairs are divided where half of the counterparts lie on either side. Both parts get components of their own if these earn their cost in
/// ln L beyond what the components of the whole reach in both, and each is divided likewise. How many counterparts each part has is free:
/// that is the matter of the quoted errors as evidence.
struct WidthDivision {
  private let chooser: WidthChooser
  private let exponent: Double
  /// The range is divided so often.
  private static let depth = 3
  /// Each part has at least so many counterparts.
  private static let fewestCounterparts = 300.0

  /// - Parameters:
  ///   - slope: β, which the parts share.
  ///   - exponent: γ likewise.
  init(_ chooser: WidthChooser, slope: Double, exponent: Double) {
    var chooser = chooser
    (chooser.heldSlope, chooser.fitsSlope) = (slope, false)
    self.chooser = chooser
    self.exponent = exponent
  }

  /// The shares of a table.
  /// - Parameters:
  ///   - choice: What the whole table needs.
  ///   - amounts: Its amounts, not all of them 0.
  func shares(_ table: PairTable, _ choice: WidthChoice, amounts: [Double]) -> WidthShares {
    var whole = choice
    whole.amounts = amounts
    return divided(table, whole, depth: Self.depth)
  }

  /// The same ranges with the same components, fitted to another table.
  func adjusted(_ shares: WidthShares, _ table: PairTable, amounts: [Double]) -> WidthShares {
    if shares.ends.isEmpty { return WidthShares(WidthChoice.shares(amounts)) }
    let (ranges, odds) = (table.ranges(of: shares), amounts.reduce(0, +))
    let fitted = shares.ranges.indices.map { range -> [Double] in
      let part = table.rows(where: { ranges[$0] == range })
      let start = shares.ranges[range].map { $0 * odds }
      if part.rows.isEmpty { return shares.ranges[range] }
      let used = start.indices.filter { start[$0] > 0 }
      let found = chooser.climbed(
        WidthTerms(part, exponent: exponent), WidthChooser.costs(part), used, bends: false, start, chooser.heldSlope)
      return found.amounts.contains { $0 > 0 } ? WidthChoice.shares(found.amounts) : shares.ranges[range]
    }
    return WidthShares(ends: shares.ends, ranges: fitted) ?? shares
  }

  private func divided(_ table: PairTable, _ choice: WidthChoice, depth: Int) -> WidthShares {
    let undivided = WidthShares(WidthChoice.shares(choice.amounts))
    guard depth > 0, let end = middle(table, choice) else { return undivided }
    let bins = table.spreadBins
    let parts = [table.rows(where: { bins[$0] < end }), table.rows(where: { bins[$0] >= end })]
    let costs = parts.map(WidthChooser.costs)
    let terms = parts.map { WidthTerms($0, exponent: exponent) }
    let before = terms.reduce(0) { $0 + logLikelihood($1, choice) }
    let start = choice.amounts
    // What any choice can reach at most.
    let most = zip(terms, costs).reduce(0) {
      $0 + chooser.full($1.0, $1.1, from: start, chooser.heldSlope).logLikelihood
    }
    if most - before < WidthChooser.cost { return undivided }
    let found = zip(terms, costs).map { chooser.chosen($0, $1, from: start, chooser.heldSlope) }
    let gain = found.reduce(0) { $0 + $1.logLikelihood } - before
    let cost = found.reduce(0) { $0 + $1.cost } - WidthChooser.cost(of: choice.used, WidthChooser.costs(table))
    let isBetter = gain > cost
    guard isBetter, found.allSatisfy({ $0.amounts.contains { $0 > 0 } }) else { return undivided }
    return WidthShares(
      divided(parts[0], found[0], depth: depth - 1), until: end, divided(parts[1], found[1], depth: depth - 1))
  }

  /// ln L with the shares of a choice, however many counterparts there are.
  private func logLikelihood(_ terms: WidthTerms, _ choice: WidthChoice) -> Double {
    let mixed = terms.mixed(WidthChoice.shares(choice.amounts))
    return chooser.climbed(mixed, [0], [0], bends: false, [choice.amounts.reduce(0, +)], chooser.heldSlope)
      .logLikelihood
  }

  /// The bin of the spread below which half of the counterparts are; nil where a part would have few of them.
  private func middle(_ table: PairTable, _ choice: WidthChoice) -> Int? {
    let odds = WidthTerms(table, exponent: exponent).odds(
      amounts: [choice.amounts], ranges: Array(repeating: 0, count: table.rows.count), slope: chooser.heldSlope)
    var counterparts = [Double](repeating: 0, count: LogBins.spreads.count)
    for (place, bin) in table.spreadBins.enumerated() {
      counterparts[bin] += table.rows[place].count * odds[place].after / (1 + odds[place].after)
    }
    let total = counterparts.reduce(0, +)
    var (below, best) = (0.0, (end: 0, imbalance: Double.infinity, below: 0.0))
    for (bin, number) in counterparts.enumerated() {
      below += number
      let imbalance = abs(2 * below - total)
      if imbalance < best.imbalance { best = (bin + 1, imbalance, below) }
    }
    return min(best.below, total - best.below) >= Self.fewestCounterparts ? best.end : nil
  }
}
