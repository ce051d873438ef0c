import CatalogStore
import MatchRun

/// Simulated schedules, for people or as JSON.
struct ScheduleReport {
  let work: ScheduleSimulation.Work
  let results: [(processes: Int, result: ScheduleSimulation.Result)]

  var lines: [String] {
    let chunks = Format.count(Int64(work.matching.count), "chunk")
    var table = TextTable([
      ("processes", .right), ("threads", .right), ("time", .right), ("efficiency", .right), ("manager busy", .right),
      ("of it deciding", .right), ("counting", .right), ("densities", .right), ("pairing", .right),
    ])
    for (processes, result) in results {
      table.add(
        [
          Format.count(Int64(processes)), Format.count(Int64(result.threads)), Format.seconds(result.wallSeconds),
          percent(result.efficiency), percent(result.managerLoad),
          percent(result.managerSeconds > 0 ? result.stateMachineSeconds / result.managerSeconds : 0),
        ] + [RunProgress.Stage.counting, .estimating, .matching].map { Format.seconds(result.stages[$0] ?? 0) })
    }
    return [
      "\(chunks), \(Format.count(Int64(work.estimating.count), "region")): \(Format.seconds(work.seconds)) of one thread "
        + "(\(Format.significant(work.seconds / 3600, 3)) core-hours), the longest piece \(Format.seconds(work.longest)).",
      "",
    ] + table.lines
  }

  private func percent(_ share: Double) -> String { Format.significant(share * 100, 3) + " %" }

  var json: JSONValue {
    .object([
      ("chunks", .integer(Int64(work.matching.count))), ("regions", .integer(Int64(work.estimating.count))),
      ("core_seconds", .real(work.seconds)), ("longest_piece_s", .real(work.longest)),
      (
        "schedules",
        .list(
          results.map { processes, result in
            .object([
              ("processes", .integer(Int64(processes))), ("threads", .integer(Int64(result.threads))),
              ("wall_s", .real(result.wallSeconds)), ("efficiency", .real(result.efficiency)),
              ("manager_load", .real(result.managerLoad)), ("manager_s", .real(result.managerSeconds)),
              ("state_machine_s", .real(result.stateMachineSeconds)),
            ])
          })
      ),
    ])
  }
}
