import CSQLiteBoot
import CatalogStore
import Foundation
import MatchRun
import Synchronization

// What units of one size cost: a match on one thread, one line for every unit with what it had to do and what it took.
//   UnitCost DATABASE A B SOURCES_PER_UNIT
// unit_cost.py fits the constants of MatchRun's CostModel to these lines.

/// Processor time of the units of a stage, in the order in which they are done. There is one thread.
final class UnitTimes: Sendable {
  private let times = Mutex<[Double]>([])

  func add() { times.withLock { $0.append(Double(clock()) / Double(CLOCKS_PER_SEC)) } }

  /// Seconds of each unit but the first.
  var seconds: [Double] { times.withLock { times in zip(times.dropFirst(), times).map { $0 - $1 } } }
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
    let plan = try MatchPlan(database: database, a: arguments[2], b: arguments[3], sourcesPerUnit: size)
    let estimates = plan.unitEstimates
    let before = memory("VmRSS")
    let (counting, matching) = (UnitTimes(), UnitTimes())
    counting.add()
    let outcome = try MatchDriver(plan: plan, threads: 1).run(redo: true) { progress in
      if progress.stage == .measuring { counting.add() } else { matching.add() }
    }
    print("core_a core_b halo_a halo_b ring columns expected_pairs pairs counting_s matching_s bytes")
    let units = try database.registry().units(of: outcome.run)
    // The time before the first unit was paired went into the densities.
    let pairing = [0] + matching.seconds
    for (position, unit) in units.enumerated() where position > 0 {
      let load = estimates[position].load
      print(
        load.coreA, load.coreB, load.haloA, load.haloB, load.ring, load.columns, load.pairs, unit.totals.pairs,
        counting.seconds[position], pairing[position], unit.bytes)
    }
    let largest = estimates.map(\.load).max { $0.loaded < $1.loaded }!
    let pairRatio = Double(outcome.totals.pairs) / estimates.reduce(0) { $0 + $1.pairs }
    print(
      "peak_bytes", memory("VmHWM") - before, largest.core, largest.loaded, largest.columns,
      largest.loadedPairs * pairRatio)
  }
}
