import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// Models over density and magnitude, and what follows from them for a pair.
@Suite struct PerturbationGridTests {
  private struct Sky {
    let field: PerturbedPairTests.Field
    let grid: PerturbationGrid

    init() throws {
      let field = try PerturbedPairTests.Field()
      let (densities, magnitudes) = ([1e3, 5e3, 2.5e4].map { log($0) }, [12.0, 14, 15, 16])
      let models = try densities.flatMap { n in try magnitudes.map { try field.model(exp(n), $0) } }
      self.field = field
      grid = try PerturbationGrid(
        fit: field.fit, logDensities: densities, magnitudes: magnitudes, models: models)
    }
  }

  @Test func modelsAreFoundWhereTheyAreAndMixedBetween() throws {
    let grid = try Sky().grid
    for (row, n) in grid.logDensities.enumerated() {
      for (column, magnitude) in grid.magnitudes.enumerated() {
        let place = grid.place(densityPerDegree2: exp(n) * (1 + 1e-13), magnitude: magnitude)
        let (found, expected) = (grid.model(at: place), grid.models[row * 4 + column])
        for rho in [0.05, 0.3, 1.0] {
          #expect(abs(found.law.transform(at: rho) - expected.law.transform(at: rho)) < 1e-9)
        }
        #expect(abs(grid.contamination(at: place).above10 - expected.contaminated10) < 1e-9)
      }
    }
    let place = grid.place(densityPerDegree2: (1e3 * 5e3).squareRoot(), magnitude: 14.25)
    let (model, corners) = (grid.model(at: place), [grid.models[1], grid.models[2], grid.models[5], grid.models[6]])
    let shares = [0.375, 0.125, 0.375, 0.125]
    for rho in [0.02, 0.2, 2] {
      let expected = zip(shares, corners).reduce(0) { $0 + $1.0 * $1.1.law.transform(at: rho) }
      #expect(abs(model.law.transform(at: rho) - expected) < 1e-12)
      let clean = zip(shares, corners).reduce(0) {
        $0 + $1.0 * (1 - $1.1.contaminated10) * $1.1.lawWithout10.transform(at: rho)
      }
      #expect(abs((1 - model.contaminated10) * model.lawWithout10.transform(at: rho) - clean) < 1e-12)
    }
    let mixtures = grid.mixtures(at: place)
    #expect(abs(mixtures.law.total - 1) < 1e-12 && mixtures.law.deltaWeight >= model.deltaWeight - 1e-12)
    #expect(abs(mixtures.without10.total - (1 - model.contaminated10)) < 1e-12)
    #expect(abs(mixtures.without1.total - (1 - grid.contamination(at: place).above1)) < 1e-12)
  }

  @Test func outsideTheGridTheEdgeHolds() throws {
    let grid = try Sky().grid
    let corner = grid.mixture(at: grid.place(densityPerDegree2: 1e3, magnitude: 12))
    for (n, m) in [(0, 12), (-1, 3), (Double.nan, Double.nan), (1e-300, -.infinity)] {
      #expect(grid.mixture(at: grid.place(densityPerDegree2: n, magnitude: m)) == corner)
    }
    let far = grid.mixture(at: grid.place(densityPerDegree2: .infinity, magnitude: .infinity))
    #expect(far == grid.mixture(at: grid.place(densityPerDegree2: 1e9, magnitude: 99)) && far != corner)
  }

  @Test func contaminationOfAPairFollowsBayesRule() throws {
    let sky = try Sky()
    let (a, b) = (sky.grid.models[6], sky.grid.models[11])
    let places = (
      sky.grid.place(densityPerDegree2: 5e3, magnitude: 15), sky.grid.place(densityPerDegree2: 2.5e4, magnitude: 16)
    )
    let mixtures = (sky.grid.mixtures(at: places.0), sky.grid.mixtures(at: places.1))
    let pair = PerturbedPair(a: sky.grid.basis, b: sky.grid.basis)
    let widths = try CentroidWidths(sigmaArcsec: 0.15)
    var before = 0.0
    for separation in [0.0, 0.3, 0.8, 1.5, 2.5] {
      func density(_ a: PerturbationLaw, _ b: PerturbationLaw) throws -> Double {
        try HankelPair(a: a, b: b, widths: widths).values(at: separation).densityPerArcsec2
      }
      let all = try density(a.law, b.law)
      let found = ContaminationPosterior(
        pair, a: mixtures.0, b: mixtures.1, varianceArcsec2: 0.15 * 0.15, separationArcsec: separation)
      #expect(abs(found.a10 - (1 - (1 - a.contaminated10) * (try density(a.lawWithout10, b.law)) / all)) < 0.03)
      #expect(abs(found.b10 - (1 - (1 - b.contaminated10) * (try density(a.law, b.lawWithout10)) / all)) < 0.03)
      #expect(abs(found.a1 - (1 - (1 - a.contaminated1) * (try density(a.lawWithout1, b.law)) / all)) < 0.03)
      #expect(found.a1 >= found.a10 && found.b1 >= found.b10 && found.a10 >= before)
      before = found.a10
    }
  }

  @Test func gridsComeBackFromTheirBytes() throws {
    let grid = try Sky().grid
    let payload = grid.payload
    let back = try PerturbationGrid(payload: payload)
    #expect(back.payload == payload && back.models == grid.models && back.errors == grid.errors)
    let place = grid.place(densityPerDegree2: 7e3, magnitude: 14.6)
    #expect(back.place(densityPerDegree2: 7e3, magnitude: 14.6) == place && back.basis == grid.basis)
    #expect(back.mixtures(at: place) == grid.mixtures(at: place))
    let variance = grid.mixture(at: place).variance(grid.basis)
    #expect(abs(grid.varianceArcsec2(at: place) - variance) < 1e-12 * variance)
    #expect(back.varianceArcsec2(at: place) == grid.varianceArcsec2(at: place))
    for length in stride(from: 0, to: payload.count, by: 997) {
      #expect(throws: IntegerReader.Malformed.self) { try PerturbationGrid(payload: Array(payload[..<length])) }
    }
    forEverySeed { rng in
      for _ in 0..<400 {
        var damaged = payload
        for _ in 0..<3 { damaged[rng.below(payload.count)] = UInt8(rng.below(256)) }
        // It is refused, or a grid whose answers are numbers.
        guard let grid = try? PerturbationGrid(payload: damaged) else { continue }
        let mixture = grid.mixture(at: grid.place(densityPerDegree2: 7e3, magnitude: 14.6))
        let value = PerturbedPair(a: grid.basis, b: .none).value(
          mixture, .none, varianceArcsec2: 0.02, separationArcsec: 1)
        #expect(!value.level.isNaN && !value.logDensityPerArcsec2.isNaN)
        #expect(!grid.model(at: grid.place(densityPerDegree2: 7e3, magnitude: 14.6)).law.transform(at: 0.3).isNaN)
      }
    }
  }

  @Test func axesThatDoNotFitAreRefused() throws {
    let fit = try MixtureFit(Vectors.pointSpread())
    let axes: [(n: [Double], m: [Double], count: Int)] = [
      ([], [1], 0), ([1], [1], 2), ([2, 1], [1], 2), ([1], [.nan], 1),
    ]
    for (n, m, count) in axes {
      #expect(throws: CrowdingError.self) {
        try PerturbationGrid(
          fit: fit, logDensities: n, magnitudes: m, models: Array(repeating: .none, count: count))
      }
    }
    let none = try PerturbationGrid(fit: fit, logDensities: [0], magnitudes: [0], models: [.none])
    #expect(none.mixture(at: none.place(densityPerDegree2: 5, magnitude: 3)) == .none)
  }
}
