import CatalogStore
import MatchRun

/// What a match found, for people or as JSON.
struct MatchReport {
  let plan: MatchPlan
  let outcome: MatchDriver.Outcome
  let seconds: Double

  private var sources: Int64 { plan.a.rows + plan.b.rows }
  private var sourcesPerSecond: Double { seconds > 0 ? Double(sources) / seconds : 0 }

  var lines: [String] {
    let (a, b, totals) = (plan.a.name, plan.b.name, outcome.totals)
    var table = TextTable([("", .left), ("", .right), ("", .left)])
    table.add([
      "matches", Format.count(totals.matches),
      share(totals.matches, of: plan.a) + ", " + share(totals.matches, of: plan.b),
    ])
    table.add(["only in \(a)", Format.count(totals.nonmatchesA), share(totals.nonmatchesA, of: plan.a)])
    table.add(["only in \(b)", Format.count(totals.nonmatchesB), share(totals.nonmatchesB, of: plan.b)])
    table.add(["candidate pairs", Format.count(totals.pairs), "in \(Format.count(totals.islands, "island"))"])
    return [heading] + table.takeRows().map { "  " + $0 } + plan.notes.map { "Note: \($0)." } + [
      "Look further: xmdb sql \"SELECT * FROM xmatch('\(a)', '\(b)') LIMIT 10\", or xmdb export \(a) \(b) --to DIR."
    ]
  }

  private var heading: String {
    let what = "\(plan.a.name) × \(plan.b.name), run \(outcome.run), \(PlanReport.epochText(plan))"
    if outcome.wasThere { return what + ": done before; --redo runs it again." }
    let resumed = outcome.unitsResumed > 0 ? ", \(outcome.unitsResumed) units from an earlier attempt" : ""
    return what + ": \(Format.seconds(seconds)), \(Format.short(sourcesPerSecond)) sources/s\(resumed)."
  }

  private func share(_ count: Int64, of info: CatalogueInfo) -> String {
    let percent = info.rows > 0 ? Double(count) / Double(info.rows) * 100 : 0
    return "\(Format.significant(percent, 3)) % of \(info.name)"
  }

  var json: JSONValue {
    .object(
      [
        ("a", .text(plan.a.name)), ("b", .text(plan.b.name)), ("run", .integer(outcome.run)),
        ("was_there", .bool(outcome.wasThere)),
      ] + JSONValue.members(outcome.totals) + [
        ("sources_a", .integer(plan.a.rows)), ("sources_b", .integer(plan.b.rows)),
        ("epoch_yr", .real(plan.epoch.targetYears)), ("units", .integer(Int64(plan.units.count))),
        ("units_resumed", .integer(Int64(outcome.unitsResumed))), ("seconds", .real(seconds)),
        ("sources_per_s", .real(sourcesPerSecond)), ("notes", .texts(plan.notes)),
      ])
  }
}
