package import CatalogStore
package import MatchRun

/// Everything that decided about one source: its candidates, the rivals for them, and why each pair won or lost.
package struct Explanation: Sendable {
  /// The names of the catalogues.
  package let nameA: String
  package let nameB: String
  /// The source that is explained.
  package let source: IslandMember
  /// The members of its island, itself included; of a first, each by rowid.
  package let members: [IslandMember]
  /// All pairs of the island: first those of the source, then its rivals', each by falling probability.
  package let pairs: [CandidatePair]
  /// What magnitudes say of each pair, in the same order; nil where they say nothing.
  package let photometry: [PhotometricFactors?]
  /// What hidden neighbours have to do with each pair, in the same order; nil where they are not modelled. Empty: not asked for.
  package let crowding: [PairCrowding?]
  /// For a source without candidates, the nearest source of the other catalogue, if any is near.
  package let nearest: NearestSource?
  /// The run that was read; nil: matched on the fly.
  package let run: Int64?
  /// F_max of the match, where it is known.
  package let candidateFraction: Double?

  /// The pairs of the source itself.
  package var candidates: ArraySlice<CandidatePair> { pairs.prefix(while: isOwn) }
  /// The pairs of the other sources of its catalogue in the island.
  package var rivals: ArraySlice<CandidatePair> { pairs[candidates.endIndex...] }

  /// The pair of the source in the best assignment.
  package var match: CandidatePair? { candidates.first(where: \.isMatched) }
  /// The best pair of the source beside that.
  package var runnerUp: CandidatePair? { candidates.first { !$0.isMatched } }
  /// Probability that the source has no counterpart: what its pairs leave over.
  package var aloneProbability: Double { max(0, 1 - candidates.reduce(0) { $0 + $1.probability }) }
  /// Likewise from positions alone.
  package var aloneProbabilityWithoutPhotometry: Double {
    max(0, 1 - candidates.reduce(0) { $0 + $1.probabilityWithoutPhotometry })
  }

  /// Whether a pair is one of the source's own.
  package func isOwn(_ pair: CandidatePair) -> Bool {
    (source.isA ? pair.rowidA : pair.rowidB) == source.rowid
  }

  /// The member that is a pair's source of a or of b; without a pair, the source itself if it is of that catalogue.
  package func member(of pair: CandidatePair?, isA: Bool) -> IslandMember? {
    guard let pair else { return source.isA == isA ? source : nil }
    return members.first { $0.isA == isA && $0.rowid == (isA ? pair.rowidA : pair.rowidB) }
  }

  /// The name of the source's own catalogue, and of the other.
  package var ownName: String { source.isA ? nameA : nameB }
  package var otherName: String { source.isA ? nameB : nameA }
}

/// The nearest source of the other catalogue, whether it may be a counterpart or not. Positions as catalogued, not moved.
package struct NearestSource: Sendable {
  package let id: SQLValue
  package let rowid: Int64
  package let separationArcsec: Double

  /// How far is looked, arcsec.
  static let radiusArcsec = 60.0
}

/// A source of an island, as the tables of matches and non-matches have it.
package struct IslandMember: Sendable {
  package let isA: Bool
  /// NULL where the catalogue has none.
  package let id: SQLValue
  package let rowid: Int64
  package let raDegrees: Double
  package let decDegrees: Double
  /// 1-σ position error in the match, larger axis.
  package let sigmaArcsec: Double
  package let island: Int64
  package let flags: MatchFlags
  /// Probability of the island's best assignment as a whole.
  package let matchProbability: Double
  /// Of the same assignment, from positions alone.
  package let matchProbabilityWithoutPhotometry: Double

  /// A member from a row of `table`; of matches, the one of a or of b.
  init(_ row: MatchCursor, _ table: ResultTable, isA: Bool) {
    func place(_ name: String) -> Int { table.place(of: name) }
    let prefix = table == .nonmatches ? "" : isA ? "a_" : "b_"
    self.isA = isA
    id = row.value(place(prefix + "id"))
    rowid = row.int64(place(table == .nonmatches ? "xm_rowid" : prefix + "rowid"))
    raDegrees = row.double(place(prefix + "ra_deg"))
    decDegrees = row.double(place(prefix + "dec_deg"))
    sigmaArcsec = row.double(place(prefix + "sigma_used_arcsec"))
    island = row.int64(place("island"))
    flags = MatchFlags(rawValue: row.int64(place("flags")))
    matchProbability = row.double(place("match_p"))
    matchProbabilityWithoutPhotometry = row.double(place("match_p_without_photometry"))
  }
}
