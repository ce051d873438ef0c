public import CatalogStore
import Indexing

/// A catalogue for tests, given as arrays, and the ways to put it into a database without any file format.
///
///     let sky = try TestSky()
///     try sky.add(TestCatalogue("gaia", Sky.cap(…), sigmaArcsec: 0.1, ids: .integers(100)))
///
/// It goes the way that an ingest goes: sorted by (index, id), written through `ShardWriter`, with the coverage map that
/// `CoverageBuilder` makes, and published through the registry.
public struct TestCatalogue: Sendable {
  /// A column besides id, position, error, motion, epoch and magnitude.
  public struct Extra: Sendable {
    /// Its name, which may be any text.
    public var name: String
    /// REAL, INTEGER, TEXT or BLOB.
    public var sqlType: String
    /// One value a source.
    public var values: [Value]
    /// The type in the input; nil for that which is stored so.
    public var inputType: String?

    /// Makes a column.
    public init(_ name: String, _ sqlType: String, _ values: [Value], inputType: String? = nil) {
      self.inputType = inputType
      self.name = name
      self.sqlType = sqlType
      self.values = values
    }
  }

  /// A value of an extra column.
  public enum Value: Sendable, Hashable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
  }

  /// Its name.
  public var name: String
  /// Positions as the file would have them: right ascensions such as −10 are allowed.
  public var sky: Sky
  /// Errors to the east, arcsec.
  public var sigmaX: [Double]
  /// Errors to the north, arcsec.
  public var sigmaY: [Double]
  /// Correlation of the two.
  public var correlation: [Double]
  /// Identifiers.
  public var ids: SourceIDs = .none
  /// Name of the id column.
  public var idName = "source_id"
  /// Name of the column of right ascensions.
  public var raName = "ra"
  /// Name of the column of declinations.
  public var decName = "dec"
  /// Proper motions, mas/yr; empty where the catalogue has none, NaN where unknown.
  public var motionRA: [Double] = []
  /// Likewise in declination.
  public var motionDec: [Double] = []
  /// Their error, mas/yr.
  public var motionSigma: Double = 0.1
  /// The epoch of all positions, or one a row; empty where it is unknown.
  public var epochs: [Double] = []
  /// Magnitudes in one band, NaN where missing; empty where there are none.
  public var magnitudes: [Double] = []
  /// Whether the registry knows how many sources there are by magnitude, as after an ingest.
  public var countsMagnitudes = false
  /// More columns.
  public var extras: [Extra] = []
  /// Sources in one shard, at most, unless they lie in one tiny pixel.
  public var sourcesPerShard = 1000

  /// A catalogue with circular errors and integer ids from 1000 on, in the given order.
  public init(_ name: String, _ sky: Sky, sigmaArcsec: Double = 0.1) {
    self.name = name
    self.sky = sky
    sigmaX = Array(repeating: sigmaArcsec, count: sky.count)
    sigmaY = sigmaX
    correlation = Array(repeating: 0, count: sky.count)
    ids = .integer((0..<Int64(sky.count)).map { 1000 + $0 }, nulls: [])
  }

  var isCircular: Bool { sigmaX == sigmaY && correlation.allSatisfy { $0 == 0 } }

  /// Right ascension in [0, 360), as the narrow form has it.
  public func normalisedRA(_ row: Int) -> Double {
    let ra = sky.raDegrees[row]
    if ra >= 0 && ra < 360 { return ra }
    let turned = ra - 360 * (ra / 360).rounded(.down)
    return turned < 360 ? turned : 0
  }

  var layout: NarrowLayout {
    let kind: NarrowLayout.IDKind =
      switch ids {
      case .none: .none
      case .integer: .integer
      case .text: .text
      }
    return SampleLayout(
      isCircular: isCircular, hasMotion: !motionRA.isEmpty, hasEpoch: epochs.count > 1,
      bands: magnitudes.isEmpty ? [] : ["G"], hasBestBand: false
    ).layout(kind)
  }

  /// The order-29 index of every source.
  public var healpix29: [Int64] {
    Healpix29.indices(raDegrees: (0..<sky.count).map(normalisedRA), decDegrees: sky.decDegrees)
  }

  /// The rows in rowid order: element r is the row, in the given order, of the source with rowid r.
  public var rowsByRowid: [Int] {
    let index = healpix29
    return (0..<sky.count).sorted { left, right in
      if index[left] != index[right] { return index[left] < index[right] }
      return precedes(ids.id(at: left), ids.id(at: right)) ?? (left < right)
    }
  }

  private func precedes(_ left: SourceID, _ right: SourceID) -> Bool? {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): left == right ? nil : left < right
    case (.text(let left), .text(let right)): left == right ? nil : left.utf8.lexicographicallyPrecedes(right.utf8)
    case (.null, .null): nil
    case (.null, _): true
    case (_, .null): false
    default: nil
    }
  }
}

/// A database in a private folder that vanishes with its owner.
public final class TestSky: Sendable {
  private let workdir: Workdir
  /// The database.
  public let database: SkyDatabase

  /// An empty database.
  public init() throws {
    bootSQLite()
    workdir = try Workdir("xmdb-sky")
    database = try SkyDatabase.openOrCreate(at: workdir.path("sky.xmdb"))
  }

  /// Its folder.
  public var path: String { database.path }

  /// Writes and publishes a catalogue; one of the same name gets a new generation.
  @discardableResult
  public func add(_ catalogue: TestCatalogue) throws -> CatalogueInfo {
    let lock = try database.lockForWriting()
    defer { _ = lock }
    let registry = try database.writableRegistry()
    let writer = TestCatalogueWriter(catalogue, number: try registry.nextNumber(of: catalogue.name))
    let (info, coverage) = try writer.write(below: database.path)
    try registry.publish(info, coverage: coverage)
    try database.removeLeftovers(holding: lock)
    return try registry.catalogue(catalogue.name)
  }
}
