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
  /// wₖ.
  var weights: [Double] { amounts.map { $0 / max(odds, .leastNormalMagnitude) } }

  private static let components = WidthComponent.all
  /// Of β, whose prior is normal about 0.
  private static let slopeSigma = 0.1
  static let largestSlope = 0.6
  /// Of γ, whose prior is normal about 1.
  private static let exponentSigma = 0.3
  private static let largestExponent = 1.5
  /// ln L that a component must earn, and twice the logarithm of its width more: a wide one looks like chance.
  private static let cost = 5.0
  /// Components with less than this share of the counterparts are not tried one by one.
  private static let leastShare = 1e-3

  /// β of choices that do not fit it.
  private var heldSlope = 0.0
  /// Whether β is fitted.
  private var fitsSlope = true
  /// The components that may be used.
  private let allowed: [Int]

  /// Fits a table.
  /// - Parameter level: T₀, how far pairs were looked for at least.
  init(_ table: PairTable, level: Double) {
    allowed = Self.allowed(table, level: level)
    amounts = Self.components.map { $0 == .quoted ? 0.5 : 0.05 }
    guard !table.rows.isEmpty else {
      amounts = Self.components.map { $0 == .quoted ? Self.nothing : 0 }
      return
    }
    for _ in 0..<3 {
      chooseComponents(table)
      let before = densityExponent
      fitExponent(table)
      if abs(densityExponent - before) < 0.02 { break }
    }
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
    (heldSlope, fitsSlope) = (slope, false)
    chooseComponents(table)
  }

  /// Fits the amounts of the components in use to another table, and γ.
  mutating func adjust(_ table: PairTable) {
    if table.rows.isEmpty { return }
    let terms = WidthTerms(table, exponent: densityExponent)
    let used = amounts.indices.filter { amounts[$0] > 0 }
    let found = climbed(terms, Self.costs(table), used, bends: slope != 0, amounts, slope)
    (amounts, slope, logLikelihood) = (found.amounts, found.slope, found.logLikelihood)
    if odds < Self.nothing { amounts[Self.quotedPlace] = Self.nothing }
    fitExponent(table)
  }

  /// θ where no counterpart is found: the posterior begins there.
  private static let nothing = 1e-9

  // MARK: Components

  /// A choice of components and whether chance may slope, with what it reaches.
  private struct Choice {
    var used: [Int]
    var bends: Bool
    var amounts: [Double]
    var slope: Double
    var logLikelihood: Double
    var cost: Double
    var merit: Double { logLikelihood - cost }
  }

  private mutating func chooseComponents(_ table: PairTable) {
    let terms = WidthTerms(table, exponent: densityExponent)
    let costs = Self.costs(table)
    let largest = amounts.max() ?? 1
    let start = amounts.map { max($0, 1e-4 * largest) }
    let bends = fitsSlope
    var best = climbed(terms, costs, allowed, bends: bends, start, slope)
    let total = best.amounts.reduce(0, +)
    let shares = best.used.filter { best.amounts[$0] > Self.leastShare * total }
    best = climbed(terms, costs, shares.isEmpty ? [Self.quotedPlace] : shares, bends: bends, best.amounts, best.slope)
    while let next = simpler(than: best, terms, costs), next.merit >= best.merit { best = next }
    let plain = climbed(terms, costs, [Self.quotedPlace], bends: best.bends, best.amounts, best.slope)
    if best.used != [Self.quotedPlace], best.logLikelihood - plain.logLikelihood < best.cost { best = plain }
    (amounts, slope, logLikelihood) = (best.amounts, best.slope, best.logLikelihood)
    if odds < Self.nothing { amounts[Self.quotedPlace] = Self.nothing }
  }

  private static let quotedPlace = components.firstIndex(of: .quoted) ?? 0

  private static func costs(_ table: PairTable) -> [Double] {
    let pairs = table.rows.reduce(0) { $0 + $1.count }
    let spread = exp(
      table.rows.reduce(0) { $0 + $1.count * log(table.cells.cells[$1.cell].spreadArcsec2) } / max(pairs, 1))
    return components.map { cost + 2 * log(max(1, $0.width(spreadArcsec2: spread))) }
  }

  /// The best choice with one component less, or without a slope. Components are tried of which the curvature of ln L says that they
  /// are missed least.
  private func simpler(than choice: Choice, _ terms: WidthTerms, _ costs: [Double]) -> Choice? {
    var tries: [Choice] = []
    if choice.used.count > 1 {
      for dropped in leastMissed(choice, terms, costs) {
        let left = choice.used.filter { $0 != dropped }
        tries.append(climbed(terms, costs, left, bends: choice.bends, choice.amounts, choice.slope))
      }
    }
    if choice.bends { tries.append(climbed(terms, costs, choice.used, bends: false, choice.amounts, heldSlope)) }
    return tries.max { $0.merit < $1.merit }
  }

  private static let mostTries = 4

  /// A few of the components of a choice: those without which ln L is expected to fall least, costs counted. ln L falls by x²/2 over the
  /// variance of the amount x.
  private func leastMissed(_ choice: Choice, _ terms: WidthTerms, _ costs: [Double]) -> [Int] {
    if choice.used.count <= Self.mostTries { return choice.used }
    let scale = max(choice.amounts.reduce(0, +), Self.nothing)
    let function = function(terms, choice.used, scale: scale, bends: choice.bends)
    let point = choice.used.map { choice.amounts[$0] / scale } + [choice.slope]
    let hessian = function.derivatives(at: point).hessian
    let count = point.count
    let losses = choice.used.indices.map { place -> (component: Int, loss: Double) in
      var matrix = hessian.map { -$0 }
      var unit = [Double](repeating: 0, count: count)
      unit[place] = 1
      let variance = BoundedMaximum.solved(&matrix, unit)?[place] ?? 1 / max(-hessian[place * count + place], 1e-300)
      let component = choice.used[place]
      return (component, point[place] * point[place] / (2 * max(variance, 1e-300)) - costs[component])
    }
    return losses.sorted { ($0.loss, $0.component) < ($1.loss, $1.component) }.prefix(Self.mostTries).map(\.component)
  }

  private func function(_ terms: WidthTerms, _ used: [Int], scale: Double, bends: Bool) -> WidthFunction {
    WidthFunction(
      terms: terms, used: used, scale: scale, rarities: used.map { Self.components[$0].rarity },
      slopeSigma: Self.slopeSigma,
      slopeRange: bends ? -Self.largestSlope...Self.largestSlope : heldSlope...heldSlope)
  }

  private func climbed(
    _ terms: WidthTerms, _ costs: [Double], _ used: [Int], bends: Bool, _ amounts: [Double], _ slope: Double
  ) -> Choice {
    let scale = max(amounts.reduce(0, +), Self.nothing)
    let function = function(terms, used, scale: scale, bends: bends)
    let start = used.map { max(amounts[$0] / scale, 1e-3) } + [slope]
    let maximum = BoundedMaximum(of: function, from: start)
    var found = [Double](repeating: 0, count: amounts.count)
    for (place, component) in used.enumerated() { found[component] = maximum.point[place] * scale }
    let cost = used.reduce(bends ? Self.cost : 0) { $0 + costs[$1] }
    return Choice(
      used: used, bends: bends, amounts: found, slope: maximum.point[used.count], logLikelihood: maximum.value,
      cost: cost)
  }

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
    let sums = terms.odds(amounts: amounts, slope: slope)
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
