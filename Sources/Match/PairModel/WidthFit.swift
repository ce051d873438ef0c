internal import Glibc

/// How counterparts are distributed in t = χ²/2, and how many there are, from positions and errors alone.
///
/// Chance pairs of one kind are flat in t, counterparts fall as e(t) = Σ wₖ eₖ(t). With u the odds of the two at t = 0,
///
///     p(t) = (c(t) + u e(t)) / (T + u E),   c(t) = 1 + β (√(t/T) − 2/3),   E = ∫₀ᵀ e,   u = θ (G₀/n₀) (n/n₀)^−γ h.
///
/// Everything maximises Σ ln(c + u e) − ln(1 + u E/T) over pairs. Neither areas nor densities of chance pairs enter: a strip, an edge
/// or a cluster changes how many pairs there are, and not how t is distributed among them.
struct WidthFit: Sendable {
  /// θ wₖ for each of `WidthComponent.all`; 0 where it is not needed.
  private(set) var amounts: [Double]
  /// β.
  private(set) var slope = 0.0
  /// γ: how much of the scatter of the local densities is real.
  private(set) var densityExponent = 1.0
  /// ln L at the maximum.
  private(set) var logLikelihood = 0.0

  /// θ: the sum of the amounts.
  var odds: Double { amounts.reduce(0, +) }
  /// wₖ, by ranges of the spread.
  private(set) var shares: WidthShares

  private static let components = WidthComponent.all
  /// Of γ, whose prior is normal about 1.
  private static let exponentSigma = 0.3
  private static let largestExponent = 1.5
  private var chooser: WidthChooser

  /// Fits a table.
  /// - Parameter level: T₀, how far pairs were looked for at least.
  init(_ table: PairTable, level: Double) {
    chooser = WidthChooser(allowed: Self.allowed(table, level: level))
    amounts = Self.components.map { $0 == .quoted ? 0.5 : 0.05 }
    shares = WidthShares(Self.components.map { $0 == .quoted ? 1 : 0 })
    guard !table.rows.isEmpty else {
      amounts = Self.components.map { $0 == .quoted ? Self.nothing : 0 }
      return
    }
    var choice: WidthChoice?
    for _ in 0..<3 {
      choice = chooseComponents(table)
      let before = densityExponent
      fitExponent(table)
      if abs(densityExponent - before) < 0.02 { break }
    }
    if let choice { divide(table, choice) }
  }

  /// Components of which most counterparts lie within the search. Others look like chance.
  private static let leastInside = 0.9

  private static func allowed(_ table: PairTable, level: Double) -> [Int] {
    let usual = WidthComponent.within(level: level)
    let present = table.cells.components
    let pairs = table.rows.reduce(0) { $0 + $1.count }
    return usual.filter { place in
      guard place < present.count else { return false }
      if !present[place].asksForDrifts { return true }
      let inside = table.rows.reduce(0) { $0 + $1.count * table.cells.shares[$1.cell * present.count + place] }
      return inside >= leastInside * pairs
    }
  }

  /// Chooses components anew on a table that knows more of its pairs. γ and β stay: what chance pairs do has nothing to do with their
  /// magnitudes, and counterparts of odd magnitudes would pass for a slope.
  mutating func chooseAgain(_ table: PairTable) {
    if table.rows.isEmpty { return }
    (chooser.heldSlope, chooser.fitsSlope) = (slope, false)
    divide(table, chooseComponents(table))
  }

  /// Fits the amounts of the components in use to another table, and γ.
  mutating func adjust(_ table: PairTable) {
    if table.rows.isEmpty { return }
    let used = amounts.indices.filter { amounts[$0] > 0 }
    take(
      chooser.climbed(
        WidthTerms(table, exponent: densityExponent), WidthChooser.costs(table), used, bends: slope != 0, amounts, slope
      ))
    shares = division.adjusted(shares, table, amounts: amounts)
    fitExponent(table)
  }

  /// The components that the whole table needs.
  private mutating func chooseComponents(_ table: PairTable) -> WidthChoice {
    let choice = chooser.chosen(
      WidthTerms(table, exponent: densityExponent), WidthChooser.costs(table), from: amounts, slope)
    take(choice)
    return choice
  }

  private mutating func take(_ choice: WidthChoice) {
    (amounts, slope, logLikelihood) = (choice.amounts, choice.slope, choice.logLikelihood)
    if odds < Self.nothing { amounts[WidthChooser.quotedPlace] = Self.nothing }
    if shares.ends.isEmpty { shares = WidthShares(WidthChoice.shares(amounts)) }
  }

  private var division: WidthDivision { WidthDivision(chooser, slope: slope, exponent: densityExponent) }

  private mutating func divide(_ table: PairTable, _ choice: WidthChoice) {
    shares = division.shares(table, choice, amounts: amounts)
  }

  /// θ where no counterpart is found: the posterior begins there.
  static let nothing = 1e-9

  // MARK: Density

  /// γ and θ by turns, the weights held: the prior draws γ towards 1, where all of the scatter of the densities is real.
  private mutating func fitExponent(_ table: PairTable) {
    for _ in 0..<15 {
      let before = densityExponent
      stepExponent(table)
      if abs(densityExponent - before) < 1e-3 { return }
    }
  }

  private mutating func stepExponent(_ table: PairTable) {
    let terms = WidthTerms(table, exponent: densityExponent)
    let sums = terms.odds(amounts: [amounts], ranges: Array(repeating: 0, count: table.rows.count), slope: slope)
    let pairs = table.rows.reduce(0) { $0 + $1.count }
    let mean = table.rows.reduce(0) { $0 + $1.count * $1.logDensity } / max(pairs, 1)
    let variance = Self.exponentSigma * Self.exponentSigma
    var (slopeOfL, curvature) = (-(densityExponent - 1) / variance, -1 / variance)
    var (slopeOfTheta, curvatureOfTheta) = (0.0, 0.0)
    for (row, odds) in zip(table.rows, sums) {
      let (after, before) = (odds.after / (1 + odds.after), odds.before / (1 + odds.before))
      let y = row.logDensity - mean
      let bend = after * (1 - after) - before * (1 - before)
      slopeOfL += row.count * (before - after) * y
      curvature += row.count * bend * y * y
      slopeOfTheta += row.count * (after - before)
      curvatureOfTheta += row.count * bend
    }
    let step = curvature < 0 ? min(max(-slopeOfL / curvature, -0.1), 0.1) : 0
    let next = min(max(densityExponent + step, 0), Self.largestExponent)
    // θ is that at the mean density, so that it hardly moves with γ.
    var change = (next - densityExponent) * mean
    if curvatureOfTheta < 0 { change += min(max(-slopeOfTheta / curvatureOfTheta, -1), 1) }
    amounts = amounts.map { $0 * exp(change) }
    densityExponent = next
  }
}
