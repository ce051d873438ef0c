import Testing

@testable import Simulation

@Suite struct StabilityTests {
  private var busy: SkyModel {
    var model = SkyModel.cone(30_000, ra: 0, dec: 12)
    model.clusters.fraction = 0.2
    model.motionMasPerYear = 5
    model.a.motionErrorMasPerYear = 1
    model.a.position.largestAxisRatio = 2
    model.a.missing = 0.1
    model.a.limit = 19
    return model
  }

  @Test(arguments: [1, 1000, 1_000_000]) func batchesDoNotChangeTheRows(_ batchRows: Int) throws {
    let (one, other) = (try Collected(busy), try Collected(busy, batchRows: batchRows))
    #expect(one.rowsA == other.rowsA)
    #expect(one.rowsB == other.rowsB)
    #expect(one.counts == other.counts)
    #expect(other.a.dropLast().allSatisfy { $0.count <= batchRows + 2 * Int(SkyCells.cellObjects) })
  }

  @Test func everySeedHasASkyOfItsOwn() throws {
    let skies = try [1, 2, 3].map { try Collected(.cone(5000, seed: $0)) }
    for (first, second) in [(0, 1), (0, 2), (1, 2)] {
      let shared = Set(skies[first].rowsA.map(\.ra)).intersection(skies[second].rowsA.map(\.ra))
      #expect(shared.isEmpty)
      #expect(Set(skies[first].rowsA.map(\.id)).isDisjoint(with: skies[second].rowsA.map(\.id)))
    }
  }

  @Test func howBObservesChangesNothingInA() throws {
    var other = busy
    other.b.limit = 16
    other.b.position.sigmaArcsec = 2
    other.b.missing = 0.5
    other.b.holes = [SimulatedRegion("cone:0,12,0.2")!]
    #expect(try Collected(other).rowsA == Collected(busy).rowsA)
    #expect(try Collected(other).rowsB != Collected(busy).rowsB)
  }

  @Test func identifiersDoNotTellTheObject() throws {
    let all = try Collected(busy)
    #expect(Set(all.rowsA.map(\.id)).count == all.rowsA.count)
    #expect(Set(all.rowsA.map(\.id)).isDisjoint(with: all.rowsB.map(\.id)))
    // Nor do the places of rows in the file.
    let sameOrder = zip(all.rowsA, all.rowsA.dropFirst()).filter { $0.truth < $1.truth }.count
    #expect(abs(Double(sameOrder) / Double(all.rowsA.count) - 0.5) < 0.02)
  }

  @Test func footprintsAndHolesAreNotCovered() throws {
    var model = SkyModel.cone(30_000, ra: 200, dec: -60)
    (model.a.position.sigmaArcsec, model.b.position.sigmaArcsec) = (1e-6, 1e-6)
    model.b.footprint = SimulatedRegion("box:200,210,-90,0")
    model.b.holes = [SimulatedRegion("cone:200.3,-60,0.1")!]
    let all = try Collected(model)
    let covered = all.rowsA.filter { model.b.covers(raDegrees: $0.ra, decDegrees: $0.dec) }
    #expect(covered.count > 10_000 && covered.count < 15_500)
    #expect(abs(all.rowsB.count - covered.count) < 800)
    #expect(all.rowsB.filter { !model.b.covers(raDegrees: $0.ra, decDegrees: $0.dec) }.count <= 1)
  }

  @Test func settingsOutsideTheirRangeAreRefused() throws {
    func message(_ change: (inout SkyModel) -> Void) -> String {
      var model = SkyModel.cone(100)
      change(&model)
      do { _ = try Simulation(model) } catch { return "\(error)" }
      return ""
    }
    #expect(message { _ in } == "")
    #expect(message { $0.a.position.sigmaArcsec = 0 } == "sigma-a: is 0.0; allowed: 1e-06 to 60.0 arcsec")
    #expect(message { $0.b.missing = 1.5 }.hasPrefix("missing-b: is 1.5"))
    #expect(message { $0.b.bands = [] }.hasPrefix("bands-b: needs at least one band"))
    #expect(message { $0.a.bands = [.init("G"), .init("g")] }.hasPrefix("bands-a: needs"))
    #expect(message { $0.a.bands = [.init("my band")] }.hasPrefix("bands-a: has the band 'my band'"))
    #expect(message { $0.densities.onlyA = -1 }.hasPrefix("only-a: is -1.0"))
    #expect(message { $0.densities.both = .nan }.hasPrefix("counterparts: is nan"))
    #expect(message { $0.clusters.fraction = 2 }.hasPrefix("clustered: is 2.0"))
    #expect(message { $0.profile = .plane(heightDegrees: 0, least: 0.1) }.hasPrefix("plane-height: is 0.0"))
    #expect(message { $0.magnitudes.onlyB = .init(range: 0...1, slope: 9) }.hasPrefix("only-b-slope: is 9.0"))
  }
}
