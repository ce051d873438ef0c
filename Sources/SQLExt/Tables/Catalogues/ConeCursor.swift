import CatalogStore
import Indexing
import Match

/// Goes through the sources inside a cone, one shard after the other.
final class ConeCursor: VirtualCursor {
  private let files: CatalogueFiles
  private let center: SkyPosition
  private let radius: Angle
  private let cover: PixelRangeSet
  private let context: XMDBContext
  private var shards: ArraySlice<Int>
  private var sources: SourceColumns
  /// Rows of `sources` inside the cone, with their separations.
  private var inside: [(row: Int, separation: Angle)] = []
  private var position = 0

  init(_ files: CatalogueFiles, center: SkyPosition, radius: Angle, _ context: XMDBContext) throws {
    self.files = files
    self.center = center
    self.radius = radius
    self.context = context
    cover = .cone(center: center, radius: radius)
    shards = files.shards(in: cover)[...]
    sources = SourceColumns(layout: files.info.layout.forMatching)
    super.init()
    try readOn()
  }

  override var isAtEnd: Bool { position >= inside.count }

  override func next() throws {
    position += 1
    if position == inside.count { try readOn() }
  }

  /// Reads shards until one has sources inside, or none is left.
  private func readOn() throws {
    inside.removeAll(keepingCapacity: true)
    position = 0
    while inside.isEmpty, let shard = shards.popFirst() {
      try context.checkInterrupt()
      sources = SourceColumns(layout: files.info.layout.forMatching)
      try files.shard(shard, context).narrow().read(cover, into: &sources)
      context.counters.shardsRead += 1
      keepInside()
    }
  }

  private func keepInside() {
    let (ra, dec) = (sources.raDegrees, sources.decDegrees)
    for row in ra.indices {
      let separation = separation(
        ra1Degrees: center.raDegrees, dec1Degrees: center.decDegrees, ra2Degrees: ra[row], dec2Degrees: dec[row])
      if separation <= radius { inside.append((row, separation)) }
    }
  }

  override func column(_ index: Int, into result: borrowing ResultContext) throws {
    guard let column = ConeColumn(rawValue: index) else { return }
    let (row, separation) = inside[position]
    switch column {
    case .id: result.set(SQLValue(sources.ids.id(at: row)))
    case .ra: result.set(sources.raDegrees[row])
    case .dec: result.set(sources.decDegrees[row])
    case .separation: result.set(separation.arcseconds)
    case .sigma: result.set(sigma(row))
    case .motionRA: result.set(sources[.pmRA]?[row] ?? .nan)
    case .motionDec: result.set(sources[.pmDec]?[row] ?? .nan)
    case .epoch: result.set(sources[.epoch]?[row] ?? files.info.epochYears ?? .nan)
    case .rowid: result.set(sources.rowid[row])
    case .healpix29: result.set(sources.healpix29[row])
    }
  }

  /// The current source's id, rowid and separation from the centre.
  var current: (id: SQLValue, rowid: Int64, separation: Angle) {
    let (row, separation) = inside[position]
    return (SQLValue(sources.ids.id(at: row)), sources.rowid[row], separation)
  }

  private func sigma(_ row: Int) -> Double {
    PositionCovariance(
      xx: sources.varianceX[row], yy: sources.varianceY[row], xy: sources.covarianceXY?[row] ?? 0
    ).largestSigma
  }

  override var rowid: Int64? { sources.rowid[inside[position].row] }
}

extension SQLValue {
  init(_ id: SourceID) {
    switch id {
    case .integer(let value): self = .integer(value)
    case .text(let value): self = .text(value)
    case .null: self = .null
    }
  }
}
