import CatalogStore
import Glibc
import Match

/// Why a pair won or lost, in a sentence, from the point of view of one of its sources.
///
/// In the best assignment that source either has another counterpart, and then the two pairs are compared factor by factor;
/// or it stays alone, because the candidate belongs to another source or a chance neighbour is likelier.
struct Verdict {
  private let island: [CandidatePair]
  private let isA: Bool

  /// - Parameters:
  ///   - island: All pairs of the island.
  ///   - isA: Whether the source of a or that of b is asking.
  init(island: [CandidatePair], isA: Bool) {
    self.island = island
    self.isA = isA
  }

  func text(of pair: CandidatePair) -> String {
    if pair.isMatched { return won(pair) }
    let rowid = isA ? pair.rowidA : pair.rowidB
    let own = island.first { $0.isMatched && (isA ? $0.rowidA : $0.rowidB) == rowid }
    let comparison = own.map { PairComparison(pair, with: $0).text }
    // Where the pair itself is no worse, what counts is who else wants the candidate.
    let isWorse = own.map { pair.log10Ratio < $0.log10Ratio } ?? (pair.log10Ratio < 0)
    let reasons = [comparison ?? (isWorse ? chance(pair) : nil), taken(pair)]
    return (isWorse ? reasons : reasons.reversed()).compactMap(\.self).joined(separator: "; ")
  }

  private func won(_ pair: CandidatePair) -> String {
    "counterpart: likelier one object than two, " + Self.evidence(pair)
      + (pair.isMatchedWithoutPhotometry ? "" : "; positions alone would not choose it")
  }

  private func chance(_ pair: CandidatePair) -> String { "likelier a chance neighbour, " + Self.evidence(pair) }

  /// "log10 R 2.5 (position +1.9, magnitudes +0.6)".
  static func evidence(_ pair: CandidatePair) -> String {
    let position = pair.log10Ratio - pair.eta
    return "log10 R \(NumberText.significant(pair.log10Ratio, 2)) (position \(NumberText.signed(position, 2))"
      + (pair.eta == 0 ? ")" : ", magnitudes \(NumberText.signed(pair.eta, 2)))")
  }

  /// Whether the candidate belongs to another source.
  private func taken(_ pair: CandidatePair) -> String? {
    let rowid = isA ? pair.rowidB : pair.rowidA
    guard let other = island.first(where: { $0.isMatched && (isA ? $0.rowidB : $0.rowidA) == rowid }) else {
      return nil
    }
    let (id, own) = isA ? (other.idA, other.rowidA) : (other.idB, other.rowidB)
    return "its best counterpart is another source, \(Self.name(id, own)), "
      + "P \(NumberText.significant(other.probability, 2))"
  }

  /// The id of a source, or its rowid where it has none.
  static func name(_ id: SQLValue, _ rowid: Int64) -> String {
    switch id {
    case .integer(let value): String(value)
    case .text(let text): text
    default: "rowid \(rowid)"
    }
  }
}

extension Explanation {
  /// Why a pair of the island won or lost, as sources of this one's catalogue see it.
  package func verdict(of pair: CandidatePair) -> String { Verdict(island: pairs, isA: source.isA).text(of: pair) }

  /// Why the source has no candidate that takes part in the pairing.
  package var verdictWithoutCandidates: String {
    var text = "no candidate: no source of \(otherName) lies within F_max of it"
    if let candidateFraction {
      text += " (F < \(candidateFraction))"
    }
    text += ", but for negligible ones"
    text +=
      nearest.map {
        "; the nearest, \(Verdict.name($0.id, $0.rowid)), is \(NumberText.significant($0.separationArcsec, 3))″ away"
          + " as catalogued"
      } ?? "; none is within \(Int(NearestSource.radiusArcsec))″"
    if source.flags.contains(.outsideCommonCoverage) { text += "; outside the common coverage" }
    if source.flags.contains(.nearEdge) { text += "; near the edge of the coverage, where one may be missing" }
    return text
  }
}
