internal import Glibc

/// A choice of components and whether chance may slope, with what it reaches.
struct WidthChoice: Sendable {
  var used: [Int]
  var bends: Bool
  /// θ wₖ of every component.
  var amounts: [Double]
  var slope: Double
  var logLikelihood: Double
  var cost: Double
  var merit: Double { logLikelihood - cost }

  /// wₖ of amounts.
  static func shares(_ amounts: [Double]) -> [Double] {
    let odds = max(amounts.reduce(0, +), .leastNormalMagnitude)
    return amounts.map { $0 / odds }
  }
}

/// Chooses the components that the pairs of a table need: all are tried, and those that do not earn their cost in ln L are left out.
struct WidthChooser: Sendable {
  /// The components that may be used.
  let allowed: [Int]
  /// β of choices that do not fit it.
  var heldSlope = 0.0
  /// Whether β is fitted.
  var fitsSlope = true

  init(allowed: [Int]) { self.allowed = allowed }

  private static let components = WidthComponent.all
  /// The place of the quoted errors among the components.
  static let quotedPlace = components.firstIndex(of: .quoted) ?? 0
  /// Of β, whose prior is normal about 0.
  private static let slopeSigma = 0.1
  private static let largestSlope = 0.6
  /// ln L that a component must earn, and twice the logarithm of its width more: a wide one looks like chance.
  static let cost = 5.0
  /// Components with less than this share of the counterparts are not tried one by one.
  private static let leastShare = 1e-3

  /// What every component must earn in a table.
  static func costs(_ table: PairTable) -> [Double] {
    let pairs = table.rows.reduce(0) { $0 + $1.count }
    let spread = exp(
      table.rows.reduce(0) { $0 + $1.count * log(table.cells.cells[$1.cell].spreadArcsec2) } / max(pairs, 1))
    return components.map { cost + 2 * log(max(1, $0.width(spreadArcsec2: spread))) }
  }

  /// What some components must earn together.
  static func cost(of used: [Int], _ costs: [Double]) -> Double { used.reduce(0) { $0 + costs[$1] } }

  /// The choice of the largest merit, as far as leaving out one after the other finds it.
  /// - Parameters:
  ///   - costs: ln L that each component must earn.
  ///   - amounts: Where to begin.
  func chosen(_ terms: WidthTerms, _ costs: [Double], from amounts: [Double], _ slope: Double) -> WidthChoice {
    var best = full(terms, costs, from: amounts, slope)
    let total = best.amounts.reduce(0, +)
    let shares = best.used.filter { best.amounts[$0] > Self.leastShare * total }
    best = climbed(
      terms, costs, shares.isEmpty ? [Self.quotedPlace] : shares, bends: fitsSlope, best.amounts, best.slope)
    while let next = simpler(than: best, terms, costs), next.merit >= best.merit { best = next }
    let plain = climbed(terms, costs, [Self.quotedPlace], bends: best.bends, best.amounts, best.slope)
    if best.used != [Self.quotedPlace], best.logLikelihood - plain.logLikelihood < best.cost { best = plain }
    return best
  }

  /// With all components that there may be.
  func full(_ terms: WidthTerms, _ costs: [Double], from amounts: [Double], _ slope: Double) -> WidthChoice {
    let largest = amounts.max() ?? 1
    return climbed(terms, costs, allowed, bends: fitsSlope, amounts.map { max($0, 1e-4 * largest) }, slope)
  }

  /// The best choice with one component less, or without a slope. Components are tried of which the curvature of ln L says that they
  /// are missed least.
  private func simpler(than choice: WidthChoice, _ terms: WidthTerms, _ costs: [Double]) -> WidthChoice? {
    var tries: [WidthChoice] = []
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
  private func leastMissed(_ choice: WidthChoice, _ terms: WidthTerms, _ costs: [Double]) -> [Int] {
    if choice.used.count <= Self.mostTries { return choice.used }
    let scale = max(choice.amounts.reduce(0, +), WidthFit.nothing)
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

  /// The most likely amounts of some components.
  /// - Parameter bends: Whether β is fitted.
  func climbed(
    _ terms: WidthTerms, _ costs: [Double], _ used: [Int], bends: Bool, _ amounts: [Double], _ slope: Double
  ) -> WidthChoice {
    let scale = max(amounts.reduce(0, +), WidthFit.nothing)
    let function = function(terms, used, scale: scale, bends: bends)
    let start = used.map { max(amounts[$0] / scale, 1e-3) } + [slope]
    let maximum = BoundedMaximum(of: function, from: start)
    var found = [Double](repeating: 0, count: amounts.count)
    for (place, component) in used.enumerated() { found[component] = maximum.point[place] * scale }
    return WidthChoice(
      used: used, bends: bends, amounts: found, slope: maximum.point[used.count], logLikelihood: maximum.value,
      cost: Self.cost(of: used, costs) + (bends ? Self.cost : 0))
  }
}
