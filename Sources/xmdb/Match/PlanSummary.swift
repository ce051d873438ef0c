import CatalogStore
import MatchRun

/// What all units of a plan cost together.
struct PlanSummary {
  let units: [MatchPlan.UnitEstimate]

  init(_ plan: MatchPlan) { units = plan.unitEstimates }

  private func sum(_ value: (MatchPlan.UnitEstimate) -> Double) -> Double { units.reduce(0) { $0 + value($1) } }

  /// Seconds of one thread.
  var seconds: Double { sum(\.seconds) }
  /// Candidate pairs.
  var pairs: Double { sum(\.pairs) }
  /// Sources of both catalogues.
  var sources: Double { sum(\.load.core) }
  /// The same, each counted once for every unit that reads it for pairing.
  var sourcesRead: Double { sum(\.load.loaded) }
  /// Size of the results, bytes.
  var diskBytes: Int64 { units.reduce(0) { $0 + $1.diskBytes } }
  /// The most memory that a thread needs, bytes.
  var memoryBytes: Int64 { units.map(\.memoryBytes).max() ?? 0 }
  /// The unit that takes longest.
  var longest: MatchPlan.UnitEstimate? { units.max { $0.seconds < $1.seconds } }
  /// The longest ones first.
  var byTime: [MatchPlan.UnitEstimate] {
    units.sorted { ($0.seconds, $1.unit.position) > ($1.seconds, $0.unit.position) }
  }

  /// Wall-clock seconds with so many threads: they cannot end before the longest unit.
  func wallSeconds(threads: Int) -> Double { max(seconds / Double(max(1, threads)), longest?.seconds ?? 0) }
}
