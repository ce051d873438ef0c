internal import CatalogStore
internal import Match

/// The rows of an island of one source against one.
struct LonePairRows {
  private let a: Int
  private let b: Int
  private let edge: Int
  private let separationArcsec: Double
  private let number: Int64
  private let evidence: EdgeEvidence
  private let flags: MatchFlags
  private let answer: LonePair
  /// The answer from positions alone.
  private let positional: LonePair

  /// Solves the island.
  init(_ pair: (a: Int, b: Int, edge: Int), _ number: Int64, _ field: IslandField) {
    (a, b, edge) = pair
    self.number = number
    separationArcsec = field.edges.separationArcsec[edge]
    evidence = field.evidence(ofEdge: edge)
    flags = field.flags(ofPair: a, b)
    positional = LonePair(logRatio: evidence.positionRatio)
    answer = evidence.photometricRatio == 0 ? positional : LonePair(logRatio: evidence.ratio)
  }

  func write(_ field: IslandField, to result: inout ChunkResult) {
    result.pairs.append(pair(field))
    if answer.isMatched {
      var row = match
      (row.contaminationOfA, row.contaminationOfB) = field.contamination(ofEdge: edge)
      result.matches.append(row)
    } else {
      result.nonmatches.append(nonmatch(isA: true, field))
      result.nonmatches.append(nonmatch(isA: false, field))
    }
  }

  private var positionalProbability: Double { positional.probability(ofMatched: answer.isMatched) }

  private func pair(_ field: IslandField) -> PairRow {
    let both = PairAnswer(
      probability: answer.pairProbability, isMatched: answer.isMatched,
      probabilityWithoutPhotometry: positional.pairProbability, isMatchedWithoutPhotometry: positional.isMatched)
    return PairRow(edge: edge, field, evidence, both, number: number, flags: flags)
  }

  private var match: MatchRow {
    MatchRow(
      a: Int32(a), b: Int32(b), matchP: answer.bestProbability, pairP: answer.pairProbability,
      separationArcsec: separationArcsec, eta: evidence.eta, xi: evidence.xi, runnerUpOfA: nil,
      runnerUpOfB: nil, groupPOfA: .nan, groupPOfB: .nan, matchPWithoutPhotometry: positionalProbability,
      pairPWithoutPhotometry: positional.pairProbability, island: number, flags: flags)
  }

  private func nonmatch(isA: Bool, _ field: IslandField) -> NonmatchRow {
    let nearest = NearestUnmatched(
      place: Int32(isA ? b : a), separationArcsec: separationArcsec, eta: evidence.eta,
      xi: evidence.xi)
    let factors = field.aloneFactors(isA: isA, isA ? a : b)
    return NonmatchRow(
      isA: isA, source: Int32(isA ? a : b), matchP: answer.bestProbability,
      aloneP: answer.aloneProbability * factors.photometric, nearest: nearest,
      matchPWithoutPhotometry: positionalProbability,
      alonePWithoutPhotometry: positional.aloneProbability * factors.positional, island: number, flags: flags)
  }
}

extension NonmatchRow {
  /// A source without candidates.
  init(lone source: (isA: Bool, index: Int), _ number: Int64, _ field: IslandField) {
    let flags = field.flags(isA: source.isA, source.index)
    // Of candidates that were left out nothing is known.
    let probability = flags.contains(.crowded) ? Double.nan : 1
    let factors = field.aloneFactors(isA: source.isA, source.index)
    self.init(
      isA: source.isA, source: Int32(source.index), matchP: probability, aloneP: probability * factors.photometric,
      nearest: field.nearestNegligible(isA: source.isA, of: source.index),
      matchPWithoutPhotometry: probability, alonePWithoutPhotometry: probability * factors.positional, island: number,
      flags: flags)
  }
}
