import Glibc
import XMDBTestSupport

@testable import Match
@testable import Survivors

/// A square of sky with known counterparts: positions on a plane, circular errors, one magnitude a catalogue.
struct SyntheticField {
  struct Catalogue {
    var x: [Double] = []
    var y: [Double] = []
    var sigma: [Double] = []
    var magnitude: [Double] = []

    mutating func append(_ position: (x: Double, y: Double), _ sigma: Double, _ magnitude: Double) {
      x.append(position.x)
      y.append(position.y)
      self.sigma.append(sigma)
      self.magnitude.append(magnitude)
    }
  }

  /// How many of each kind; magnitudes and errors by kind.
  struct Recipe: Sendable {
    var counterparts: Int
    var fieldA: Int
    var fieldB: Int
    var areaDegrees2 = 0.25
    var sigmaA: ClosedRange<Double>
    var sigmaB: ClosedRange<Double>
    var magnitudeA: @Sendable (inout SeededGenerator) -> Double = { $0.uniform(10...15) }
    var magnitudeB: @Sendable (inout SeededGenerator) -> Double = { $0.uniform(10...15) }
    /// The magnitudes of the two detections of a counterpart.
    var magnitudes: @Sendable (inout SeededGenerator) -> (a: Double, b: Double) = {
      let magnitude = $0.uniform(10...15)
      return (magnitude + 0.05 * $0.normal(), magnitude + 0.05 * $0.normal())
    }
  }

  private(set) var a = Catalogue()
  private(set) var b = Catalogue()
  let recipe: Recipe

  init(_ recipe: Recipe, seed: UInt64) {
    self.recipe = recipe
    var generator = SeededGenerator(seed: seed)
    let side = recipe.areaDegrees2.squareRoot() * 3600
    func place() -> (x: Double, y: Double) { (generator.uniform(0...side), generator.uniform(0...side)) }
    for _ in 0..<recipe.counterparts {
      let (sigmaA, sigmaB) = (generator.uniform(recipe.sigmaA), generator.uniform(recipe.sigmaB))
      let (position, magnitudes) = (place(), recipe.magnitudes(&generator))
      a.append(
        (position.x + sigmaA * generator.normal(), position.y + sigmaA * generator.normal()), sigmaA, magnitudes.a)
      b.append(
        (position.x + sigmaB * generator.normal(), position.y + sigmaB * generator.normal()), sigmaB, magnitudes.b)
    }
    for _ in 0..<recipe.fieldA {
      a.append(place(), generator.uniform(recipe.sigmaA), recipe.magnitudeA(&generator))
    }
    for _ in 0..<recipe.fieldB {
      b.append(place(), generator.uniform(recipe.sigmaB), recipe.magnitudeB(&generator))
    }
  }

  /// All pairs below a CDF, by a and then b.
  func edges(below limit: Double = 0.999) -> SurvivorEdges {
    let reach = GaussianAUF.chiSquaredLimit(fraction: limit).squareRoot()
    let pairs = PlanePairs.within(
      reach * hypot(recipe.sigmaA.upperBound, recipe.sigmaB.upperBound), a: (a.x, a.y), b: (b.x, b.y))
    var (first, second, cdf): ([Int32], [Int32], [Double]) = ([], [], [])
    for pair in pairs {
      let (sigmaA, sigmaB) = (a.sigma[Int(pair.a)], b.sigma[Int(pair.b)])
      let value = -expm1(-0.5 * pair.square / (sigmaA * sigmaA + sigmaB * sigmaB))
      if value >= limit { continue }
      first.append(pair.a)
      second.append(pair.b)
      cdf.append(value)
    }
    return SurvivorEdges(a: first, b: second, cdf: cdf)
  }

  /// The counts of the whole field in its own bins.
  func counts(_ fractions: SurvivorFractions = SurvivorFractions()) -> SurvivorCounts {
    let design = SurvivorDesign(
      binsA: [MagnitudeBins(magnitudes: a.magnitude)], binsB: [MagnitudeBins(magnitudes: b.magnitude)],
      fractions: fractions)
    var counts = SurvivorCounts(design: design)
    counts.add(a: sources(a), b: sources(b), edges: edges())
    return counts
  }

  private func sources(_ catalogue: Catalogue) -> SurvivorSources {
    SurvivorSources(magnitudes: [catalogue.magnitude], varianceArcsec2: catalogue.sigma.map { $0 * $0 })
  }
}
