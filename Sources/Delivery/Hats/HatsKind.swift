internal import CatalogStore

/// What a HATS catalogue of a match is.
public enum HatsKind: Sendable, Hashable {
  /// Pairs of identifiers, with what the match found: joins the catalogues of a and b.
  case association
  /// The columns of both catalogues with what the match found, as one catalogue of objects.
  case joined
}

extension HatsKind {
  /// The column of a pair's separation.
  static let separation = "separation_arcsec"

  /// What a catalogue of two others is called.
  func name(_ a: CatalogueInfo, _ b: CatalogueInfo) -> String {
    self == .association ? "\(a.name)_x_\(b.name)_association" : "\(a.name)_x_\(b.name)"
  }

  /// Its columns behind the HEALPix index, by name.
  /// - Parameter given: Those of `--columns`; nil for the usual ones.
  func columns(_ choice: TableChoice, _ given: [String]?) -> [String] {
    let always = self == .association ? ["a_id", "b_id"] : ["a_ra_deg", "a_dec_deg"]
    let usual =
      self == .association
      ? [Self.separation, "pair_p", "match_p", "eta", "xi", "flags"] : TableExport.columnsOfBoth(choice)
    return always + (given ?? usual).filter { !always.contains($0) && $0 != "*" }
      + (given?.contains("*") == true ? TableLayout.pool(choice.parts).map(\.name).filter { !always.contains($0) } : [])
  }

  /// Refuses rows that it cannot have.
  /// - Throws: `StoreError.usage`.
  func check(_ choice: TableChoice, _ a: CatalogueInfo, _ b: CatalogueInfo) throws {
    guard ![.either, .all2, .onlySecond].contains(choice.join) else {
      throw StoreError(
        .usage, "--join",
        "\(choice.join.rawValue) has rows without a source of \(a.name), by which a HATS catalogue is divided; allowed: 1and2, all1, "
          + "1not2, or exchange the catalogues")
    }
    guard self == .association else { return }
    guard choice.join == .both else {
      throw StoreError(
        .usage, "--join",
        "\(choice.join.rawValue) has rows without a pair, and an association is of pairs; add --joined")
    }
    for info in [a, b] where info.column(role: "id") == nil {
      throw StoreError(
        .usage, info.name,
        "has no id that an association could join by; ingest it with --map id=COLUMN, or export with --joined")
    }
  }
}
