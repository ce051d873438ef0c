import Foundation
import Ingest
import ParquetFixture
import XMDBTestSupport

/// One source of a simulated catalogue.
struct SimulatedSource {
  var id: Int64
  var ra: Double
  var dec: Double
  /// 1-σ errors along east and north, arcsec, and their correlation.
  var sigmaX: Double
  var sigmaY: Double
  var correlation = 0.0
  /// Proper motion, mas/yr; nil: unknown.
  var motion: (east: Double, north: Double)?
  /// 1-σ errors of the motion, mas/yr; nil: unknown.
  var motionSigma: (east: Double, north: Double)?
  /// One per band of its catalogue; nil: unknown.
  var magnitudes: [Double?] = []
  /// Its own epoch, in catalogues whose rows have one; nil: unknown.
  var epoch: Double?
  /// Columns without a role, in catalogues of which any source has them.
  var kind: String?
  var visits: Int64?

  init(id: Int64 = 0, _ ra: Double, _ dec: Double, sigma: Double) {
    self.id = id
    self.ra = ra
    self.dec = dec
    (sigmaX, sigmaY) = (sigma, sigma)
  }
}

/// A catalogue that a test makes up, written as a Parquet file and ingested like any other.
struct SimulatedCatalogue {
  var name: String
  var sources: [SimulatedSource]
  /// The epoch of all positions; nil: unknown, or per row.
  var epochYears: Double?
  var hasEpochs = false
  var hasMotions = false
  var bands: [String] = []

  init(_ name: String, _ sources: [SimulatedSource] = []) {
    self.name = name
    self.sources = sources
  }

  var isCircular: Bool { sources.allSatisfy { $0.sigmaX == $0.sigmaY && $0.correlation == 0 } }

  /// Numbers the sources in the order they stand in, from `first`.
  mutating func number(from first: Int64) {
    for index in sources.indices { sources[index].id = first + Int64(index) }
  }

  /// The same catalogue with its rows in another order.
  func shuffled(seed: UInt64) -> SimulatedCatalogue {
    var rng = SplitMix64(seed: seed)
    var copy = self
    copy.sources.shuffle(using: &rng)
    return copy
  }

  /// Writes the file and gives the options that ingest it.
  func write(into folder: Workdir, shardBytes: Int64 = 64 << 20, replace: Bool = false) throws -> IngestOptions {
    let path = folder.path("\(name)-\(UUID().uuidString).parquet")
    try ParquetFixture.write(columns, to: path)
    var options = IngestOptions(paths: [path])
    options.name = name
    options.epochYears = epochYears
    options.shardBytes = shardBytes
    options.replace = replace
    options.mappings = mappings
    return options
  }

  private var columns: [ParquetColumn] {
    var columns = [
      ParquetColumn("key", .int64s(sources.map(\.id))), ParquetColumn("ra", .doubles(sources.map(\.ra)), unit: "deg"),
      ParquetColumn("dec", .doubles(sources.map(\.dec)), unit: "deg"),
    ]
    if isCircular {
      columns.append(ParquetColumn("s", .doubles(sources.map(\.sigmaX)), unit: "arcsec"))
    } else {
      columns.append(ParquetColumn("sx", .doubles(sources.map(\.sigmaX)), unit: "arcsec"))
      columns.append(ParquetColumn("sy", .doubles(sources.map(\.sigmaY)), unit: "arcsec"))
      columns.append(ParquetColumn("rho", .doubles(sources.map(\.correlation))))
    }
    if hasMotions {
      columns.append(ParquetColumn("px", .double(sources.map { $0.motion?.east }), unit: "mas/yr"))
      columns.append(ParquetColumn("py", .double(sources.map { $0.motion?.north }), unit: "mas/yr"))
      columns.append(ParquetColumn("spx", .double(sources.map { $0.motionSigma?.east }), unit: "mas/yr"))
      columns.append(ParquetColumn("spy", .double(sources.map { $0.motionSigma?.north }), unit: "mas/yr"))
    }
    for (index, band) in bands.enumerated() {
      columns.append(ParquetColumn("m\(index)_\(band)", .double(sources.map { $0.magnitudes[index] }), unit: "mag"))
    }
    if hasEpochs { columns.append(ParquetColumn("t", .double(sources.map(\.epoch)), unit: "yr")) }
    if sources.contains(where: { $0.kind != nil || $0.visits != nil }) {
      columns.append(ParquetColumn("kind", .string(sources.map(\.kind))))
      columns.append(ParquetColumn("visits", .int64(sources.map(\.visits))))
    }
    return columns
  }

  private var mappings: [String] {
    var mappings = ["id=key", "ra=ra:deg", "dec=dec:deg"]
    mappings += isCircular ? ["sigma=s:arcsec"] : ["sigma_ra=sx:arcsec", "sigma_dec=sy:arcsec", "corr_ra_dec=rho"]
    if hasMotions {
      mappings += ["pm_ra=px:mas/yr", "pm_dec=py:mas/yr", "sigma_pm_ra=spx:mas/yr", "sigma_pm_dec=spy:mas/yr"]
    }
    for (index, band) in bands.enumerated() { mappings.append("mag:\(band)=m\(index)_\(band)") }
    if hasEpochs { mappings.append("epoch=t:yr") }
    return mappings
  }
}
