import CatalogStore
import MatchRun

/// What all that a plan does costs together.
struct PlanSummary {
  let chunks: [MatchPlan.ChunkEstimate]
  let stages: [StageEstimate]

  init(_ plan: MatchPlan) { (chunks, stages) = (plan.chunkEstimates, plan.stageEstimates) }

  private func sum(_ value: (MatchPlan.ChunkEstimate) -> Double) -> Double { chunks.reduce(0) { $0 + value($1) } }

  /// Seconds of one thread.
  var seconds: Double { stages.reduce(0) { $0 + $1.seconds } }
  /// Candidate pairs.
  var pairs: Double { sum(\.pairs) }
  /// Sources of both catalogues.
  var sources: Double { sum(\.load.core) }
  /// The same, each counted once for every chunk that reads it for pairing.
  var sourcesRead: Double { sum(\.load.loaded) }
  /// Size of the results, bytes.
  var diskBytes: Int64 { chunks.reduce(0) { $0 + $1.diskBytes } }
  /// The most memory that a thread needs, bytes.
  var memoryBytes: Int64 { chunks.map(\.memoryBytes).max() ?? 0 }
  /// What is to be done when a chunk needs more memory than a thread has; nil: none does.
  func shortage(ofPerThread granted: Int64, threads: Int) -> String? {
    guard let chunk = chunks.max(by: { $0.memoryBytes < $1.memoryBytes }), chunk.memoryBytes > granted else {
      return nil
    }
    let megabytes = chunk.memoryBytes / 1_000_000 + 1
    let isEntangled = chunk.load.entangled > 0
    let cause =
      isEntangled
      ? "its candidate pairs hang together over \(Format.short(chunk.load.entangled)) sources"
      : "its candidate pairs reach as far as it is wide"
    return "chunk \(chunk.chunk.pixel) needs \(megabytes) MB of memory and cannot be divided, since \(cause); "
      + "a thread has \(Format.bytes(granted)). Give --memory \(megabytes * Int64(max(1, threads)))MB, fewer --threads, "
      + "or a smaller \(isEntangled ? "largest_island_pairs" : "--max-separation")"
  }

  /// The chunk that takes longest.
  var longest: MatchPlan.ChunkEstimate? { chunks.max { $0.seconds < $1.seconds } }
  /// The longest ones first.
  var byTime: [MatchPlan.ChunkEstimate] {
    chunks.sorted { ($0.seconds, $1.chunk.position) > ($1.seconds, $0.chunk.position) }
  }

  /// Wall-clock seconds with so many threads: they cannot end before the longest chunk.
  func wallSeconds(threads: Int) -> Double { max(seconds / Double(max(1, threads)), longest?.seconds ?? 0) }
}
