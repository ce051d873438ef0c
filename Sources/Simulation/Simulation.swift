import Indexing

/// Two catalogues of one simulated sky, made pixel by pixel.
///
/// The rows follow from the model alone, to the bit. Memory is bounded by a batch and one pixel, whatever their number.
public struct Simulation: Sendable {
  /// What it simulates.
  public let model: SkyModel
  private let cells: SkyCells

  /// A simulation.
  /// - Throws: `SimulationError` when a setting is outside its range.
  public init(_ model: SkyModel) throws(SimulationError) {
    try model.check()
    self.model = model
    let margin = model.clusters.fraction > 0 ? Angle.arcseconds(model.clusters.radiusArcsec) : .zero
    cells = SkyCells(
      cover: model.region.cover(margin: margin), density: model.densities.total, profile: model.profile)
  }

  /// The number of objects to be expected, seen or not.
  public var expectedObjects: Double {
    model.densities.total * model.profile.effectiveAreaDegrees2(of: model.region)
  }

  /// What has been made so far.
  public struct Counts: Sendable, Hashable {
    /// Objects, seen or not.
    public var objects: Int64 = 0
    /// Rows of the first catalogue.
    public var rowsA: Int64 = 0
    /// Rows of the second catalogue.
    public var rowsB: Int64 = 0
    /// Objects of which both have a row.
    public var inBoth: Int64 = 0
  }

  /// Makes everything, and calls `body` with the rows of both catalogues in batches of at least `batchRows` together (the
  /// last one fewer) and what has been made up to there.
  /// - Parameter check: Called before every cell, some thousand objects; throws to stop.
  @discardableResult
  public func run(
    batchRows: Int = 65_536, check: () throws -> Void = {},
    _ body: (_ a: CatalogueRows, _ b: CatalogueRows, _ made: Counts) throws -> Void
  ) rethrows -> Counts {
    let key = RandomKey(seed: model.seed)
    var maker = ObjectMaker(model: model, key: key.with(0))
    var (a, b) = (Observer(.a, of: model, key: key), Observer(.b, of: model, key: key))
    var objects: [SkyObject] = []
    var counts = Counts()
    func lend() throws {
      counts.objects = maker.made
      counts.rowsA += Int64(a.rows.count)
      counts.rowsB += Int64(b.rows.count)
      try body(a.rows, b.rows, counts)
      a.rows.removeAll()
      b.rows.removeAll()
    }
    try cells.forEach { cell in
      try check()
      maker.fill(&objects, of: cell)
      a.observe(objects, cell: cell.pixel)
      b.observe(objects, cell: cell.pixel)
      counts.inBoth += zip(a.found, b.found).reduce(0) { $0 + ($1.0 && $1.1 ? 1 : 0) }
      if a.rows.count + b.rows.count >= batchRows { try lend() }
    }
    try lend()
    return counts
  }
}
