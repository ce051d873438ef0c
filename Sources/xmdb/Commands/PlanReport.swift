import CatalogStore
import MatchRun

/// What a match would do, for people or as JSON.
struct PlanReport {
  let plan: MatchPlan

  func print(asJSON: Bool, to output: StandardOutput) throws {
    if asJSON { return try output.line(json.pretty) }
    for line in lines { try output.line(line) }
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
    table.add(["units of work", String(plan.units.count)])
    var lines = ["\(a.name) × \(b.name): the plan; nothing has been done."] + table.takeRows().map { "  " + $0 }
    lines += plan.notes.map { "Note: \($0)." }
    lines += ["", "Configuration"] + plan.configuration.yaml.split(separator: "\n").map { "  " + $0 }
    return lines + ["", "Regions, densities per deg² from counts (a match measures them first)"] + regionTable.lines + [
      "", "Units of work",
    ]
      + unitTable.lines
  }

  private var regionTable: TextTable {
    var table = TextTable([
      ("pixel", .left), ("common deg²", .right), ("both", .right), ("\(plan.a.name) alone", .right),
      ("\(plan.b.name) alone", .right),
    ])
    for region in plan.priorEstimates {
      let densities = [region.counterpartsPerDegree2, region.unmatchedAPerDegree2, region.unmatchedBPerDegree2]
      table.add(["\(region.pixel)", Format.short(region.commonAreaDegrees2)] + densities.map(Format.short))
    }
    return table
  }

  private var unitTable: TextTable {
    var table = TextTable([
      ("unit", .right), ("pixel", .left), ("sources of \(plan.a.name)", .right), ("of \(plan.b.name)", .right),
    ])
    for estimate in plan.unitEstimates {
      table.add(
        [String(estimate.unit.position), "\(estimate.unit.pixel)"]
          + [estimate.sourcesA, estimate.sourcesB].map { Format.count(Int64($0.rounded())) })
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
      ("prior_regions", .list(plan.priorEstimates.map(Self.json))),
      ("units", .list(plan.unitEstimates.map(Self.json))),
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

  private static func json(_ estimate: MatchPlan.UnitEstimate) -> JSONValue {
    .object([
      ("position", .integer(Int64(estimate.unit.position))), ("order", .integer(Int64(estimate.unit.pixel.order))),
      ("pixel", .integer(estimate.unit.pixel.index)), ("sources_a", .real(estimate.sourcesA)),
      ("sources_b", .real(estimate.sourcesB)),
    ])
  }
}
