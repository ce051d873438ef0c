internal import CatalogStore
internal import Glibc
public import Indexing

/// Skies that nobody has on disk, as units of work: for the question how long a match of them would take.
///
/// A sky is a list of chunks of even density. Each is cut as a plan cuts: into the coarsest pixels that hold at most so many
/// sources of both catalogues.
public struct ImaginedSky: Sendable {
  /// A part of the sky of even density.
  public struct Chunk: Sendable {
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

  /// The chunks.
  public let chunks: [Chunk]

  /// - Parameter chunks: In any order.
  public init(_ chunks: [Chunk]) { self.chunks = chunks }

  /// Sources of both catalogues.
  public var sources: Double { chunks.reduce(0) { $0 + $1.sourcesA + $1.sourcesB } }

  /// Sources of both catalogues that a unit of a plan for this sky holds at most.
  public var sourcesPerUnit: Double { MatchPlan.usualUnit(sources: sources) }

  /// The 1,558 chunks of 25 deg² of the report's Gaia × CatWISE match: 64,000 to 30 million sources of Gaia and 680,000 to
  /// 4 million of CatWISE in each, as it says. Between these, the logarithm of the counts is a power of the chunk's rank
  /// such that the sums are those of Gaia DR3 (1.81·10⁹) and CatWISE2020 (1.89·10⁹).
  public static let report = ImaginedSky(
    zip(
      counts(64_000, 30_000_000, number: 1558, total: 1.81e9), counts(680_000, 4_000_000, number: 1558, total: 1.89e9)
    ).map { Chunk(areaDegrees2: 25, sourcesA: $0, sourcesB: $1) })

  /// A southern sky of 18,000 deg² with 30·10⁹ sources of LSST, and 10⁹ of another survey, in chunks of 25 deg² whose
  /// densities differ by a factor of 100.
  public static let lsst = ImaginedSky(
    zip(counts(5e6, 5e8, number: 720, total: 30e9), counts(4e5, 4e6, number: 720, total: 1e9)).map {
      Chunk(areaDegrees2: 25, sourcesA: $0, sourcesB: $1)
    })

  /// `number` counts from `least` to `most` that add up to `total`: least (most / least)^(qᵖ) at ranks q from 0 to 1.
  static func counts(_ least: Double, _ most: Double, number: Int, total: Double) -> [Double] {
    func counts(_ power: Double) -> [Double] {
      (0..<number).map { least * pow(most / least, pow(Double($0) / Double(number - 1), power)) }
    }
    var (low, high) = (0.01, 100.0)
    for _ in 0..<60 {
      let middle = (low * high).squareRoot()
      // The larger the power, the fewer chunks are dense.
      if counts(middle).reduce(0, +) > total { low = middle } else { high = middle }
    }
    return counts(low)
  }

  /// The work of a match.
  /// - Parameters:
  ///   - sourcesPerUnit: Sources of both catalogues that a unit holds at most; nil: each chunk is one unit.
  ///   - regionSeconds: Seconds for the densities of one region.
  public func work(
    sourcesPerUnit: Double?, errors: Errors = Errors(), costs: CostModel = CostModel(),
    regionSeconds: Double = 0.02
  ) -> ScheduleSimulation.Work {
    var work = ScheduleSimulation.Work()
    for chunk in chunks {
      let (load, number) = Self.unit(of: chunk, sourcesPerUnit, errors)
      work.counting += Array(repeating: costs.countingSeconds(load), count: number)
      work.matching += Array(repeating: costs.matchingSeconds(load), count: number)
    }
    let rarer = min(chunks.reduce(0) { $0 + $1.sourcesA }, chunks.reduce(0) { $0 + $1.sourcesB })
    let regions = min(PriorRegions.largestNumber, rarer / Double(MatchConfiguration().sourcesPerRegion))
    work.estimating = Array(repeating: regionSeconds, count: max(1, Int(regions)))
    return work
  }

  /// One of the alike units of a chunk, and how many there are.
  private static func unit(of chunk: Chunk, _ most: Double?, _ errors: Errors) -> (UnitLoad, Int) {
    let sources = chunk.sourcesA + chunk.sourcesB
    let finest = HealpixGeometry.safeOrder(reach: errors.reach) ?? 0
    func area(_ order: Int) -> Double { HealpixPixel.area(order: order) }
    let order = (0...max(0, finest)).first { order in
      guard let most else { return area(order) <= chunk.areaDegrees2 }
      return sources * area(order) / chunk.areaDegrees2 <= most && area(order) <= chunk.areaDegrees2
    }
    let number = most == nil ? 1 : max(1, Int((chunk.areaDegrees2 / area(order ?? finest)).rounded()))
    var load = UnitLoad()
    (load.coreA, load.coreB) = (chunk.sourcesA / Double(number), chunk.sourcesB / Double(number))
    let cells = UnitSky.cells(acrossOrder: order ?? finest, reach: errors.reach)
    (load.haloA, load.haloB) = (
      load.coreA * SkyLoads.strips(UnitSky.rings, cells), load.coreB * SkyLoads.strips(UnitSky.rings, cells)
    )
    load.ring = load.core * SkyLoads.strips(UnitSky.countedRings, cells)
    let ellipse = .pi * 18.42 * errors.sigmaArcsec * errors.sigmaArcsec / (3600 * 3600)
    load.pairs =
      load.coreA * chunk.sourcesB / chunk.areaDegrees2 * ellipse + 0.5 * min(load.coreA, load.coreB)
    return (load, number)
  }
}
