import Indexing

/// Two catalogues of one crowded sky, in which faint objects hide in the sources of either.
///
/// The rows follow from the model alone, to the bit. Memory holds the objects that can be detected, some 140 bytes each; the
/// many fainter ones pass by cell by cell.
public struct CrowdedSimulation: Sendable {
  /// What it simulates.
  public let model: CrowdedSkyModel
  private let key: RandomKey
  private let cells: CrowdedCells

  /// A simulation.
  /// - Throws: `SimulationError` when a setting is outside its range.
  public init(_ model: CrowdedSkyModel) throws(SimulationError) {
    try model.check()
    self.model = model
    key = RandomKey(seed: model.seed)
    cells = CrowdedCells(model, key: key.with(0))
    try checkMemory()
  }

  private static let mostDetectable = 2e8
  private static let mostPairs = 5e8

  /// Refuses what would need tens of gigabytes: objects that can be detected, and pairs of them within a blend radius.
  private func checkMemory() throws(SimulationError) {
    let area = cells.cover.areaDegrees2
    let ofA = model.objectsPerDegree2(model.detectable)
    let ofB = model.objectsPerDegree2(model.brightest...min(model.faintest, model.b.faintestDetectable))
    let pairs = area * max(ofA * ofA * model.a.blendArea, ofB * ofB * model.b.blendArea)
    if area * ofA <= Self.mostDetectable && pairs <= Self.mostPairs { return }
    throw SimulationError(
      setting: "region",
      message:
        "has about \(area * ofA) objects that a or b may find, and \(pairs) pairs of them within a blend radius; allowed: "
        + "\(Self.mostDetectable) and \(Self.mostPairs); give a smaller region, density or FWHM, or brighter limits")
  }

  /// The number of objects to be expected, in the cells that hold the region.
  public var expectedObjects: Double {
    model.objectsPerDegree2(model.brightest...model.faintest) * cells.cover.areaDegrees2
  }

  /// What has been made so far.
  public struct Counts: Sendable, Hashable {
    /// Objects in the cells that hold the region, seen or not.
    public var objects: Int64 = 0
    /// Rows of the first catalogue.
    public var rowsA: Int64 = 0
    /// Rows of the second catalogue.
    public var rowsB: Int64 = 0
    /// Objects that are sources of both.
    public var inBoth: Int64 = 0
    /// Objects hidden in sources of the first, each counted once.
    public var hiddenInA: Int64 = 0
    /// Objects hidden in sources of the second, each counted once.
    public var hiddenInB: Int64 = 0
  }

  /// Makes everything, and calls `body` with the rows of both catalogues in batches of at least `batchRows` together (the
  /// last one fewer) and what has been made up to there.
  /// - Parameter check: Called before every cell, some thousand objects; throws to stop.
  @discardableResult
  public func run(
    batchRows: Int = 65_536, check: () throws -> Void = {},
    _ body: (_ a: CatalogueRows, _ b: CatalogueRows, _ made: Counts) throws -> Void
  ) throws -> Counts {
    let objects = try detectableObjects(check)
    var a = BlendCatalogue(.a, of: model, key: key, objects: objects, cells: cells)
    var b = BlendCatalogue(.b, of: model, key: key, objects: objects, cells: cells)
    let isPeak = PeakMarks(count: objects.count, a: a.found, b: b.found)
    var counts = Counts(inBoth: isPeak.inBoth { contains(objects[$0]) })
    func lend() throws {
      (counts.hiddenInA, counts.hiddenInB) = (a.hidden, b.hidden)
      counts.rowsA += Int64(a.rows.count)
      counts.rowsB += Int64(b.rows.count)
      try body(a.rows, b.rows, counts)
      a.rows.removeAll()
      b.rows.removeAll()
    }
    var next = 0
    try cells.forEach { cell in
      try check()
      let (hostsA, hostsB) = (a.hosts(around: cell), b.hosts(around: cell))
      while next < objects.count && cell.contains(healpix29: objects[next].healpix29) {
        let vector = Healpix29.position(of: objects[next].healpix29).unitVector
        if !isPeak.a[next] { a.hide(objects[next], vector, among: hostsA) }
        if !isPeak.b[next] { b.hide(objects[next], vector, among: hostsB) }
        next += 1
        counts.objects += 1
      }
      cells.forEachObject(in: cell, detectable: false) { object in
        let vector = Healpix29.position(of: object.healpix29).unitVector
        a.hide(object, vector, among: hostsA)
        b.hide(object, vector, among: hostsB)
        counts.objects += 1
      }
      a.finish(after: cell, objects: objects, region: model.region)
      b.finish(after: cell, objects: objects, region: model.region)
      if a.rows.count + b.rows.count >= batchRows { try lend() }
    }
    try lend()
    return counts
  }

  private func contains(_ object: CrowdedObject) -> Bool {
    let place = Healpix29.position(of: object.healpix29)
    return model.region.contains(raDegrees: place.raDegrees, decDegrees: place.decDegrees)
  }

  /// Everything that either catalogue may detect, along the curve.
  private func detectableObjects(_ check: () throws -> Void) throws -> [CrowdedObject] {
    var objects: [CrowdedObject] = []
    try cells.forEach { cell in
      try check()
      let first = objects.count
      cells.forEachObject(in: cell, detectable: true) { objects.append($0) }
      objects[first...].sort { $0.healpix29 < $1.healpix29 }
    }
    return objects
  }
}

/// Which of the objects that can be detected are sources.
private struct PeakMarks {
  private(set) var a: [Bool]
  private(set) var b: [Bool]

  init(count: Int, a found: BlendPeaks, b foundB: BlendPeaks) {
    a = Array(repeating: false, count: count)
    b = a
    for peak in found.peaks { a[peak.object] = true }
    for peak in foundB.peaks { b[peak.object] = true }
  }

  /// How many are sources of both and lie where they count.
  func inBoth(_ counts: (Int) -> Bool) -> Int64 {
    a.indices.reduce(0) { $0 + (a[$1] && b[$1] && counts($1) ? 1 : 0) }
  }
}
