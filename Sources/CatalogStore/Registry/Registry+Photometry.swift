public import Indexing

/// One photometric class of a run: a range of magnitudes in one band of one catalogue.
public struct RunClass: Sendable, Equatable {
  /// Whether the catalogue is the first one.
  public var isA: Bool
  /// Its number on that side, from 0.
  public var number: Int
  /// The band's name.
  public var band: String
  /// Bright limit, mag, inclusive.
  public var brightest: Double
  /// Faint limit, mag, exclusive.
  public var faintest: Double

  /// Makes an entry.
  public init(isA: Bool, number: Int, band: String, brightest: Double, faintest: Double) {
    self.isA = isA
    self.number = number
    self.band = band
    self.brightest = brightest
    self.faintest = faintest
  }
}

/// A part of the sky whose pairs were counted together.
public enum MeasuredSky: Sendable, Hashable {
  /// One pixel.
  case pixel(HealpixPixel)
  /// All of it.
  case whole

  /// Order and index; −1 and 0 stand for the whole sky.
  public var orderAndIndex: (order: Int, index: Int64) {
    switch self {
    case .pixel(let pixel): (pixel.order, pixel.index)
    case .whole: (-1, 0)
    }
  }
}

/// One region of a run and the densities that its pairs are judged with, deg⁻².
public struct RunRegion: Sendable, Equatable {
  /// The pixel.
  public var pixel: HealpixPixel
  /// Area that both catalogues cover in it, deg².
  public var areaDegrees2: Double
  /// Sources of a in that area.
  public var countA: Double
  /// Sources of b in it.
  public var countB: Double
  /// N_c.
  public var counterparts: Double
  /// Its 1-σ error; nil if it comes from counts.
  public var counterpartsError: Double?
  /// N_A.
  public var unmatchedA: Double
  /// N_B.
  public var unmatchedB: Double
  /// Whose pairs were counted: the region itself or a coarser pixel; nil: the densities come from counts.
  public var measuredIn: MeasuredSky?
  /// What its sources are marked with.
  public var flags: MatchFlags
  /// The densities of every band pair, by band of a, then of b; empty where the method does not tell them apart.
  public var bandPairs: [RunBandPair]

  /// Makes an entry.
  public init(
    pixel: HealpixPixel, areaDegrees2: Double, countA: Double, countB: Double, counterparts: Double,
    counterpartsError: Double?, unmatchedA: Double, unmatchedB: Double, measuredIn: MeasuredSky?, flags: MatchFlags,
    bandPairs: [RunBandPair] = []
  ) {
    self.pixel = pixel
    self.areaDegrees2 = areaDegrees2
    self.countA = countA
    self.countB = countB
    self.counterparts = counterparts
    self.counterpartsError = counterpartsError
    self.unmatchedA = unmatchedA
    self.unmatchedB = unmatchedB
    self.measuredIn = measuredIn
    self.flags = flags
    self.bandPairs = bandPairs
  }
}

/// How magnitudes tell counterparts, as measured in one pixel.
public struct RunPhotometry: Sendable, Equatable {
  /// Whose pairs were counted.
  public var sky: MeasuredSky
  /// c by class of a, then of b; then f of a, then f of b.
  public var shares: [Double]

  /// Makes an entry.
  public init(sky: MeasuredSky, shares: [Double]) {
    self.sky = sky
    self.shares = shares
  }
}

/// What the pairs of one part of the sky are judged by.
public struct RunPairModel: Sendable, Equatable {
  /// Whose pairs were counted.
  public var sky: MeasuredSky
  /// In the form of the method that measured it.
  public var payload: [UInt8]

  /// Makes an entry.
  public init(sky: MeasuredSky, payload: [UInt8]) {
    self.sky = sky
    self.payload = payload
  }
}

/// What a run measured before it paired anything.
public struct RunMeasurement: Sendable, Equatable {
  /// The photometric classes; empty without photometry.
  public var classes: [RunClass]
  /// All regions, along the curve.
  public var regions: [RunRegion]
  /// The pixels with photometry.
  public var photometry: [RunPhotometry]
  /// The pixels with a model of pairs.
  public var pairModels: [RunPairModel]

  /// Makes one.
  public init(
    classes: [RunClass], regions: [RunRegion], photometry: [RunPhotometry], pairModels: [RunPairModel] = []
  ) {
    self.classes = classes
    self.regions = regions
    self.photometry = photometry
    self.pairModels = pairModels
  }
}

extension Registry {
  /// Records the photometric classes of a run in one transaction, before any region is measured.
  public func record(_ classes: [RunClass], of id: Int64) throws {
    try connection.transaction {
      try seals.changing("run_class", of: .run, id) {
        try run("DELETE FROM run_class WHERE run = ?") { $0.bind(1, id) }
        for entry in classes { try insert(entry, id) }
      }
    }
  }

  /// Records what was measured in some regions of a run, by their positions along the curve, in one transaction.
  public func record(
    _ regions: [(position: Int, region: RunRegion)], photometry: [RunPhotometry], pairModels: [RunPairModel] = [],
    of id: Int64
  ) throws {
    let positions = regions.map { [Int64($0.position)] }
    func keys(_ skies: [MeasuredSky]) -> [[Int64]] {
      Array(Set(skies.map { [Int64($0.orderAndIndex.order), $0.orderAndIndex.index] }))
    }
    try connection.transaction {
      try seals.changing("run_region", of: .run, id, where: "position = ?2", keys: positions) {
        for (position, region) in regions { try insert(region, position, id) }
      }
      try seals.changing("run_band_pair", of: .run, id, where: "position = ?2", keys: positions) {
        for (position, region) in regions {
          for (pair, entry) in region.bandPairs.enumerated() { try insert(entry, pair, ofRegion: position, id) }
        }
      }
      try seals.changing(
        "run_photometry", of: .run, id, where: "\"order\" = ?2 AND pixel = ?3", keys: keys(photometry.map(\.sky))
      ) { for entry in photometry { try insert(entry, id) } }
      try seals.changing(
        "run_pair_model", of: .run, id, where: "\"order\" = ?2 AND pixel = ?3", keys: keys(pairModels.map(\.sky))
      ) { for entry in pairModels { try insert(entry, id) } }
    }
  }

  private func insert(_ entry: RunClass, _ id: Int64) throws {
    try run("INSERT INTO run_class VALUES (?, ?, ?, ?, ?, ?)") {
      $0.bind(1, id)
      $0.bind(2, entry.isA ? "a" : "b")
      $0.bind(3, entry.number)
      $0.bind(4, entry.band)
      $0.bind(5, entry.brightest)
      $0.bind(6, entry.faintest)
    }
  }

  private func insert(_ region: RunRegion, _ position: Int, _ id: Int64) throws {
    try run("INSERT INTO run_region VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)") {
      $0.bind(1, id)
      $0.bind(2, position)
      $0.bind(3, region.pixel.order)
      $0.bind(4, region.pixel.index)
      $0.bind(5, region.areaDegrees2)
      $0.bind(6, region.countA)
      $0.bind(7, region.countB)
      $0.bind(8, region.counterparts)
      $0.bind(9, region.counterpartsError)
      $0.bind(10, region.unmatchedA)
      $0.bind(11, region.unmatchedB)
      if let sky = region.measuredIn {
        $0.bind(12, sky.orderAndIndex.order)
        $0.bind(13, sky.orderAndIndex.index)
      }
      $0.bind(14, region.flags.rawValue)
    }
  }

  private func insert(_ entry: RunPhotometry, _ id: Int64) throws {
    try run("INSERT OR REPLACE INTO run_photometry VALUES (?, ?, ?, ?)") {
      $0.bind(1, id)
      $0.bind(2, entry.sky.orderAndIndex.order)
      $0.bind(3, entry.sky.orderAndIndex.index)
      $0.bindBlob(4, copying: entry.shares.map { $0.bitPattern.littleEndian })
    }
  }

  private func insert(_ entry: RunPairModel, _ id: Int64) throws {
    try run("INSERT OR REPLACE INTO run_pair_model VALUES (?, ?, ?, ?)") {
      $0.bind(1, id)
      $0.bind(2, entry.sky.orderAndIndex.order)
      $0.bind(3, entry.sky.orderAndIndex.index)
      $0.bindBlob(4, copying: entry.payload)
    }
  }

  /// What a run measured; nil if it has not come that far.
  public func measurement(of id: Int64) throws -> RunMeasurement? {
    try sound(.run, id, Self.measured + ["run_class"]) { try readMeasurement(of: id) }
  }

  /// The tables of what was measured of regions.
  private static let measured = ["run_region", "run_photometry", "run_band_pair", "run_pair_model"]

  private func readMeasurement(of id: Int64) throws -> RunMeasurement? {
    let regions = try regions("run = ?1 ORDER BY position", id)
    if regions.isEmpty { return nil }
    return RunMeasurement(
      classes: try classes(of: id), regions: regions.map(\.region), photometry: try photometry("run = ?1", id),
      pairModels: try pairModels("run = ?1", id))
  }

  /// The positions of the regions that a run has measured so far.
  public func measuredRegions(of id: Int64) throws -> [Int] {
    try sound(.run, id, Self.measured) {
      try rows("SELECT position FROM run_region WHERE run = ? ORDER BY position", id) { $0.int(0) }
    }
  }

  /// What a run measured of one region, without the classes; nil if it has not.
  public func measurement(of id: Int64, region position: Int) throws -> RunMeasurement? {
    try sound(.run, id, Self.measured) { try readMeasurement(of: id, region: position) }
  }

  private func readMeasurement(of id: Int64, region position: Int) throws -> RunMeasurement? {
    guard let region = try regions("run = ?1 AND position = \(position)", id).first?.region else { return nil }
    guard let sky = region.measuredIn?.orderAndIndex else {
      return RunMeasurement(classes: [], regions: [region], photometry: [])
    }
    let condition = "run = ?1 AND \"order\" = \(sky.order) AND pixel = \(sky.index)"
    return RunMeasurement(
      classes: [], regions: [region], photometry: try photometry(condition, id),
      pairModels: try pairModels(condition, id))
  }

  /// How many regions of a run have a measured number of counterparts, and in how many of these it is less than two of its errors.
  public func measuredCounterparts(of id: Int64) throws -> (regions: Int, uncertain: Int) {
    try sound(.run, id, Self.measured) {
      try rows("SELECT count(n_c_error), coalesce(sum(n_c < 2 * n_c_error), 0) FROM run_region WHERE run = ?", id) {
        ($0.int(0), $0.int(1))
      }.first ?? (0, 0)
    }
  }

  private func regions(_ condition: String, _ id: Int64) throws -> [(position: Int, region: RunRegion)] {
    let bandPairs = try bandPairs(condition, id)
    return try rows(
      """
      SELECT "order", pixel, area_deg2, count_a, count_b, n_c, n_c_error, n_a, n_b, measured_order, measured_pixel,
        flags, position
      FROM run_region WHERE \(condition)
      """, id
    ) { row in
      let region = RunRegion(
        pixel: try pixel(order: row.int(0), index: row.int64(1)), areaDegrees2: row.double(2), countA: row.double(3),
        countB: row.double(4), counterparts: row.double(5), counterpartsError: row.optionalDouble(6),
        unmatchedA: row.double(7), unmatchedB: row.double(8),
        measuredIn: row.isNull(9) ? nil : try measuredSky(order: row.int(9), index: row.int64(10)),
        flags: MatchFlags(rawValue: row.int64(11)), bandPairs: bandPairs[row.int(12)] ?? [])
      return (row.int(12), region)
    }
  }

  private func measuredSky(order: Int, index: Int64) throws -> MeasuredSky {
    order < 0 ? .whole : .pixel(try pixel(order: order, index: index))
  }

  private func classes(of id: Int64) throws -> [RunClass] {
    try rows("SELECT side, class, band, brightest, faintest FROM run_class WHERE run = ? ORDER BY side, class", id) {
      RunClass(
        isA: $0.text(0) == "a", number: $0.int(1), band: $0.text(2), brightest: $0.double(3), faintest: $0.double(4))
    }
  }

  private func pairModels(_ condition: String, _ id: Int64) throws -> [RunPairModel] {
    try rows(
      "SELECT \"order\", pixel, model FROM run_pair_model WHERE \(condition) ORDER BY \"order\", pixel", id
    ) { row in
      RunPairModel(
        sky: try measuredSky(order: row.int(0), index: row.int64(1)), payload: row.withBytes(2) { Array($0) })
    }
  }

  private func photometry(_ condition: String, _ id: Int64) throws -> [RunPhotometry] {
    try rows(
      "SELECT \"order\", pixel, shares FROM run_photometry WHERE \(condition) ORDER BY \"order\", pixel", id
    ) { row in
      RunPhotometry(
        sky: try measuredSky(order: row.int(0), index: row.int64(1)),
        shares: row.withBytes(2) { bytes in
          stride(from: 0, to: bytes.count - 7, by: 8).map {
            Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self)))
          }
        })
    }
  }
}
