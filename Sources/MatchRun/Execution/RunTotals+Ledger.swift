internal import CatalogStore

extension RunTotals {
  /// Every source must be in exactly one row, or the run fails.
  /// - Throws: `StoreError.damaged` for the catalogue that has another number of rows than sources, or as many rows but other
  ///   sources in them.
  func requireEverySourceOnce(_ a: CatalogueInfo, _ b: CatalogueInfo) throws {
    try require(nonmatchesA, rowidsA, a)
    try require(nonmatchesB, rowidsB, b)
  }

  private func require(_ unmatched: Int64, _ rowids: Int64, _ info: CatalogueInfo) throws {
    let advice = "run `xmdb verify \(info.name)`, then match again with --redo"
    if matches.saturatingAdd(unmatched) != info.rows {
      throw StoreError(
        .damaged, info.name,
        "the ledger does not close: \(matches) matched + \(unmatched) unmatched ≠ \(info.rows) sources; \(advice)")
    }
    if rowids != RowidDigest.sum(below: info.rows) {
      throw StoreError(
        .damaged, info.name,
        "the ledger does not close: of \(info.rows) sources some are in no row and others in several; \(advice)")
    }
  }
}
