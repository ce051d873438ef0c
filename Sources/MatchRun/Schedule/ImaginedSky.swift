internal import CatalogStore
internal import Glibc
public import Indexing

/// Skies that nobody has on disk, as chunks: for the question how long a match of them would take.
///
/// A sky is a list of fields of even density. Each is cut as a plan cuts: into the coarsest pixels that hold at most so many
/// sources of both catalogues.
public struct ImaginedSky: Sendable {
  /// A part of the sky of even density.
  public struct Field: Sendable {
    /// Its area, deg².
    public var areaDegrees2: Double
    /// Sources of the first catalogue.
    public var sourcesA: Double
    /// Sources of the second catalogue.
    public var sourcesB: Double
  }

  /// How pairs are found on it.
  public struct Errors: Sendable {
    /// The largest separation at which a pair is sought: the halo's width follows from it.
    public var reach = Angle.arcseconds(10)
    /// Typical 1-σ error of the offset of a pair, arcsec per coordinate: chance pairs follow from it.
    public var sigmaArcsec = 0.3

    /// 10″ and 0.3″.
    public init() {}
  }

  /// The fields.
  public let fields: [Field]

  /// - Parameter fields: In any order.
  public init(_ fields: [Field]) { self.fields = fields }

  /// Sources of both catalogues.
  public var sources: Double { fields.reduce(0) { $0 + $1.sourcesA + $1.sourcesB } }

  /// Sources of both catalogues that a chunk of a plan for this sky holds at most.
  public var sourcesPerChunk: Double { MatchPlan.usualChunk(sources: sources) }

  /// The 1,558 fields of 25 deg² of the report's Gaia × CatWISE match: 64,000 to 30 million sources of Gaia and 680,000 to
  /// 4 million of CatWISE in each, as it says. Between these, the logarithm of the counts is a power of the field's rank
  /// such that the sums are those of Gaia DR3 (1.81·10⁹) and CatWISE2020 (1.89·10⁹).
  public static let report = ImaginedSky(
    zip(
      counts(64_000, 30_000_000, number: 1558, total: 1.81e9), counts(680_000, 4_000_000, number: 1558, total: 1.89e9)
    ).map { Field(areaDegrees2: 25, sourcesA: $0, sourcesB: $1) })

  /// A southern sky of 18,000 deg² with 30·10⁹ sources of LSST, and 10⁹ of another survey, in fields of 25 deg² whose
  /// densities differ by a factor of 100.
  public static let lsst = ImaginedSky(
    zip(counts(5e6, 5e8, number: 720, total: 30e9), counts(4e5, 4e6, number: 720, total: 1e9)).map {
      Field(areaDegrees2: 25, sourcesA: $0, sourcesB: $1)
    })

  /// `number` counts from `least` to `most` that add up to `total`: least (most / least)^(qᵖ) at ranks q from 0 to 1.
  static func counts(_ least: Double, _ most: Double, number: Int, total: Double) -> [Double] {
    func counts(_ power: Double) -> [Double] {
      (0..<number).map { least * pow(most / least, pow(Double($0) / Double(number - 1), power)) }
    }
    var (low, high) = (0.01, 100.0)
    for _ in 0..<60 {
      let middle = (low * high).squareRoot()
      // The larger the power, the fewer fields are dense.
      if counts(middle).reduce(0, +) > total { low = middle } else { high = middle }
    }
    return counts(low)
  }

  /// The work of a match.
  /// - Parameters:
  ///   - sourcesPerChunk: Sources of both catalogues that a chunk holds at most; nil: each field is one chunk.
  ///   - regionSeconds: Seconds for the densities of one region.
  public func work(
    sourcesPerChunk: Double?, errors: Errors = Errors(), costs: CostModel = CostModel(),
    regionSeconds: Double = 0.02
  ) -> ScheduleSimulation.Work {
    var work = ScheduleSimulation.Work()
    for field in fields {
      let (load, number) = Self.chunk(of: field, sourcesPerChunk, errors)
      work.counting += Array(repeating: costs.countingSeconds(load), count: number)
      work.matching += Array(repeating: costs.matchingSeconds(load), count: number)
    }
    let rarer = min(fields.reduce(0) { $0 + $1.sourcesA }, fields.reduce(0) { $0 + $1.sourcesB })
    let regions = min(PriorRegions.largestNumber, rarer / Double(MatchConfiguration().sourcesPerRegion))
    work.estimating = Array(repeating: regionSeconds, count: max(1, Int(regions)))
    return work
  }

  /// One of the alike chunks of a field, and how many there are.
  private static func chunk(of field: Field, _ most: Double?, _ errors: Errors) -> (ChunkLoad, Int) {
    let sources = field.sourcesA + field.sourcesB
    let finest = HealpixGeometry.safeOrder(reach: errors.reach) ?? 0
    func area(_ order: Int) -> Double { HealpixPixel.area(order: order) }
    let order = (0...max(0, finest)).first { order in
      guard let most else { return area(order) <= field.areaDegrees2 }
      return sources * area(order) / field.areaDegrees2 <= most && area(order) <= field.areaDegrees2
    }
    let number = most == nil ? 1 : max(1, Int((field.areaDegrees2 / area(order ?? finest)).rounded()))
    var load = ChunkLoad()
    (load.coreA, load.coreB) = (field.sourcesA / Double(number), field.sourcesB / Double(number))
    let cells = ChunkSky.cells(acrossOrder: order ?? finest, reach: errors.reach)
    (load.haloA, load.haloB) = (
      load.coreA * SkyLoads.strips(ChunkSky.rings, cells), load.coreB * SkyLoads.strips(ChunkSky.rings, cells)
    )
    load.ring = load.core * SkyLoads.strips(ChunkSky.countedRings, cells)
    let ellipse = .pi * 18.42 * errors.sigmaArcsec * errors.sigmaArcsec / (3600 * 3600)
    load.pairs =
      load.coreA * field.sourcesB / field.areaDegrees2 * ellipse + 0.5 * min(load.coreA, load.coreB)
    return (load, number)
  }
}
