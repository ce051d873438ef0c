import Testing

@testable import Simulation

/// Whatever a setting is, a simulation refuses it by name or makes rows.
@Suite struct ExtremeTests {
  private struct Enough: Error {}

  private static let settings: [@Sendable (inout SkyModel, Double) -> Void] = [
    { $0.densities.both = $1 }, { $0.densities.onlyA = $1 }, { $0.densities.onlyB = $1 },
    { $0.clusters.fraction = $1 },
    {
      $0.clusters.fraction = 0.5
      $0.clusters.members = $1
    },
    {
      $0.clusters.fraction = 0.5
      $0.clusters.radiusArcsec = $1
    }, { $0.profile = .plane(heightDegrees: $1, least: 0.1) }, { $0.profile = .plane(heightDegrees: 5, least: $1) },
    { $0.magnitudes.counterparts.slope = $1 }, { $0.magnitudes.color = $1 }, { $0.magnitudes.colorSlope = $1 },
    { $0.magnitudes.colorScatter = $1 }, { $0.magnitudes.bandScatter = $1 }, { $0.motionMasPerYear = $1 },
    { $0.a.position.sigmaArcsec = $1 }, { $0.a.position.scatter = $1 }, { $0.a.position.knee = $1 },
    { $0.a.position.largestAxisRatio = $1 }, { $0.a.position.underestimate = $1 }, { $0.a.photometry.floor = $1 },
    { $0.a.photometry.depth = $1 }, { $0.b.limit = $1 }, { $0.b.limitWidth = $1 }, { $0.b.missing = $1 },
    { $0.b.epochYears = $1 }, { $0.b.motionErrorMasPerYear = $1 }, { $0.a.bands[1].offset = $1 },
    {
      $0.a.position.knee = -50
      $0.a.position.scatter = 2
      $0.a.position.largestAxisRatio = 100
      $0.magnitudes.counterparts = MagnitudeLaw(range: 99...100, slope: 0)
      $0.magnitudes.colorScatter = $1
    },
  ]

  private static let values: [Double] = [
    .nan, .infinity, -.infinity, 1e300, -1e300, .greatestFiniteMagnitude, .leastNonzeroMagnitude, 1e-300, -1, 0, 1, 100,
    1e5, 1e12,
    2500,
  ]

  @Test(arguments: settings.indices) func extremesAreRefusedOrMakeRows(setting: Int) throws {
    for value in Self.values {
      var model = SkyModel.cone(200)
      Self.settings[setting](&model, value)
      do {
        var cells = 0
        let check = {
          cells += 1
          if cells > 20 { throw Enough() }
        }
        try Simulation(model).run(check: check) { a, b, _ in
          for rows in [a, b] { #expect(rows.raDegrees.count == rows.count && rows.sigmaRA.allSatisfy(\.isFinite)) }
        }
      } catch let error as SimulationError {
        #expect(error.message.contains("allowed"))
      } catch is Enough {}
    }
  }
}
