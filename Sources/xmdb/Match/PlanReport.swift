import CatalogStore
import MatchRun

/// What a match would do, for people or as JSON.
struct PlanReport {
  let plan: MatchPlan
  private let settings: WorkSettings
  private let summary: PlanSummary

  /// Rows of a table for people; a program gets all.
  private static let longestTable = 20

  init(plan: MatchPlan, settings: WorkSettings) {
    self.plan = plan
    self.settings = settings
    summary = PlanSummary(plan)
  }

  /// Prints several plans, one after the other.
  /// - Parameter asList: JSON is a list, of one plan, too.
  static func print(
    _ plans: [MatchPlan], _ settings: WorkSettings, asList: Bool, _ facts: FactsOptions, to output: StandardOutput
  ) throws {
    let reports = plans.map { PlanReport(plan: $0, settings: settings) }
    if facts.json {
      let values = reports.map(\.json)
      return try output.line((asList ? .list(values) : values[0]).pretty)
    }
    for (position, report) in reports.enumerated() {
      if position > 0 { try output.line() }
      for line in report.lines { try output.line(line) }
    }
  }

  /// The epoch of the match in words.
  static func epochText(_ plan: MatchPlan) -> String {
    plan.epoch.targetYears.map { "at epoch \($0)" } ?? "positions as given"
  }

  private var commonArea: Double { plan.priorEstimates.reduce(0) { $0 + $1.commonAreaDegrees2 } }

  private var lines: [String] {
    let (a, b) = (plan.a, plan.b)
    var table = TextTable([("", .left), ("", .left)])
    table.add(["sources", "\(Format.count(a.rows)) of \(a.name), \(Format.count(b.rows)) of \(b.name)"])
    table.add(["positions", plan.epoch.targetYears.map { "compared at epoch \($0)" } ?? "compared as given"])
    table.add(["reach", "\(Format.short(plan.reach.arcseconds))″: no pair farther apart can be a candidate"])
    table.add(["common area", "\(Format.short(commonArea)) deg²"])
    table.add(["prior regions", String(plan.priorEstimates.count)])
    addCosts(to: &table)
    var lines = ["\(a.name) × \(b.name): the plan; nothing has been done."] + table.takeRows().map { "  " + $0 }
    lines += plan.notes.map { "Note: \($0)." } + overBudget
    lines += ["", "Configuration"] + plan.configuration.yaml.split(separator: "\n").map { "  " + $0 }
    lines += ["", "Stages"] + stageTable.lines
    lines += ["", "Regions, densities per deg² from counts (a match measures them first)"] + regionTable.lines
    lines += Self.more(plan.priorEstimates.count, "region")
    return lines + ["", "Chunks, the longest first"] + chunkTable.lines + Self.more(plan.chunks.count, "chunk")
  }

  private static func more(_ count: Int, _ noun: String) -> [String] {
    count > longestTable ? ["and \(Format.count(Int64(count - longestTable), noun)) more; --json has all"] : []
  }

  private func addCosts(to table: inout TextTable) {
    let halo = summary.sources > 0 ? summary.sourcesRead / summary.sources - 1 : 0
    table.add([
      "chunks",
      "\(Format.count(Int64(plan.chunks.count))), with halos that add \(Format.significant(halo * 100, 2)) % to their sources",
    ])
    table.add(["candidate pairs", "about " + Format.short(summary.pairs)])
    table.add([
      "time",
      "about \(Format.seconds(summary.seconds)) of one thread (\(Format.significant(summary.seconds / 3600, 3)) core-hours), "
        + "\(Format.seconds(summary.wallSeconds(threads: settings.threads))) on \(Format.count(Int64(settings.threads), "thread"))",
    ])
    if let longest = summary.longest {
      table.add(["longest chunk", "\(longest.chunk.pixel), about \(Format.seconds(longest.seconds))"])
    }
    table.add([
      "memory",
      "up to \(Format.bytes(summary.memoryBytes)) for each thread, of \(Format.bytes(settings.memoryPerThread))",
    ])
    table.add(["results", "about \(Format.bytes(summary.diskBytes)) on disk"])
  }

  /// Chunks that cannot be made small enough.
  private var overBudget: [String] {
    let shortage = summary.shortage(ofPerThread: settings.memoryPerThread, threads: settings.threads)
    return shortage.map { ["Note: a match would be refused: \($0)."] } ?? []
  }

  private var stageTable: TextTable {
    var table = TextTable([
      ("stage", .left), ("pieces", .right), ("seconds of one thread", .right), ("of the longest piece", .right),
    ])
    for stage in summary.stages {
      table.add(
        [stage.name, Format.count(Int64(stage.pieces))]
          + [stage.seconds, stage.longestSeconds].map { Format.significant($0, 3) })
    }
    return table
  }

  private var regionTable: TextTable {
    var table = TextTable([
      ("pixel", .left), ("common deg²", .right), ("both", .right), ("\(plan.a.name) alone", .right),
      ("\(plan.b.name) alone", .right),
    ])
    for region in plan.priorEstimates.prefix(Self.longestTable) {
      let densities = [region.counterpartsPerDegree2, region.unmatchedAPerDegree2, region.unmatchedBPerDegree2]
      table.add(["\(region.pixel)", Format.short(region.commonAreaDegrees2)] + densities.map(Format.short))
    }
    return table
  }

  private var chunkTable: TextTable {
    var table = TextTable([
      ("chunk", .right), ("pixel", .left), ("sources of \(plan.a.name)", .right), ("of \(plan.b.name)", .right),
      ("in the halo", .right), ("pairs", .right), ("seconds", .right), ("memory", .right), ("disk", .right),
    ])
    for estimate in summary.byTime.prefix(Self.longestTable) {
      let load = estimate.load
      table.add(
        [String(estimate.chunk.position), "\(estimate.chunk.pixel)"]
          + [load.coreA, load.coreB, load.haloA + load.haloB, load.pairs].map { Format.count(Int64($0.rounded())) }
          + [
            Format.significant(estimate.seconds, 3), Format.bytes(estimate.memoryBytes),
            Format.bytes(estimate.diskBytes),
          ])
    }
    return table
  }

  private var json: JSONValue {
    .object([
      ("a", .text(plan.a.name)), ("b", .text(plan.b.name)), ("sources_a", .integer(plan.a.rows)),
      ("sources_b", .integer(plan.b.rows)), ("epoch_yr", .real(plan.epoch.targetYears)),
      ("notes", .texts(plan.notes)), ("reach_arcsec", .real(plan.reach.arcseconds)),
      ("common_area_deg2", .real(commonArea)), ("configuration", .text(plan.configuration.yaml)),
      ("fingerprint", .text(plan.fingerprint.description)),
      ("threads", .integer(Int64(settings.threads))), ("core_seconds", .real(summary.seconds)),
      ("wall_seconds", .real(summary.wallSeconds(threads: settings.threads))),
      ("longest_chunk_seconds", .real(summary.longest?.seconds)), ("pairs", .real(summary.pairs)),
      ("memory_per_thread_bytes", .integer(summary.memoryBytes)),
      ("memory_budget_per_thread_bytes", .integer(settings.memoryPerThread)),
      ("disk_bytes", .integer(summary.diskBytes)), ("speed", .real(plan.costs.speed)),
      ("stages", .list(summary.stages.map(Self.json))),
      ("prior_regions", .list(plan.priorEstimates.map(Self.json))),
      ("chunks", .list(summary.chunks.map(Self.json))),
    ])
  }

  private static func json(_ region: MatchPlan.PriorEstimate) -> JSONValue {
    .object([
      ("order", .integer(Int64(region.pixel.order))), ("pixel", .integer(region.pixel.index)),
      ("common_area_deg2", .real(region.commonAreaDegrees2)),
      ("counterparts_per_deg2", .real(region.counterpartsPerDegree2)),
      ("unmatched_a_per_deg2", .real(region.unmatchedAPerDegree2)),
      ("unmatched_b_per_deg2", .real(region.unmatchedBPerDegree2)),
    ])
  }

  private static func json(_ stage: StageEstimate) -> JSONValue {
    .object([
      ("name", .text(stage.name)), ("pieces", .integer(Int64(stage.pieces))), ("seconds", .real(stage.seconds)),
      ("longest_seconds", .real(stage.longestSeconds)),
    ])
  }

  private static func json(_ estimate: MatchPlan.ChunkEstimate) -> JSONValue {
    .object([
      ("position", .integer(Int64(estimate.chunk.position))), ("order", .integer(Int64(estimate.chunk.pixel.order))),
      ("pixel", .integer(estimate.chunk.pixel.index)), ("sources_a", .real(estimate.sourcesA)),
      ("sources_b", .real(estimate.sourcesB)), ("sources_in_halo_a", .real(estimate.sourcesInHaloA)),
      ("sources_in_halo_b", .real(estimate.sourcesInHaloB)), ("pairs", .real(estimate.pairs)),
      ("counting_seconds", .real(estimate.countingSeconds)), ("matching_seconds", .real(estimate.matchingSeconds)),
      ("memory_bytes", .integer(estimate.memoryBytes)), ("disk_bytes", .integer(estimate.diskBytes)),
    ])
  }
}
