/// The match columns of a run of sources in sky order, one array per column.
public struct SourceColumns: Sendable {
  /// Which columns are present.
  public let layout: NarrowLayout
  /// Position of each source in its catalogue's sky order.
  public var rowid: [Int64] = []
  /// HEALPix index, order 29, NESTED, at the catalogue's own epoch.
  public var healpix29: [Int64] = []
  /// The numbers, in the order of `layout.columns`.
  public var columns: [[Double]]
  /// Identifiers.
  public var ids: SourceIDs

  /// No sources yet.
  public init(layout: NarrowLayout) {
    self.layout = layout
    columns = Array(repeating: [], count: layout.width)
    ids = SourceIDs(kind: layout.id)
  }

  /// Makes room for so many sources.
  mutating func reserve(_ count: Int) {
    rowid.reserveCapacity(count)
    healpix29.reserveCapacity(count)
    for column in columns.indices { columns[column].reserveCapacity(count) }
  }

  /// The number of sources.
  public var count: Int { rowid.count }
  /// Right ascension, degrees.
  public var raDegrees: [Double] { columns[0] }
  /// Declination, degrees.
  public var decDegrees: [Double] { columns[1] }
  /// Variance of the position to the east, arcsec².
  public var varianceX: [Double] { columns[2] }
  /// Variance of the position to the north, arcsec².
  public var varianceY: [Double] { self[.varianceY] ?? varianceX }
  /// Covariance of east and north, arcsec²; nil for circular errors.
  public var covarianceXY: [Double]? { self[.covarianceXY] }
  /// Magnitudes by band.
  public var magnitudes: [[Double]] {
    zip(layout.columns, columns).compactMap { if case .magnitude = $0.quantity { $1 } else { nil } }
  }

  /// The values of a quantity; nil when the catalogue does not have it.
  public subscript(quantity: NarrowColumn.Quantity) -> [Double]? { layout.place(of: quantity).map { columns[$0] } }
}
