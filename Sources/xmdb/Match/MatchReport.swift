import CatalogStore
import MatchRun

/// What a match found, for people or as JSON.
struct MatchReport {
  let plan: MatchPlan
  let outcome: MatchDriver.Outcome
  let seconds: Double
  /// Whether its probabilities can be trusted; nil: the run is not finished.
  let calibration: Calibration.Answer?
  /// In how many regions the number of counterparts was measured, and in how many it is uncertain; nil: the run is not finished.
  let counterparts: (regions: Int, uncertain: Int)?

  private var sources: Int64 { plan.a.rows + plan.b.rows }
  private var sourcesPerSecond: Double { seconds > 0 ? Double(sources) / seconds : 0 }

  var lines: [String] {
    if !outcome.isComplete { return unfinished }
    let (a, b) = (plan.a.name, plan.b.name)
    return summary + [
      "Look further: xmdb sql \"SELECT * FROM xmatch('\(a)', '\(b)') LIMIT 10\", or xmdb export \(a) \(b) --to DIR."
    ]
  }

  /// What a finished match has found.
  var summary: [String] {
    let (a, b, totals) = (plan.a.name, plan.b.name, outcome.totals)
    var table = TextTable([("", .left), ("", .right), ("", .left)])
    table.add([
      "matches", Format.count(totals.matches),
      share(totals.matches, of: plan.a) + ", " + share(totals.matches, of: plan.b),
    ])
    table.add(["only in \(a)", Format.count(totals.nonmatchesA), share(totals.nonmatchesA, of: plan.a)])
    table.add(["only in \(b)", Format.count(totals.nonmatchesB), share(totals.nonmatchesB, of: plan.b)])
    table.add(["candidate pairs", Format.count(totals.pairs), "in \(Format.count(totals.islands, "island"))"])
    if totals.negligiblePairs > 0 {
      table.add([
        "negligible pairs", Format.count(totals.negligiblePairs),
        "left out of the pairing, at most \(Format.short(totals.negligibleProbability)) real",
      ])
    }
    return [heading] + computedAgain + table.takeRows().map { "  " + $0 } + verdict + uncertainty
      + plan.notes.map { "Note: \($0)." }
  }

  /// Where pairs do not tell how many counterparts there are.
  private var uncertainty: [String] {
    guard let counterparts, counterparts.uncertain > 0 else { return [] }
    let place = counterparts.regions == 1 ? "" : " in \(counterparts.uncertain) of \(counterparts.regions) regions"
    return [
      "Note: the number of counterparts is not measurable\(place): it is less than twice its error, and few pairs are believed in; "
        + "see xm_priors."
    ]
  }

  private var verdict: [String] {
    guard let calibration else { return [] }
    let summary = calibration.summary.map { " (\($0))" } ?? ""
    return ["Calibration: \(calibration.judgement)\(summary)."]
  }

  private var heading: String {
    let what = "\(plan.a.name) × \(plan.b.name), run \(outcome.run), \(PlanReport.epochText(plan))"
    if outcome.wasThere { return what + ": done before; --redo runs it again." }
    let resumed = outcome.chunksResumed > 0 ? ", \(outcome.chunksResumed) chunks from an earlier attempt" : ""
    let reused = outcome.chunksReused > 0 ? ", \(outcome.chunksReused) chunks that have not changed" : ""
    return what + ": \(Format.seconds(seconds)), \(Format.short(sourcesPerSecond)) sources/s\(resumed)\(reused)."
  }

  private var unfinished: [String] {
    let what = "\(plan.a.name) × \(plan.b.name), run \(outcome.run): not finished after \(Format.seconds(seconds))."
    return [what] + computedAgain + outcome.problems.map(Self.line)
  }

  /// Stored results that were not what was written.
  private var computedAgain: [String] { outcome.damages.map { "  computed again: \($0)" } }

  /// What could not be done and why.
  static func line(_ problem: RunProblem) -> String {
    "  \(problem.stage) \(problem.pixel), \(Format.count(Int64(problem.attempts), "attempt")): \(problem.reason)"
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
        ("epoch_yr", .real(plan.epoch.targetYears)), ("chunks", .integer(Int64(plan.chunks.count))),
        ("chunks_resumed", .integer(Int64(outcome.chunksResumed))),
        ("chunks_reused", .integer(Int64(outcome.chunksReused))), ("complete", .bool(outcome.isComplete)),
        ("computed_again", .texts(outcome.damages.map(\.description))),
        ("set_aside", .list(outcome.problems.map(Self.json))), ("seconds", .real(seconds)),
        ("sources_per_s", .real(sourcesPerSecond)), ("manager_cpu_s", .real(outcome.managerSeconds)),
        ("calibration", .text(calibration?.verdict)),
        ("is_trusted", calibration.map { .bool($0.isTrusted) } ?? .null),
        ("regions_measured", .integer(counterparts.map { Int64($0.regions) })),
        ("regions_uncertain", .integer(counterparts.map { Int64($0.uncertain) })), ("notes", .texts(plan.notes)),
      ])
  }

  /// What could not be done and why.
  static func json(_ problem: RunProblem) -> JSONValue {
    .object([
      ("stage", .text(problem.stage)), ("order", .integer(Int64(problem.pixel.order))),
      ("pixel", .integer(problem.pixel.index)), ("attempts", .integer(Int64(problem.attempts))),
      ("code", .text(problem.code.rawValue)), ("reason", .text(problem.reason)),
    ])
  }
}
