internal import CatalogStore
internal import Indexing
internal import Match

/// The first stage: the candidate pairs of every chunk are counted, region by region. What it gives is a file for each chunk.
struct CountingStage: Stage {
  let context: RunContext

  var id: RunProgress.Stage { .counting }
  var readsProducts: Bool { false }
  var isNeeded: Bool { context.plan.configuration.needsMeasurement }

  func pieces() -> [StagePiece] {
    context.plan.chunkEstimates.map { $0.piece(seconds: $0.countingSeconds) }
  }

  func worker(scratch: String?) -> any StageWorker { CountingWorker(context) }

  /// Nothing is left once all regions are measured.
  func begin(_ ledger: RunLedger) throws -> StageWork? {
    guard isNeeded else { return nil }
    let plan = context.plan
    guard try DensityStage(context: context).begin(ledger) != nil else { return nil }
    let left = plan.chunks.indices.filter { !FileSystem.exists(context.files.counts(plan.chunks[$0].pixel)) }
    return StageWork(left: left, total: plan.chunks.count)
  }

  /// The counts are in their file.
  func record(_ report: PieceReport, of position: Int, in ledger: RunLedger) {}
}

extension MatchPlan.ChunkEstimate {
  /// The chunk as a piece of a stage that takes some of its seconds.
  func piece(seconds: Double) -> StagePiece {
    StagePiece(
      pixel: chunk.pixel, seconds: seconds,
      sources: seconds > 0 ? (sourcesA + sourcesB) * seconds / self.seconds : 0)
  }
}

/// Counts the pairs of chunks.
private final class CountingWorker: StageWorker {
  private let context: RunContext
  private let counter: RegionCounter

  init(_ context: RunContext) {
    self.context = context
    counter = RegionCounter(plan: context.plan)
  }

  func perform(_ position: Int) throws -> PieceResult {
    PieceResult(isReused: try count(context.plan.chunks[position]))
  }

  /// Writes the counts of a chunk, or takes over those of the run before.
  /// - Returns: Whether they were taken over.
  private func count(_ chunk: MatchChunk) throws -> Bool {
    let file = CountsFile(context.files.counts(chunk.pixel), of: chunk.pixel, fingerprint: context.fingerprint)
    let old = context.base.map { base in
      CountsFile(
        RunFiles(context.plan.database, run: base.run).counts(chunk.pixel), of: chunk.pixel,
        fingerprint: base.fingerprint)
    }
    var stop = context.cancellation.stopCheck("match", isResumable: true)
    let (counts, digest) = try counter.counts(of: chunk, stop: &stop) { old?.isThere(digest: $0) ?? false }
    if let counts {
      try file.write(counts, of: context.plan, digest: digest)
    } else if let old {
      try file.take(over: old)
    }
    return counts == nil
  }
}
