import CatalogStore
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun

/// What the models of a sightline cost: the figures of decision 0032.
@Suite struct ModelCostTests {
  @Test func modelsAreMadeAboutAsFastAsTheyWouldBeRead() throws {
    let bench = try MatchBench(BlendedSky.pair(seed: 51))
    let clock = ContinuousClock()
    let plan = try bench.plan(MatchConfiguration())
    let crowding = try #require(plan.inputs.b.crowding)
    var grids: [PerturbationGrid] = []
    let make = try clock.measure {
      for index in Int64(0)..<12 {
        grids.append(try crowding.grid(at: HealpixPixel(order: crowding.order, index: index)))
      }
    }
    let payloads = grids.map(\.payload)
    var read: [PerturbationGrid] = []
    let take = try clock.measure { read = try payloads.map { try PerturbationGrid(payload: $0) } }
    #expect(zip(grids, read).allSatisfy { $0.payload == $1.payload })
    let bytes = payloads.reduce(0) { $0 + $1.count } / payloads.count
    print("models of a sightline: made in \(make / 12), read in \(take / 12), \(bytes) bytes, \(payloads[0].count)")
    #expect(bytes < 2_000_000)
  }
}
