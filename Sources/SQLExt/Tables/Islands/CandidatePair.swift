package import CatalogStore
import Match

/// A row of `xm_pairs`: a candidate pair with everything that spoke for or against it.
package struct CandidatePair: Sendable {
  package let idA: SQLValue
  package let idB: SQLValue
  package let rowidA: Int64
  package let rowidB: Int64
  package let separationArcsec: Double
  package let chiSquared: Double
  /// log₁₀ G, G in deg⁻².
  package let log10Density: Double
  /// N_c, N_A and N_B, deg⁻².
  package let densities: (counterparts: Double, a: Double, b: Double)
  package let eta: Double
  package let xi: Double
  package let probability: Double
  package let isMatched: Bool
  package let probabilityWithoutPhotometry: Double
  package let isMatchedWithoutPhotometry: Bool
  /// The photometric classes of a and b; nil if either has none.
  package let classes: (a: Int, b: Int)?
  package let island: Int64
  package let flags: MatchFlags

  init(_ row: MatchCursor) {
    idA = row.value(Column.idA)
    idB = row.value(Column.idB)
    rowidA = row.int64(Column.rowidA)
    rowidB = row.int64(Column.rowidB)
    separationArcsec = row.double(Column.separation)
    chiSquared = row.double(Column.chiSquared)
    log10Density = row.double(Column.density)
    densities = (row.double(Column.counterparts), row.double(Column.unmatchedA), row.double(Column.unmatchedB))
    eta = row.double(Column.eta)
    xi = row.double(Column.xi)
    probability = row.double(Column.probability)
    isMatched = row.int64(Column.matched) != 0
    probabilityWithoutPhotometry = row.double(Column.positionalProbability)
    isMatchedWithoutPhotometry = row.int64(Column.positionalMatched) != 0
    classes = Self.classes(row)
    island = row.int64(Column.island)
    flags = MatchFlags(rawValue: row.int64(Column.flags))
  }

  private static func classes(_ row: MatchCursor) -> (a: Int, b: Int)? {
    guard case .integer(let a) = row.value(Column.classA), case .integer(let b) = row.value(Column.classB) else {
      return nil
    }
    return (Int(a), Int(b))
  }

  /// t = −ln(1 − F), F the fraction of true counterparts that lie closer.
  package var level: Double { chiSquared / 2 }

  /// log₁₀ R, R = N_c G / (N_A N_B) · c / (f_A f_B); not limited to ±30.
  package var log10Ratio: Double { LikelihoodChoice.asStored.logRatio(of: self) / LikelihoodChoice.ln10 }
}

/// Where the columns of `xm_pairs` stand.
private enum Column {
  static let idA = place("a_id")
  static let idB = place("b_id")
  static let rowidA = place("a_rowid")
  static let rowidB = place("b_rowid")
  static let separation = place("separation_arcsec")
  static let chiSquared = place("chi2")
  static let density = place("log10_density")
  static let counterparts = place("n_c")
  static let unmatchedA = place("n_a")
  static let unmatchedB = place("n_b")
  static let eta = place("eta")
  static let xi = place("xi")
  static let probability = place("pair_p")
  static let matched = place("matched")
  static let positionalProbability = place("pair_p_without_photometry")
  static let positionalMatched = place("matched_without_photometry")
  static let classA = place("a_class")
  static let classB = place("b_class")
  static let island = place("island")
  static let flags = place("flags")

  private static func place(_ name: String) -> Int { ResultTable.pairs.place(of: name) }
}
