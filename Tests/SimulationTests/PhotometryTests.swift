import Foundation
import Testing

@testable import Simulation

@Suite struct PhotometryTests {
  private func exact(_ sources: Double = 50_000) -> SkyModel {
    var model = SkyModel.cone(sources)
    (model.a.photometry.floor, model.b.photometry.floor) = (0, 0)
    return model
  }

  private func cumulative(_ law: MagnitudeLaw) -> (Double) -> Double {
    { m in
      let (low, high) = (law.range.lowerBound, law.range.upperBound)
      if law.slope == 0 { return (m - low) / (high - low) }
      return (pow(10, law.slope * (m - low)) - 1) / (pow(10, law.slope * (high - low)) - 1)
    }
  }

  @Test(arguments: [0.3, 0, -0.2, 0.6]) func countsOfMagnitudesFollowTheirLaws(_ slope: Double) throws {
    var model = exact()
    model.magnitudes.counterparts = MagnitudeLaw(range: 11...19, slope: slope)
    model.magnitudes.onlyA = MagnitudeLaw(range: 12...21, slope: 0.1)
    model.magnitudes.onlyB = MagnitudeLaw(range: 9...15, slope: 0.4)
    let all = try Collected(model)
    let inB = Set(all.rowsB.map(\.truth))
    let inA = Set(all.rowsA.map(\.truth))
    let both = Sample(all.pairs.map { $0.a.magnitude(0) })
    let onlyA = Sample(all.rowsA.filter { !inB.contains($0.truth) }.map { $0.magnitude(0) })
    let onlyB = Sample(all.rowsB.filter { !inA.contains($0.truth) }.map { $0.magnitude(0) })
    #expect(both.kolmogorov(cumulative(model.magnitudes.counterparts)) < 1.95)
    #expect(onlyA.kolmogorov(cumulative(MagnitudeLaw(range: 12...21, slope: 0.1))) < 1.95)
    #expect(onlyB.kolmogorov(cumulative(MagnitudeLaw(range: 9...15, slope: 0.4))) < 1.95)
  }

  @Test func coloursFollowTheirRelation() throws {
    var model = exact()
    model.magnitudes.color = 1.4
    model.magnitudes.colorSlope = 0.2
    model.magnitudes.colorScatter = 0.25
    let residuals = Sample(
      try Collected(model).pairs.map { a, b in
        (a.magnitude(0) - b.magnitude(0) - 1.4 - 0.2 * (a.magnitude(0) - 15)) / 0.25
      })
    #expect(residuals.kolmogorov(normalCumulative) < 1.95)
  }

  @Test func furtherBandsFollowTheFirst() throws {
    let all = try Collected(exact())
    for (band, settings) in all.model.a.bands.enumerated().dropFirst() {
      let residuals = Sample(all.rowsA.map { ($0.magnitude(band) - $0.magnitude(0) - settings.offset) / 0.1 })
      #expect(residuals.kolmogorov(normalCumulative) < 1.95)
    }
  }

  @Test func errorsOfMagnitudesAreThoseQuoted() throws {
    var model = SkyModel.cone(50_000)
    model.magnitudes.counterparts = MagnitudeLaw(range: 18...18, slope: 0)
    model.a.photometry.depth = 18.5
    let rows = try Collected(model).rowsA
    let expected = (1e-4 + pow(0.2 * pow(10, -0.2), 2)).squareRoot()
    #expect(rows.allSatisfy { abs(Double(Float(bitPattern: $0.magnitudeErrors[0])) - expected) < 1e-6 })
    #expect(Sample(rows.map { ($0.magnitude(0) - 18) / expected }).kolmogorov(normalCumulative) < 1.95)
  }

  @Test func magnitudesAreMissingAtTheirRate() throws {
    var model = SkyModel.cone(50_000)
    model.b.missing = 0.3
    let rows = try Collected(model).rowsB
    for band in 0..<2 {
      let missing = rows.filter { $0.magnitude(band).isNaN }.count
      #expect(abs(Double(missing) / Double(rows.count) - 0.3) < 4 * (0.21 / 50_000).squareRoot())
      #expect(rows.allSatisfy { $0.magnitude(band).isNaN == Float(bitPattern: $0.magnitudeErrors[band]).isNaN })
    }
    #expect(rows.contains { $0.magnitude(0).isNaN && !$0.magnitude(1).isNaN })
  }

  @Test func completenessFallsAroundItsLimit() throws {
    var model = exact(100_000)
    model.magnitudes.counterparts = MagnitudeLaw(range: 14...20, slope: 0)
    model.densities = KindDensities(both: 30_000, onlyA: 0, onlyB: 0)
    model.b.position.sigmaArcsec = 0.1
    (model.a.limit, model.a.limitWidth) = (17, 0.5)
    let all = try Collected(model)
    #expect(all.counts.objects == all.counts.rowsB)
    // b sees everything, and the colour has no scatter: its magnitudes are those of all objects.
    var exactColors = model
    exactColors.magnitudes.colorScatter = 0
    let sky = try Collected(exactColors)
    let seen = Set(sky.rowsA.map(\.truth))
    for step in 0..<12 {
      let bin = (14 + 0.5 * Double(step))..<(14.5 + 0.5 * Double(step))
      let objects = sky.rowsB.filter { bin.contains($0.magnitude(0) + model.magnitudes.color) }
      let found = Double(objects.filter { seen.contains($0.truth) }.count)
      let chances = objects.map { 1 - normalCumulative(($0.magnitude(0) + model.magnitudes.color - 17) / 0.5) }
      let variance = chances.reduce(0) { $0 + $1 * (1 - $1) }
      #expect(abs(found - chances.reduce(0, +)) <= 4 * variance.squareRoot() + 1, "\(bin)")
    }
  }

  @Test func anObjectMissedByOneCatalogueIsAFieldSourceOfTheOther() throws {
    var model = SkyModel.cone(20_000)
    model.b.limit = 17
    let all = try Collected(model)
    let (a, b) = (Set(all.rowsA.map(\.truth)), Set(all.rowsB.map(\.truth)))
    #expect(a.count == all.rowsA.count && b.count == all.rowsB.count)
    #expect(Int64(a.intersection(b).count) == all.counts.inBoth)
    #expect(all.counts.inBoth < 8000 && all.counts.rowsA > 19_000)
    #expect(a.union(b).allSatisfy { $0 >= 1 && $0 <= all.counts.objects })
  }
}
