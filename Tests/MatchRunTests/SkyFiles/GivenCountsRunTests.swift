import CatalogStore
import Foundation
import Indexing
import SkyFiles
import Testing
import XMDBTestSupport

@testable import MatchRun

/// Matches whose hidden neighbours are counted among stars of a file.
@Suite struct GivenCountsRunTests {
  private let bench: MatchBench
  private let writer: SkyFileWriter

  init() throws {
    bench = try MatchBench(BlendedSky.pair(seed: 31))
    writer = SkyFileWriter(workdir: bench.workdir)
  }

  private func configuration(_ path: String) throws -> MatchConfiguration {
    var configuration = MatchConfiguration()
    configuration.countsOfB = .read(try CountsFile.table(path, band: ["W1"]))
    return configuration
  }

  private func flux(_ plan: MatchPlan) throws -> Double {
    try #require(plan.inputs.b.crowding).faintFlux(
      at: Healpix29.index(raDegrees: 359.95, decDegrees: -33), densityPerDegree2: 3e4, magnitude: 17, fainterThan: 18)
  }

  @Test func theyTakeThePlaceOfTheModel() throws {
    let usual = try bench.plan(MatchConfiguration())
    let few = try bench.plan(configuration(writer.trilegal("few.dat", seed: 1, growth: 1.3)))
    let many = try bench.plan(configuration(writer.trilegal("many.dat", seed: 2, growth: 4)))
    #expect(Set([usual, few, many].map(\.fingerprint.description)).count == 3)
    // Scaled to the same sources of the catalogue, what is fainter than these differs.
    let fluxes = try [few, usual, many].map(flux)
    #expect(fluxes[2] > 1.5 * fluxes[0], "\(fluxes)")
    #expect(few.notes.contains { $0.contains("few.dat, band W1") })
    #expect(!usual.notes.contains { $0.contains("stars are those of") })
  }

  @Test func aRunIsPlannedAgainWhenTheFileIsGone() throws {
    let path = try writer.trilegal("stars.dat", seed: 3, growth: 3)
    let plan = try bench.plan(configuration(path))
    let outcome = try MatchDriver(plan: plan, threads: 1).run()
    try FileManager.default.removeItem(atPath: path)
    let recorded = try bench.database.registry().run(outcome.run).configuration
    #expect(recorded.contains("counts_b: "))
    let again = try bench.plan(MatchConfiguration(recorded: recorded, run: outcome.run))
    #expect(again.fingerprint == plan.fingerprint)
    #expect(try flux(again) == flux(plan))
    #expect(try MatchDriver(plan: again, threads: 1).run().wasThere)
    #expect(try DatabaseVerifier(database: bench.database, threads: 1).verifyRegistry().damages.isEmpty)
    // The last run that names them takes them along.
    let other = try MatchDriver(plan: bench.plan(MatchConfiguration()), threads: 1).run()
    try bench.database.writableRegistry().drop(catalogues: [], runs: [outcome.run], withRuns: false)
    #expect(other.run != outcome.run)
    #expect(throws: StoreError.self) { try bench.plan(MatchConfiguration(recorded: recorded, run: outcome.run)) }
  }

  @Test func rowsDoNotDependOnTheCut() throws {
    let order = 3
    let position = try #require(SkyPosition(raDegrees: 359.95, decDegrees: -33))
    let pixel = Int(HealpixPixel(containing: position, order: order).index)
    let path = try writer.table("counts.csv", order: order, pixels: pixel..<pixel + 1, growth: 3)
    let configuration = try configuration(path)
    let whole = try bench.run(configuration)
    #expect(try bench.run(configuration, sourcesPerChunk: 50).text == whole.text)
    #expect(try bench.run(configuration, sourcesPerChunk: 50, threads: 3).text == whole.text)
    #expect(try bench.run(MatchConfiguration()).text != whole.text)
  }

  @Test func whereTheyHaveNothingTheModelHolds() throws {
    let path = try writer.table("counts.csv", order: 3, pixels: 100..<101, growth: 3)
    let (plan, usual) = (try bench.plan(configuration(path)), try bench.plan(MatchConfiguration()))
    #expect(plan.notes.contains { $0.contains("on 0 of 1 sightlines") }, "\(plan.notes)")
    #expect(try flux(plan) == flux(usual))
  }

  @Test func countsForWhatIsLeftOutAreRefused() throws {
    var configuration = try configuration(writer.trilegal("stars.dat", seed: 5))
    configuration.psfOfB = .none
    #expect(throws: StoreError.self) { try bench.plan(configuration) }
    configuration.countsOfB = .file("stars.dat")
    configuration.psfOfB = .automatic
    #expect(throws: StoreError.self) { try bench.plan(configuration) }
    let info = try bench.database.registry().catalogue(bench.nameB)
    #expect(try CountedBand.names(of: info, psf: .automatic).first == "W1")
    #expect(throws: StoreError.self) { try CountedBand.names(of: info, psf: .none) }
  }
}
