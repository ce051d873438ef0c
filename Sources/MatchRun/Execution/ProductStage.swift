internal import CatalogStore
internal import Indexing

/// A stage whose product is kept in the registry, one payload for each piece: it needs no table and no messages of its own, and its
/// product is shown by `Registry.products`.
protocol ProductStage: Stage {
  /// The number of pieces.
  var count: Int { get }
  /// The pixel of a piece.
  func pixel(_ position: Int) -> HealpixPixel
}

extension ProductStage {
  func begin(_ ledger: RunLedger) throws -> StageWork? {
    let known = try ledger.beginProducts(id.name)
    return StageWork(left: (0..<count).filter { !known.contains($0) }, total: count)
  }

  func record(_ report: PieceReport, of position: Int, in ledger: RunLedger) {
    ledger.add(
      RunProduct(
        name: id.name, position: position, pixel: pixel(position), inputs: report.inputs, payload: report.payload))
  }
}
