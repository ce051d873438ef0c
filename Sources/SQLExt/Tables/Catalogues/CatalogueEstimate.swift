import Indexing

/// What a scan of a catalogue is expected to cost and to give, in units of one row read by its rowid (about 1 µs).
struct CatalogueEstimate {
  private(set) var rows: Double
  private(set) var cost: Double
  private(set) var isSingleRow = false

  /// Opening a shard and finding the place.
  private static let start = 20.0
  /// The share of rows that a comparison with a value as yet unknown leaves over.
  private static let (equalShare, rangeShare) = (0.05, 0.25)

  init(_ request: PlanRequest, _ files: CatalogueFiles, _ layout: CatalogueLayout) {
    let total = Double(max(1, files.info.rows))
    let usable = request.constraints.filter { $0.isUsable && $0.operator.isPushable }
    func isEqual(_ column: Int?) -> Bool { usable.contains { $0.column == column && $0.operator.isEquality } }
    if isEqual(layout.rowid) || isEqual(-1) {
      (rows, cost, isSingleRow) = (1, 2, true)
      return
    }
    if layout.id != nil && isEqual(layout.id) || isEqual(layout.healpix) {
      (rows, cost) = (1, Self.start)
      // Any number of rows may be without id: IS finds them all.
      isSingleRow = files.info.duplicateIDs == 0 && usable.contains { $0.column == layout.id && $0.operator == .equal }
      return
    }
    let found = total * Self.skyShare(usable, files, layout) * Self.rowidShare(usable, layout, total)
    rows = found
    for constraint in usable where !layout.places(constraint.column) {
      rows *= constraint.operator.isEquality ? Self.equalShare : Self.rangeShare
    }
    // A row that is refused inside costs less than one that is handed on.
    cost = Self.start + found * 0.3 + rows * 0.7
  }

  private static func rowidShare(_ usable: [PlanConstraint], _ layout: CatalogueLayout, _ total: Double) -> Double {
    var range = NumberRange(from: 0, to: total)
    var unknown = 1.0
    for constraint in usable where layout.isRowid(constraint.column) {
      if let known = constraint.asFilter { range.narrow(by: known) } else { unknown *= rangeShare }
    }
    return range.isEmpty ? 0 : min(1, (range.upper - range.lower + 1) / total) * unknown
  }

  /// The share of the catalogue that constraints on index and position leave over.
  private static func skyShare(_ usable: [PlanConstraint], _ files: CatalogueFiles, _ layout: CatalogueLayout) -> Double
  {
    var ranges = [Int: NumberRange]()
    var unknown = 1.0
    for constraint in usable where [layout.healpix, layout.ra, layout.dec].contains(constraint.column) {
      if let known = constraint.asFilter {
        ranges[constraint.column, default: .all].narrow(by: known)
      } else {
        unknown *= 0.1
      }
    }
    let box = SkyBox(
      ra: layout.ra.flatMap { ranges[$0] }, dec: layout.dec.flatMap { ranges[$0] }, raDegrees: -360...720)
    let covered = files.info.shards.reduce(0) { $0 + HealpixPixel.area(order: $1.pixel.order) }
    let inBox = box.share >= 1 ? 1 : min(1, box.share * 41_253 / max(covered, 1e-9))
    let index = ranges[layout.healpix].map { range in
      min(1, max(0, min(range.upper, 0x1p62) - max(range.lower, 0)) / Double(Healpix29.count))
    }
    return inBox * (index ?? 1) * unknown
  }
}

extension CatalogueLayout {
  /// Whether comparisons with the column say where to look.
  func places(_ column: Int) -> Bool { isRowid(column) || column == healpix || column == ra || column == dec }
}

extension PlanConstraint {
  /// The constraint with its value, where that is known while planning.
  var asFilter: FilterConstraint? {
    value.map { FilterConstraint(column: column, operator: `operator`, value: $0) }
  }
}
