import CatalogStore
import MatchRun

/// The columns of `xm_blends`, in order.
enum BlendColumn: Int, CaseIterable {
  case blurred, idA, idB, otherID, separation, insideP, fluxShare, fluxShareError, foreignShare, foreignShareError
  case unseenShare, elsewhereP, isConsistent, pairP, raA, decA, raB, decB, otherRA, otherDec, flags, rowidA, rowidB
  case otherRowid

  var column: TableColumn {
    switch self {
    case .blurred: TableColumn("blurred", .text, "'a' or 'b': the catalogue whose source holds several of the other's")
    case .idA: inMatches("a_id")
    case .idB: inMatches("b_id")
    case .otherID: TableColumn("other_id", .any, "identifier of another source inside; of a where `blurred` is 'b'")
    case .separation:
      TableColumn("separation_arcsec", .real, "from the counterpart to it, at the epoch of the match [arcsec]")
    case .insideP: TableColumn("inside_p", .real, "probability that it lies unresolved inside the PSF")
    case .fluxShare:
      TableColumn(
        "flux_share", .real, "expected share of the measured flux that is its own; NULL: magnitudes do not tell")
    case .fluxShareError: TableColumn("flux_share_error", .real, "its 1-sigma error")
    case .foreignShare:
      TableColumn(
        "foreign_share", .real,
        "expected share of the measured flux that is not of the counterpart: of all others, and of those too faint to be seen"
      )
    case .foreignShareError: TableColumn("foreign_share_error", .real, "its 1-sigma error")
    case .unseenShare:
      TableColumn("unseen_share", .real, "the part of it that is of neighbours too faint for either catalogue")
    case .elsewhereP: TableColumn("elsewhere_p", .real, "probability that it is the counterpart of another source")
    case .isConsistent:
      TableColumn("consistent", .integer, "1: the expected magnitudes can add up to the measured one; 0: they cannot")
    case .pairP: inMatches("pair_p")
    case .raA: inMatches("a_ra_deg")
    case .decA: inMatches("a_dec_deg")
    case .raB: inMatches("b_ra_deg")
    case .decB: inMatches("b_dec_deg")
    case .otherRA: TableColumn("other_ra_deg", .real, "right ascension of the other source, as catalogued [deg]")
    case .otherDec: TableColumn("other_dec_deg", .real, "declination of it [deg]")
    case .flags: TableColumn("flags", .integer, "of the match, see xm_flags(flags)")
    case .rowidA: inMatches("a_rowid")
    case .rowidB: inMatches("b_rowid")
    case .otherRowid: TableColumn("other_rowid", .integer, "position of the other source in its catalogue's sky order")
    }
  }

  private func inMatches(_ name: String) -> TableColumn { MatchTables.column(name, of: .matches) }

  /// Where the sources of a row are named.
  static let layout = MatchLayout(pairsNamed: allCases.map(\.column.name))

  func value(_ row: BlendRow) -> SQLValue {
    switch self {
    case .blurred: .text(row.blurredIsA ? "a" : "b")
    case .idA: SQLValue(row.a.id)
    case .idB: SQLValue(row.b.id)
    case .otherID: SQLValue(row.other.id)
    case .separation: SQLValue(row.separationArcsec)
    case .insideP: SQLValue(row.insideP)
    case .fluxShare: SQLValue(row.fluxShare)
    case .fluxShareError: SQLValue(row.fluxShareError)
    case .foreignShare: SQLValue(row.foreignShare)
    case .foreignShareError: SQLValue(row.foreignShareError)
    case .unseenShare: SQLValue(row.unseenShare)
    case .elsewhereP: SQLValue(row.elsewhereP)
    case .isConsistent: row.isConsistent.map { .integer($0 ? 1 : 0) } ?? .null
    case .pairP: SQLValue(row.pairP)
    case .raA: SQLValue(row.a.raDegrees)
    case .decA: SQLValue(row.a.decDegrees)
    case .raB: SQLValue(row.b.raDegrees)
    case .decB: SQLValue(row.b.decDegrees)
    case .otherRA: SQLValue(row.other.raDegrees)
    case .otherDec: SQLValue(row.other.decDegrees)
    case .flags: .integer(row.flags.rawValue)
    case .rowidA: .integer(row.a.rowid)
    case .rowidB: .integer(row.b.rowid)
    case .otherRowid: .integer(row.other.rowid)
    }
  }
}
