import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// Blends against objects drawn one by one and kept where they make the measured flux.
@Suite struct BlendModelTests {
  static let pointSpread = try? PointSpread(fwhmArcsec: 6.1)

  struct Case: Sendable {
    let source: BlendSource
    let neighbours: [BlendNeighbour]
    var measure = BlendMeasure.fitted
  }

  static func neighbour(_ distance: Double, _ mean: Double, _ sigma: Double, error: Double = 0, elsewhere: Double = 0)
    -> BlendNeighbour
  {
    BlendNeighbour(
      separationArcsec: distance, separationErrorArcsec: error, expected: BlendMagnitude(mean: mean, sigma: sigma),
      matchedElsewhere: elsewhere)
  }

  static let cases = [
    Case(
      source: .init(magnitude: 15, magnitudeError: 0.03, expected: .init(mean: 15.1, sigma: 0.3)),
      neighbours: [neighbour(3, 17, 0.4)]),
    Case(
      source: .init(magnitude: 15, magnitudeError: 0.1, expected: .init(mean: 15.6, sigma: 0.5)),
      neighbours: [
        neighbour(1, 16, 0.5), neighbour(5, 15.5, 0.8, error: 1, elsewhere: 0.4), neighbour(7.2, 15, 0.1, error: 0.2),
        neighbour(2, 21, 1),
      ]),
    Case(
      source: .init(magnitude: 17, magnitudeError: 0.25, expected: .init(mean: 17.3, sigma: 0.1), unseenShare: 0.1),
      neighbours: (0..<8).map { neighbour(0.8 * Double($0), 18.5 + 0.3 * Double($0), 0.6, elsewhere: 0.1) }),
    Case(
      source: .init(magnitude: 12, magnitudeError: 0.01, expected: .init(mean: 13, sigma: 1)),
      neighbours: [neighbour(4, 12.5, 1), neighbour(0.5, 13, 1)], measure: .aperture),
  ]

  /// Weighted sums of one quantity.
  private struct Sums {
    var first = 0.0
    var second = 0.0
  }

  private static func magnitude(_ expected: BlendMagnitude, _ rng: inout SplitMix64) -> Double {
    let wide = Double.random(in: 0..<1, using: &rng) < 0.02
    let sigma = wide ? (expected.sigma * expected.sigma + 1.5 * 1.5).squareRoot() : expected.sigma
    return expected.mean + sigma * normal(&rng)
  }

  private static func normal(_ rng: inout SplitMix64) -> Double {
    (-2 * log(1 - Double.random(in: 0..<1, using: &rng))).squareRoot()
      * cos(2 * .pi * Double.random(in: 0..<1, using: &rng))
  }

  /// Whether a neighbour adds its flux in one trial.
  private static func isInside(_ neighbour: BlendNeighbour, _ rng: inout SplitMix64) -> Bool {
    let x = neighbour.separationArcsec + neighbour.separationErrorArcsec * normal(&rng)
    let y = neighbour.separationErrorArcsec * normal(&rng)
    return hypot(x, y) <= 1.185 * 6.1 && Double.random(in: 0..<1, using: &rng) >= neighbour.matchedElsewhere
  }

  @Test(arguments: cases.indices) func sharesAreThoseOfDrawnObjects(_ index: Int) throws {
    let test = Self.cases[index]
    let pointSpread = try #require(Self.pointSpread)
    let blend = try BlendModel(pointSpread: pointSpread, measure: test.measure).blend(test.source, test.neighbours)
    let weights = test.neighbours.map { neighbour -> Double in
      let ratio = min(neighbour.separationArcsec, 1.185 * 6.1) / (6.1 / 2.354820045)
      return test.measure == .aperture ? 1 : exp(-ratio * ratio / 4)
    }
    #if DEBUG
      let trials = 40_000
    #else
      let trials = 2_000_000
    #endif
    var rng = SplitMix64(seed: UInt64(20 + index))
    var (evidence, evidence2) = (0.0, 0.0)
    var shares = [Sums](repeating: Sums(), count: test.neighbours.count + 1)
    var inside = [Double](repeating: 0, count: test.neighbours.count)
    for _ in 0..<trials {
      var fluxes = [pow(10, -0.4 * (Self.magnitude(test.source.expected, &rng) - test.source.magnitude))]
      var isIn: [Bool] = []
      for (neighbour, weight) in zip(test.neighbours, weights) {
        isIn.append(Self.isInside(neighbour, &rng))
        let flux = pow(10, -0.4 * (Self.magnitude(neighbour.expected, &rng) - test.source.magnitude))
        fluxes.append(isIn[isIn.count - 1] ? weight * flux : 0)
      }
      let total = fluxes.reduce(0, +)
      let deviation = 2.5 * log10(total / (1 - test.source.unseenShare)) / test.source.magnitudeError
      let weight = exp(-deviation * deviation / 2)
      evidence += weight
      evidence2 += weight * weight
      for (object, flux) in fluxes.enumerated() {
        let share = flux / total * (1 - test.source.unseenShare)
        shares[object].first += weight * share
        shares[object].second += weight * share * share
      }
      for (object, isIn) in isIn.enumerated() where isIn { inside[object] += weight }
    }
    let effective = evidence * evidence / evidence2
    // The steps of the grid are a small part of the error of the measured flux.
    func check(_ value: Double, _ drawn: Double, _ spread: Double, _ what: String) {
      let error = spread / effective.squareRoot()
      #expect(abs(value - drawn) < 4 * error + 0.002, "case \(index), \(what): \(value), drawn \(drawn) ± \(error)")
    }
    #expect(blend.isConsistent)
    let own = shares[0].first / evidence
    let ownSpread = max(0, shares[0].second / evidence - own * own).squareRoot()
    check(blend.foreignShare, 1 - own, ownSpread, "foreign")
    check(blend.foreignShareError, ownSpread, ownSpread, "its error")
    for (object, member) in blend.members.enumerated() {
      let mean = shares[object + 1].first / evidence
      let spread = max(0, shares[object + 1].second / evidence - mean * mean).squareRoot()
      check(member.share, mean, spread, "share \(object)")
      check(member.shareError, spread, spread, "error \(object)")
      let fraction = inside[object] / evidence
      check(member.inside, fraction, (fraction * (1 - fraction)).squareRoot(), "inside \(object)")
    }
  }

  @Test func theCircleHoldsWhatDrawnDistancesSay() throws {
    let circle = InsideCircle(radiusArcsec: 7.2285)
    #expect(circle.probability(distance: 7.2, sigma: 0) == 1 && circle.probability(distance: 7.3, sigma: 0) == 0)
    #expect(circle.probability(distance: 1, sigma: 0.001) == 1)
    // In closed form for d = 0: 1 − exp(−R²/2σ²).
    for sigma in [1.0, 3, 10, 1000] {
      let expected = -expm1(-7.2285 * 7.2285 / (2 * sigma * sigma))
      #expect(abs(circle.probability(distance: 0, sigma: sigma) - expected) < 1e-11, "\(sigma)")
    }
    // Against the midpoint rule over the disc, in polar coordinates around its centre.
    for (distance, sigma) in [(7.0, 0.01), (7.2285, 0.05), (7.3, 0.3), (6, 2.0), (20, 5), (8, 0.2)] {
      let (lowest, highest) = (max(0, distance - 9 * sigma), min(7.2285, distance + 9 * sigma))
      let widest = min(Double.pi, 9 * sigma / max(lowest, 1e-3))
      var sum = 0.0
      let (rings, sectors) = (2000, 2000)
      for ring in 0..<rings {
        let r = lowest + (highest - lowest) * (Double(ring) + 0.5) / Double(rings)
        for sector in 0..<sectors {
          let angle = widest * (Double(sector) + 0.5) / Double(sectors)
          let square = r * r + distance * distance - 2 * r * distance * cos(angle)
          sum += r * exp(-square / (2 * sigma * sigma))
        }
      }
      let area = (highest - lowest) / Double(rings) * 2 * widest / Double(sectors)
      let expected = highest > lowest ? sum * area / (2 * .pi * sigma * sigma) : 0
      #expect(abs(circle.probability(distance: distance, sigma: sigma) - expected) < 1e-5, "\(distance), \(sigma)")
    }
  }

  @Test func aSourceWithoutNeighboursIsItsOwn() throws {
    let model = BlendModel(pointSpread: try #require(Self.pointSpread))
    let blend = try model.blend(.init(magnitude: 14, magnitudeError: 0.02, expected: .init(mean: 14.5, sigma: 0.2)), [])
    #expect(blend.members.isEmpty && abs(blend.foreignShare) < 1e-9 && blend.isConsistent)
    let far = try model.blend(
      .init(magnitude: 14, magnitudeError: 0.02, expected: .init(mean: 14, sigma: 0.2)), [Self.neighbour(9, 14, 0.2)])
    #expect(abs(far.foreignShare) < 1e-9 && far.members[0].inside < 1e-9 && far.members[0].share < 1e-9)
    let taken = try model.blend(
      .init(magnitude: 14, magnitudeError: 0.02, expected: .init(mean: 14, sigma: 0.2)),
      [Self.neighbour(1, 14, 0.2, elsewhere: 1)])
    #expect(abs(taken.foreignShare) < 1e-9 && taken.members[0].inside < 1e-9)
  }

  @Test func aSurplusOfFluxTellsThatANeighbourIsInside() throws {
    let model = BlendModel(pointSpread: try #require(Self.pointSpread))
    let neighbour = Self.neighbour(1, 14, 0.1, elsewhere: 0.5)
    let alone = try model.blend(
      .init(magnitude: 14, magnitudeError: 0.03, expected: .init(mean: 14, sigma: 0.1)), [neighbour])
    let both = try model.blend(
      .init(magnitude: 13.3, magnitudeError: 0.03, expected: .init(mean: 14, sigma: 0.1)), [neighbour])
    #expect(alone.members[0].inside < 0.05 && both.members[0].inside > 0.95)
    #expect(abs(both.foreignShare - 0.49) < 0.03)
  }

  @Test func anythingIsRefusedOrGivesShares() throws {
    let model = BlendModel(pointSpread: try #require(Self.pointSpread))
    let values: [Double] = [.nan, .infinity, -.infinity, -1, 0, 1e-300, 0.5, 1, 20, 200, 1e300]
    for value in values {
      for change in 0..<9 {
        var source = BlendSource(magnitude: 15, magnitudeError: 0.1, expected: .init(mean: 15, sigma: 0.3))
        var neighbour = Self.neighbour(2, 17, 0.5)
        switch change {
        case 0: source.magnitude = value
        case 1: source.magnitudeError = value
        case 2: source.expected.mean = value
        case 3: source.expected.sigma = value
        case 4: source.unseenShare = value
        case 5: neighbour.separationArcsec = value
        case 6: neighbour.separationErrorArcsec = value
        case 7: neighbour.expected.mean = value
        default: neighbour.matchedElsewhere = value
        }
        do throws(BlendError) {
          let blend = try model.blend(source, [neighbour])
          let all = [blend.foreignShare, blend.members[0].inside, blend.members[0].share]
          #expect(all.allSatisfy { (-1e-9...1 + 1e-9).contains($0) }, "\(change): \(value): \(blend)")
          #expect(blend.members[0].share <= blend.foreignShare + 1e-6, "\(change): \(value): \(blend)")
        } catch { #expect(error.description.contains("allowed"), "\(error)") }
      }
    }
    let many = [BlendNeighbour](repeating: Self.neighbour(1, 20, 0.5), count: 1001)
    #expect(throws: BlendError.self) {
      try model.blend(.init(magnitude: 15, magnitudeError: 0.1, expected: .init(mean: 15, sigma: 0.3)), many)
    }
  }
}
