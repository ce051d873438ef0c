import Foundation
import Indexing
import Testing

@testable import Simulation

@Suite struct CrowdedSkyTests {
  static func sky(_ density: Double, sources: Double, ra: Double = 30, dec: Double = 60, seed: UInt64 = 3)
    -> CrowdedSkyModel
  {
    let perDegree2 = CrowdedSkyModel(region: .wholeSky, density: density).objectsPerDegree2(8...17)
    let center = SkyPosition(raDegrees: ra, decDegrees: dec)!
    var model = CrowdedSkyModel(
      region: .cone(center: center, areaDegrees2: sources / perDegree2), density: density)
    model.seed = seed
    return model
  }

  /// Every object of a small field, by the same cells.
  private func objects(_ model: CrowdedSkyModel) -> (
    cells: CrowdedCells, detectable: [CrowdedObject], other: [CrowdedObject]
  ) {
    let cells = CrowdedCells(model, key: RandomKey(seed: model.seed).with(0))
    var (detectable, other): ([CrowdedObject], [CrowdedObject]) = ([], [])
    cells.forEach { cell in
      var own: [CrowdedObject] = []
      cells.forEachObject(in: cell, detectable: true) { own.append($0) }
      detectable += own.sorted { $0.healpix29 < $1.healpix29 }
      cells.forEachObject(in: cell, detectable: false) { other.append($0) }
    }
    return (cells, detectable, other)
  }

  @Test(arguments: CrowdedCatalogueModel.Overlap.allCases) func hiddenObjectsAreInTheBlendsOfBrighterSources(
    _ overlap: CrowdedCatalogueModel.Overlap
  ) throws {
    var model = Self.sky(20_000, sources: 300)
    (model.a.overlap, model.b.overlap) = (overlap, overlap)
    model.hiddenDepth = 3
    model.a.fwhmArcsec = 1
    let made = try CrowdedMade(model)
    let (_, detectable, other) = objects(model)
    let all = detectable + other
    let places = all.map { Healpix29.position(of: $0.healpix29) }
    for (side, catalogue, rows, hidden) in [
      (CrowdedSide.a, model.a, made.a, made.counts.hiddenInA), (.b, model.b, made.b, made.counts.hiddenInB),
    ] {
      // Brute force: from the brightest on, every object against all sources so far.
      var sources: [Int] = []
      var members: [Int: [Int]] = [:]
      var count = 0
      for index in all.indices.sorted(by: { all[$0].magnitude(side) < all[$1].magnitude(side) }) {
        let near = sources.map { ($0, places[$0].separation(to: places[index]).arcseconds) }
          .filter { $0.1 <= catalogue.blendRadiusArcsec }.sorted { $0.1 < $1.1 }
        var stream = RandomStream(all[index].key.with(side.rawValue), .detection)
        if !near.isEmpty {
          for (source, _) in overlap == .all ? near[...] : near.prefix(1) { members[source, default: []].append(index) }
          count += 1
        } else if index < detectable.count, all[index].magnitude(side) <= catalogue.faintestDetectable,
          stream.uniform() < catalogue.completeness(all[index].magnitude(side))
        {
          sources.append(index)
        }
      }
      #expect(Int64(count) == hidden)
      let inside = sources.filter {
        model.region.contains(raDegrees: places[$0].raDegrees, decDegrees: places[$0].decDegrees)
      }
      #expect(Set(rows.all.map(\.truth)) == Set(inside.map { Int64($0) + 1 }))
      for row in rows.all {
        let primary = Int(row.truth) - 1
        let fluxes = (members[primary] ?? []).map {
          pow(10, -0.4 * (all[$0].magnitude(side) - all[primary].magnitude(side)))
        }
        #expect(row.hidden == Int64(fluxes.count))
        #expect(abs(Double(row.brightest) - (fluxes.max() ?? 0)) < 1e-6)
        #expect(abs(Double(row.total) - fluxes.reduce(0, +)) < 1e-5)
        #expect(row.trueRA == places[primary].raDegrees && row.trueDec == places[primary].decDegrees)
        #expect(row.trueMagnitude == Float(all[primary].magnitude(side)))
      }
    }
  }

  @Test func countsFollowTheirLaw() throws {
    var model = Self.sky(1000, sources: 20_000)
    model.hiddenDepth = 1
    model.a.limit = 15
    model.color = 0
    let (cells, detectable, other) = objects(model)
    let area = cells.cover.areaDegrees2
    for magnitude in [11.0, 13, 15, 16, 17, 17.5, 18] {
      let expected = area * model.objectsPerDegree2(model.brightest...magnitude)
      let found = Double((detectable + other).filter { $0.magnitudeB <= magnitude }.count)
      #expect(abs(found - expected) < 4 * expected.squareRoot(), "N(< \(magnitude)): \(found), \(expected)")
    }
  }

  @Test func noiseIsAsQuoted() throws {
    var model = Self.sky(30, sources: 20_000)
    model.hiddenDepth = 0
    let made = try CrowdedMade(model)
    var (distances, magnitudes): ([Double], [Double]) = ([], [])
    for row in made.b.all where row.hidden == 0 {
      let east = (row.ra - row.trueRA) * cos(row.trueDec * .pi / 180) * 3600
      let north = (row.dec - row.trueDec) * 3600
      distances += [east / Double(row.sigma), north / Double(row.sigma)]
      magnitudes.append(Double((row.magnitude - row.trueMagnitude) / row.magnitudeError))
      // σ² = floor² + (FWHM / 2.3548 SNR)², SNR = 1.0857 / σ_m.
      let noise = model.b.fwhmArcsec / 2.354_820_045 * Double(row.magnitudeError) / 1.085_736_205
      let sigma = (0.02 * 0.02 + noise * noise).squareRoot()
      #expect(abs(Double(row.sigma) - sigma) < 1e-5 * sigma)
    }
    #expect(distances.count > 20_000)
    #expect(Sample(distances).kolmogorov(normalCumulative) < 1.95)
    #expect(Sample(magnitudes).kolmogorov(normalCumulative) < 1.95)
  }

  /// With a hidden depth of 4 mag; what is fainter adds little.
  @Test(arguments: [(300.0, 0.099), (3000, 0.31), (20_000, 0.72)]) func pullsAreThoseOfTheirDensity(
    _ density: Double, _ expected: Double
  ) throws {
    var model = Self.sky(density, sources: 6000)
    model.hiddenDepth = 4
    let made = try CrowdedMade(model)
    let squares = Sample(made.b.all.map { Double($0.pull * $0.pull) })
    let error = squares.errorOfMean / (2 * squares.mean.squareRoot())
    #expect(abs(squares.mean.squareRoot() - expected) < 4 * error + 0.02 * expected, "\(squares.mean.squareRoot())")
    // Fractions with a neighbour of 10 % and more: 1 − e^(−Λ), Λ that of the middle of the bin.
    let circle = Double.pi * pow(model.b.blendRadiusArcsec / 3600, 2)
    let near = made.b.all.filter { abs($0.trueMagnitude - 16) < 0.25 }
    let contaminated = Double(near.filter { $0.brightest > 0.1 }.count) / Double(near.count)
    let poisson = 1 - exp(-circle * model.objectsPerDegree2(16...18.5))
    let width = (poisson * (1 - poisson) / Double(near.count)).squareRoot()
    #expect(abs(contaminated - poisson) < 4 * width + 0.05 * poisson, "\(contaminated) \(poisson)")
  }

  @Test(arguments: [1, 500, 1_000_000]) func batchesDoNotChangeTheRows(_ batchRows: Int) throws {
    var model = Self.sky(20_000, sources: 500, ra: 0, dec: -89.9)
    model.hiddenDepth = 5
    let (one, other) = (try CrowdedMade(model), try CrowdedMade(model, batchRows: batchRows))
    #expect(one.a.all == other.a.all && one.b.all == other.b.all && one.counts == other.counts)
    #expect(Set(one.a.all.map(\.id)).count == one.a.all.count)
    model.seed = 4
    #expect(try Set(CrowdedMade(model).b.all.map(\.ra)).isDisjoint(with: one.b.all.map(\.ra)))
  }

  @Test func howBMeasuresChangesNothingInA() throws {
    var model = Self.sky(5000, sources: 500)
    model.hiddenDepth = 4
    let psf = try CrowdedMade(model)
    model.b.centroid = .flux
    model.b.photometry.depth = 19
    let light = try CrowdedMade(model)
    #expect(psf.a.all == light.a.all)
    #expect(psf.b.all.map(\.truth).sorted() == light.b.all.map(\.truth).sorted())
    let brightened = zip(psf.b.all, light.b.all).filter { $0.0.pull > 0 }
    #expect(brightened.count > 200 && brightened.allSatisfy { $0.pull != $1.pull && $0.total == $1.total })
  }

  @Test func settingsOutsideTheirRangeAreRefused() {
    func message(_ change: (inout CrowdedSkyModel) -> Void) -> String {
      var model = Self.sky(300, sources: 100)
      change(&model)
      do { _ = try CrowdedSimulation(model) } catch { return "\(error)" }
      return ""
    }
    #expect(message { _ in } == "")
    #expect(message { $0.density = 0 }.hasPrefix("density: is 0.0"))
    #expect(message { $0.slope = .nan }.hasPrefix("slope: is nan"))
    #expect(message { $0.b.fwhmArcsec = 0 }.hasPrefix("fwhm-b: is 0.0"))
    #expect(message { $0.a.band = "G,BP" }.hasPrefix("bands-a: is 'G,BP'"))
    #expect(message { $0.b.limit = 7 }.hasPrefix("limit-b: "))
    #expect(message { $0.brightest = .nan }.hasPrefix("brightest: "))
    #expect(message { $0.hiddenDepth = 16 }.hasPrefix("hidden-depth: "))
    #expect(message { $0.b.fwhmArcsec = 100 }.hasPrefix("hidden-depth: ") || message { $0.b.fwhmArcsec = 100 } == "")
    #expect(
      message { $0.density = 1e9 }.hasPrefix("density: ") || message { $0.density = 1e9 }.hasPrefix("hidden-depth: "))
    #expect(message { $0.region = .wholeSky }.hasPrefix("region: has about "))
    #expect(
      message {
        $0.hiddenDepth = 0
        $0.density = 1e7
        $0.region = .box(fromRADegrees: 0, toRADegrees: 10, decDegrees: 0...10)
      }.hasPrefix("region: has about "))
    for value in [Double.nan, .infinity, -.infinity, 1e300, -1e300, 1e-300, -1, 0, 1, 100] {
      for change in Self.changes {
        _ = message { change(&$0, value) }
      }
    }
  }

  private static let changes: [@Sendable (inout CrowdedSkyModel, Double) -> Void] = [
    { $0.density = $1 }, { $0.densityMagnitude = $1 }, { $0.slope = $1 }, { $0.brightest = $1 },
    { $0.hiddenDepth = $1 }, { $0.color = $1 }, { $0.colorScatter = $1 }, { $0.a.limit = $1 }, { $0.b.limit = $1 },
    { $0.a.fwhmArcsec = $1 }, { $0.b.limitWidth = $1 }, { $0.b.photometry.floor = $1 }, { $0.b.photometry.depth = $1 },
    { $0.b.floorArcsec = $1 }, { $0.b.sigmaScatter = $1 }, { $0.b.underestimate = $1 }, { $0.b.epochYears = $1 },
  ]
}
