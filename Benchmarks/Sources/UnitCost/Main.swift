import CSQLiteBoot
import CatalogStore
import Foundation
import Indexing
import MatchRun
import Synchronization

// What chunks of one size cost: a match on one thread, one line for every chunk with what it had to do and what it took.
//   UnitCost DATABASE A B SOURCES_PER_UNIT
// chunk_cost.py fits the constants of MatchRun's CostModel to these lines.

/// Seconds that counting took, by chunk.
final class CountingTimes: Sendable {
  private let times = Mutex<[HealpixPixel: Double]>([:])

  func add(_ pixel: HealpixPixel, _ seconds: Double) { times.withLock { $0[pixel] = seconds } }

  func seconds(_ pixel: HealpixPixel) -> Double { times.withLock { $0[pixel] ?? .nan } }
}

/// A line `Name: … kB` of /proc/self/status, bytes.
func memory(_ name: String) -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
  return line.flatMap { Int($0.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]) }.map { $0 * 1024 } ?? 0
}

@main struct UnitCost {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 5, let size = Int(arguments[4]) else {
      print("usage: UnitCost DATABASE A B SOURCES_PER_UNIT")
      exit(2)
    }
    _ = xsql_bootstrap()
    let database = try SkyDatabase.open(at: arguments[1])
    let plan = try MatchPlan(database: database, a: arguments[2], b: arguments[3], sourcesPerChunk: size)
    let estimates = plan.chunkEstimates
    let before = memory("VmRSS")
    let counting = CountingTimes()
    let outcome = try MatchDriver(plan: plan, threads: 1).run(redo: true) { progress in
      if progress.stage == .counting, case .done(let pixel, _, let seconds) = progress.event {
        counting.add(pixel, seconds)
      }
    }
    print("core_a core_b halo_a halo_b ring columns expected_pairs pairs counting_s matching_s bytes")
    for chunk in try database.registry().chunks(of: outcome.run) {
      let load = estimates[chunk.position].load
      print(
        load.coreA, load.coreB, load.haloA, load.haloB, load.ring, load.columns, load.pairs, chunk.totals.pairs,
        counting.seconds(chunk.pixel), chunk.cost.processorSeconds ?? chunk.cost.seconds, chunk.bytes)
    }
    let largest = estimates.map(\.load).max { $0.loaded < $1.loaded }!
    let pairRatio = Double(outcome.totals.pairs) / estimates.reduce(0) { $0 + $1.pairs }
    print(
      "peak_bytes", memory("VmHWM") - before, largest.core, largest.loaded, largest.columns,
      largest.loadedPairs * pairRatio)
  }
}
