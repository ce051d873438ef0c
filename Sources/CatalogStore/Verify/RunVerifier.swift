internal import Indexing

/// Checks that concern a run as a whole: do the chunks follow one another, and does the ledger close?
struct RunVerifier {
  let run: RunInfo
  let chunks: [RunChunk]
  let sourcesA: Int64
  let sourcesB: Int64

  /// How to make the run anew.
  var remedy: String {
    "match again with the same configuration: xmdb match \(run.catalogueA) \(run.catalogueB) --redo"
  }

  private func damage(_ finding: String) -> Damage { Damage("run \(run.id)", finding, remedy: remedy) }

  /// - Parameter rowids: Which sources the results name, where all of them could be read.
  func damages(_ rowids: RunRowids.Summary?) -> [Damage] {
    var damages = chunkDamages
    if let rowids, rowids.surplus > 0 {
      damages.append(damage("\(rowids.surplus) result rows name a source that another row has, or none has"))
    }
    return run.finished == nil ? damages : damages + finishedDamages(rowids)
  }

  private var chunkDamages: [Damage] {
    let isOrdered = zip(chunks, chunks.dropFirst()).allSatisfy {
      $0.position < $1.position && $0.pixel.range29.upperBound <= $1.pixel.range29.lowerBound
    }
    return isOrdered ? [] : [damage("the pixels of its chunks overlap")]
  }

  private func finishedDamages(_ rowids: RunRowids.Summary?) -> [Damage] {
    var damages: [Damage] = []
    if chunks.indices.contains(where: { chunks[$0].position != $0 }) { damages.append(damage("a chunk is missing")) }
    var sum = RunTotals()
    for chunk in chunks { sum += chunk.totals }
    if sum != run.totals { damages.append(damage("the counts of its chunks do not add up to those of the run")) }
    for (name, unmatched, sources, missing) in [
      (run.catalogueA, sum.nonmatchesA, sourcesA, rowids?.missingA ?? 0),
      (run.catalogueB, sum.nonmatchesB, sourcesB, rowids?.missingB ?? 0),
    ] {
      if sum.matches + unmatched != sources {
        damages.append(
          damage(
            "the ledger does not close: \(sum.matches) matched + \(unmatched) unmatched ≠ \(sources) sources of \(name)"
          ))
      }
      if missing > 0 { damages.append(damage("\(missing) sources of \(name) are in no result row")) }
    }
    return damages
  }
}
