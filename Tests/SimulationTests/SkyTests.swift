import Foundation
import Indexing
import Testing

@testable import Simulation

@Suite struct SkyTests {
  /// Regions at the places where coordinates misbehave.
  static let regions = [
    "sky", "cone:0,90,0.6", "cone:123,-90,2", "cone:0,0,1", "cone:45,41.81,0.5", "cone:10,20,170", "box:350,10,-5,5",
    "box:0,360,60,90", "box:-20,20,-90,-80", "box:100,101,30,31", "box:10,350,-1,1",
  ]

  private func model(_ region: String, sources: Double = 30_000) throws -> SkyModel {
    let region = try #require(SimulatedRegion(region))
    var model = SkyModel(
      region: region, densities: KindDensities(perCatalogue: sources / region.areaDegrees2, matched: 0.5))
    // Measured where they are.
    (model.a.position.sigmaArcsec, model.b.position.sigmaArcsec) = (1e-6, 1e-6)
    return model
  }

  @Test(arguments: regions) func everyRegionIsFilledToItsDensityAndNotBeyond(_ text: String) throws {
    let all = try Collected(model(text))
    let region = all.model.region
    for rows in [all.rowsA, all.rowsB] {
      #expect(abs(Double(rows.count) - 30_000) < 4 * 30_000.0.squareRoot(), "\(rows.count)")
      let outside = rows.filter { !region.contains(raDegrees: $0.ra, decDegrees: $0.dec) }
      #expect(outside.count <= 2, "\(outside.count)")
      #expect(rows.allSatisfy { $0.ra >= 0 && $0.ra < 360 && abs($0.dec) <= 90 })
    }
    #expect(abs(Double(all.counts.inBoth) - 15_000) < 4 * 15_000.0.squareRoot())
    #expect(all.counts.inBoth == Int64(all.pairs.count))
  }

  @Test func theWholeSkyIsUniform() throws {
    let all = try Collected(model("sky", sources: 200_000))
    var counts = Array(repeating: 0.0, count: 3072)
    for row in all.rowsA {
      counts[Int(Healpix29.index(raDegrees: row.ra, decDegrees: row.dec) >> (2 * 25))] += 1
    }
    let expected = Array(repeating: Double(all.rowsA.count) / 3072, count: 3072)
    #expect(abs(chiSquareExcess(counts, expected)) < 4)
  }

  @Test(arguments: [3e3, 3e4, 3e5]) func densitiesAreThoseAskedFor(_ density: Double) throws {
    let all = try Collected(.cone(100_000, density: density))
    let area = all.model.region.areaDegrees2
    for rows in [all.counts.rowsA, all.counts.rowsB] {
      #expect(abs(Double(rows) / area - density) < 4 * density / 100_000.0.squareRoot(), "\(rows)")
    }
    #expect(abs(Double(all.counts.inBoth) / 70_000 - 1) < 4 / 70_000.0.squareRoot())
  }

  @Test func theAreaOfAConeIsThatAskedFor() {
    let center = SkyPosition(raDegrees: 10, decDegrees: 20)!
    for area in [1e-6, 1, 1000, 20_626, 41_000] {
      #expect(abs(SimulatedRegion.cone(center: center, areaDegrees2: area).areaDegrees2 / area - 1) < 1e-9)
    }
    #expect(SimulatedRegion.cone(center: center, areaDegrees2: 1e6) == .wholeSky)
  }

  @Test func aPlaneIsDenserThanThePolesByItsContrast() throws {
    var model = try model("sky")
    model.profile = .plane(heightDegrees: 3, least: 1e-3)
    let area = model.profile.effectiveAreaDegrees2(of: .wholeSky)
    model.densities = KindDensities(perCatalogue: 100_000 / area, matched: 0.5)
    let all = try Collected(model)
    #expect(abs(Double(all.counts.rowsA) / 100_000 - 1) < 0.015, "\(all.counts.rowsA)")
    let pole = SkyPosition(raDegrees: 192.859_48, decDegrees: 27.128_25)!
    let away = all.rowsA.map { pole.separation(to: SkyPosition(raDegrees: $0.ra, decDegrees: $0.dec)!).degrees }
    func density(_ from: Double, _ to: Double) -> Double {
      let solidAngle = cos(from * Double.pi / 180) - cos(to * Double.pi / 180)
      return Double(away.filter { (from..<to).contains($0) }.count) / solidAngle
    }
    let contrast = density(89.9, 90.1) / density(0, 60)
    #expect(contrast > 800 && contrast < 1200, "\(contrast)")
    #expect(abs(density(86.9, 87.1) / density(89.9, 90.1) - exp(-1.0)) < 0.07)
  }

  @Test func clustersKeepTheDensityAndCrowd() throws {
    var model = SkyModel.cone(20_000, density: 3000, dec: 89.9)
    model.clusters.fraction = 0.4
    model.clusters.radiusArcsec = 20
    model.clusters.members = 8
    let all = try Collected(model)
    // Members come together: the variance of the count is that of clusters.
    let spread = (20_000.0 * (1 + 0.4 * 8)).squareRoot()
    #expect(abs(Double(all.counts.rowsA) - 20_000) < 4 * spread, "\(all.counts)")
    let close = Double(closePairs(all.rowsA, withinArcsec: 40))
    // Poisson: n² π r² / (2 area); clusters add 0.4 n · (mean number of companions seen in a) / 2.
    let n = Double(all.rowsA.count)
    let circle = Double.pi * (40.0 / 3600) * (40.0 / 3600)
    let random = n * n * circle / (2 * model.region.areaDegrees2)
    let total = model.densities.total
    let companions = 8 * (model.densities.both + model.densities.onlyA) / total
    let clustered = 0.4 * n * companions / 2
    #expect(abs((close - random) / clustered - 1) < 0.1, "\(close) close pairs, \(random) and \(clustered) expected")
  }

  private func closePairs(_ rows: [Collected.Row], withinArcsec reach: Double) -> Int {
    let key = Healpix29.indices(raDegrees: rows.map(\.ra), decDegrees: rows.map(\.dec))
    let sorted = sortedOrder(ofHealpix29: key).map { rows[$0] }
    func set(_ reach: Double) -> PositionSet {
      PositionSet(raDegrees: sorted.map(\.ra), decDegrees: sorted.map(\.dec), reachArcsec: reach)
    }
    var count = 0
    PairSearch.forEachPair(a: set(reach), b: set(0)) { first, second, _ in count += first < second ? 1 : 0 }
    return count
  }

  @Test func textsOfRegionsAreReadAndWritten() throws {
    for text in Self.regions {
      let region = try #require(SimulatedRegion(text))
      #expect(SimulatedRegion(region.description) == region)
    }
    for wrong in [
      "", "cone", "cone:1,2", "cone:1,2,0", "cone:1,2,181", "cone:1,91,1", "box:1,1,0,1", "box:1,2,1,0", "box:1,2,3",
      "box:0,361,0,1", "box:0,1,-91,1", "cone:a,2,3", "cone:nan,2,3", "disc:1,2,3", "sky:1",
    ] {
      #expect(SimulatedRegion(wrong) == nil, "\(wrong)")
    }
  }
}
