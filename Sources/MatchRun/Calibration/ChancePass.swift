internal import CatalogStore
internal import Indexing
internal import Match

/// Chance pairs with and without photometry.
struct ChanceSums: Sendable {
  var photometric = ChanceCounts()
  var positional = ChanceCounts()

  mutating func addSource(trials: Int) {
    photometric.addSource(trials: trials)
    positional.addSource(trials: trials)
  }

  static func += (sum: inout ChanceSums, part: ChanceSums) {
    sum.photometric += part.photometric
    sum.positional += part.positional
  }
}

/// Finds chance pairs: those that sources of a form with sources of b that have been shifted on the sky.
///
/// A pair gets the probability that the run would have given to it, had the stranger stood there: the island of either
/// source comes along whole, and both are solved as one.
struct ChancePass: Sendable {
  let run: FinishedRun
  let shifts: [SkyShift]
  let groups: SourceGroups

  /// Goes through all chunks.
  /// - Parameter progress: Called with the number of chunks done, from the thread that did the last one.
  func counts(threads: Int, cancellation: Cancellation, progress: @escaping @Sendable (Int) -> Void) throws
    -> Grouped<ChanceSums>
  {
    let queue = ChunkQueue(run.plan.chunks)
    let sums = Guarded((counts: Grouped(ChanceSums(), groups), chunksDone: 0))
    let workers = max(1, min(threads, run.plan.chunks.count))
    try WorkerThreads.run(count: workers, threads: workers) { _ in
      var counter = ChanceCounter(self, cancellation)
      try queue.work { chunk in
        try cancellation.check("calibrate")
        let part = try counter.counts(of: chunk)
        let done = sums.withLock { sums in
          sums.counts.merge(part) { $0 += $1 }
          sums.chunksDone += 1
          return sums.chunksDone
        }
        progress(done)
      }
    }
    return sums.withLock { $0.counts }
  }
}
