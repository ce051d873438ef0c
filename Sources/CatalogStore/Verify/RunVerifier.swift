internal import Indexing

/// Checks that concern a run as a whole: do the units follow one another, and does the ledger close?
struct RunVerifier {
  let run: RunInfo
  let units: [RunUnit]
  let sourcesA: Int64
  let sourcesB: Int64

  /// How to make the run anew.
  var remedy: String {
    "match again with the same configuration: xmdb match \(run.catalogueA) \(run.catalogueB) --redo"
  }

  private func damage(_ finding: String) -> Damage { Damage("run \(run.id)", finding, remedy: remedy) }

  /// - Parameter rowids: Which sources the results name, where all of them could be read.
  func damages(_ rowids: RunRowids.Summary?) -> [Damage] {
    var damages = unitDamages
    if let rowids, rowids.surplus > 0 {
      damages.append(damage("\(rowids.surplus) result rows name a source that another row has, or none has"))
    }
    return run.finished == nil ? damages : damages + finishedDamages(rowids)
  }

  private var unitDamages: [Damage] {
    let isOrdered = zip(units, units.dropFirst()).allSatisfy {
      $0.position < $1.position && $0.pixel.range29.upperBound <= $1.pixel.range29.lowerBound
    }
    return isOrdered ? [] : [damage("the pixels of its units overlap")]
  }

  private func finishedDamages(_ rowids: RunRowids.Summary?) -> [Damage] {
    var damages: [Damage] = []
    if units.indices.contains(where: { units[$0].position != $0 }) { damages.append(damage("a unit is missing")) }
    var sum = RunTotals()
    for unit in units { sum += unit.totals }
    if sum != run.totals { damages.append(damage("the counts of its units do not add up to those of the run")) }
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
