import CatalogStore
import Foundation
import Indexing
import SkyFiles
import Testing
import XMDBTestSupport

@testable import MatchRun

/// An extinction that is given dims the counts by which hidden neighbours are counted.
@Suite struct ExtinctionTests {
  @Test func itIsRecordedWithTheRun() throws {
    var configuration = MatchConfiguration()
    #expect(!configuration.yaml.contains("extinction"))
    configuration.extinction = .mean(0.325, scatter: 0)
    // The default of corrections is that of the database; a run records those that it has used.
    configuration.corrections = .runs(a: nil, b: nil)
    #expect(configuration.yaml.contains("extinction: 0.325\n"))
    let read = try MatchConfiguration(recorded: configuration.yaml, run: 1)
    #expect(read.extinction == .mean(0.325, scatter: 0) && read.yaml == configuration.yaml)
  }

  @Test func aScatterIsRecordedWithIt() throws {
    var configuration = MatchConfiguration()
    configuration.extinction = .mean(20, scatter: 0.67)
    configuration.corrections = .runs(a: nil, b: nil)
    #expect(configuration.yaml.contains("extinction: 20.0\nextinction_scatter: 0.67\n"))
    #expect(try MatchConfiguration(recorded: configuration.yaml, run: 1).extinction == .mean(20, scatter: 0.67))
    for scatter in [-0.1, 3.1, .nan] {
      configuration.extinction = .mean(20, scatter: scatter)
      #expect(throws: StoreError.self) { try configuration.validate() }
    }
  }

  @Test func aMapIsRecordedWithTheRunAndKept() throws {
    let bench = try MatchBench(BlendedSky.pair(seed: 22))
    let path = try bench.workdir.write(
      Data(("order,pixel,a_v\n" + (0..<12).map { "0,\($0),4" }.joined(separator: "\n") + "\n").utf8), to: "av.csv")
    var configuration = MatchConfiguration()
    configuration.extinction = .map(.read(try ExtinctionFile.table(path)))
    let plan = try bench.plan(configuration)
    #expect(plan.notes.contains { $0.contains("A_V of a sightline is 4.0 mag by \(path)") }, "\(plan.notes)")
    let outcome = try MatchDriver(plan: plan, threads: 2).run()
    try FileManager.default.removeItem(atPath: path)
    let recorded = try bench.database.registry().run(outcome.run).configuration
    #expect(try bench.plan(MatchConfiguration(recorded: recorded, run: outcome.run)).fingerprint == plan.fingerprint)
    // Everywhere the same: the counts of a number.
    var number = MatchConfiguration()
    number.extinction = .mean(4, scatter: 0)
    #expect(try bench.run(number).text == bench.rows(of: outcome).text)
    #expect(try bench.run(MatchConfiguration()).text != bench.rows(of: outcome).text)
  }

  @Test(arguments: [-0.1, 100.1, .infinity, .nan])
  func whatIsNoExtinctionIsRefused(value: Double) {
    var configuration = MatchConfiguration()
    configuration.extinction = .mean(value, scatter: 0)
    #expect(throws: StoreError.self) { try configuration.validate() }
  }

  @Test func itChangesWhatIsHidden() throws {
    let bench = try MatchBench(BlendedSky.pair(seed: 21))
    var configuration = MatchConfiguration()
    let usual = try bench.plan(configuration)
    configuration.extinction = .mean(20, scatter: 0)
    let dimmed = try bench.plan(configuration)
    #expect(usual.fingerprint.description != dimmed.fingerprint.description)
    let shares = try [usual, dimmed].map { plan in
      try #require(plan.inputs.b.crowding).faintFlux(
        at: Healpix29.index(raDegrees: 359.95, decDegrees: -33), densityPerDegree2: 3e4, magnitude: 17, fainterThan: 18)
    }
    #expect(shares.allSatisfy { $0 > 0 } && abs(shares[0] / shares[1] - 1) > 0.01, "\(shares)")
  }
}
