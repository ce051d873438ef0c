import CSQLiteBoot
import CatalogStore
import Foundation
import Indexing
import MatchRun
import Synchronization

// What chunks of one size cost: a match on one thread, one line for every chunk with what it had to do and what it took.
//   ChunkCost DATABASE A B SOURCES_PER_CHUNK
// chunk_cost.py fits the constants of MatchRun's CostModel to these lines.

/// Processor seconds of the pieces before pairing. One thread does one after the other.
final class PieceTimes: Sendable {
  private struct State {
    var last = processorSeconds()
    var counting: [HealpixPixel: Double] = [:]
    var regions: [Double] = []
  }

  private let state = Mutex(State())

  func take(_ progress: RunProgress) {
    guard case .done(let pixel, _, _) = progress.event else { return }
    state.withLock { state in
      let now = processorSeconds()
      if progress.stage == .counting { state.counting[pixel] = now - state.last }
      if progress.stage == .estimating { state.regions.append(now - state.last) }
      state.last = now
    }
  }

  func counting(_ pixel: HealpixPixel) -> Double { state.withLock { $0.counting[pixel] ?? .nan } }

  /// The regions that took longer than a millisecond: of those without common sky nothing is measured.
  var regions: [Double] { state.withLock { $0.regions.filter { $0 > 1e-3 } } }
}

/// Processor seconds of this process.
func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// A line `Name: … kB` of /proc/self/status, bytes.
func memory(_ name: String) -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
  return line.flatMap { Int($0.split(whereSeparator: { $0 == " " || $0 == "\t" })[1]) }.map { $0 * 1024 } ?? 0
}

@main struct ChunkCost {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 5, let size = Int(arguments[4]) else {
      print("usage: ChunkCost DATABASE A B SOURCES_PER_CHUNK")
      exit(2)
    }
    _ = xsql_bootstrap()
    let database = try SkyDatabase.open(at: arguments[1])
    let plan = try MatchPlan(database: database, a: arguments[2], b: arguments[3], sourcesPerChunk: size)
    let estimates = plan.chunkEstimates
    let before = memory("VmRSS")
    let times = PieceTimes()
    let outcome = try MatchDriver(plan: plan, threads: 1).run(redo: true) { times.take($0) }
    print("core_a core_b halo_a halo_b ring columns expected_pairs pairs counting_s matching_s bytes")
    for chunk in try database.registry().chunks(of: outcome.run) {
      let load = estimates[chunk.position].load
      print(
        load.coreA, load.coreB, load.haloA, load.haloB, load.ring, load.columns, load.pairs, chunk.totals.pairs,
        times.counting(chunk.pixel), chunk.cost.processorSeconds ?? chunk.cost.seconds, chunk.bytes)
    }
    print("region_s", times.regions.map { "\($0)" }.joined(separator: " "))
    let largest = estimates.map(\.load).max { $0.loaded < $1.loaded }!
    let pairRatio = Double(outcome.totals.pairs) / estimates.reduce(0) { $0 + $1.pairs }
    print(
      "peak_bytes", memory("VmHWM") - before, largest.core, largest.loaded, largest.columns,
      largest.loadedPairs * pairRatio)
  }
}
