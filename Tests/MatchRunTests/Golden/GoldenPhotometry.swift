import Foundation
import Match
import Survivors
import XMDBTestSupport

/// What the other program was given for its photometric answer, and what it found on the way.
struct GoldenPhotometry {
  static let bandsA = ["BP", "G", "RP"]
  static let bandsB = ["W1", "W2"]
  /// Read once for all tests.
  static let shared = Result { try GoldenPhotometry() }
  /// Its names of the same bands in `priors.csv`.
  static let namesA = ["G_BP", "G", "G_RP"]

  let gaia: RealSources
  let catwise: RealSources
  let areaDegrees2: Double
  /// What its midpoint sum adds to the density of every pair, deg⁻².
  let gridErrorPerDegree2: Double
  /// The counts of its own edges, circles and field.
  let counts: SurvivorCounts

  private init() throws {
    gaia = try RealSources(
      path: RealCones.folder! + "/gaia.parquet", id: "source_id", bands: ["bp_mag", "g_mag", "rp_mag"])
    catwise = try RealSources(path: RealCones.folder! + "/catwise.parquet", id: "cntr", bands: ["w1mag", "w2mag"])
    let readme = try String(contentsOf: ProjectPaths.shared("golden/README.md")!, encoding: .utf8)
    areaDegrees2 = Double(readme.firstMatch(of: /with area\s+([0-9.]+) deg²/)!.1)!
    let spacing = Double(readme.firstMatch(of: /spacing ([0-9.]+)/)!.1)!
    gridErrorPerDegree2 = 2 * .pi * spacing * spacing / 24 * 3600 * 3600
    let design = SurvivorDesign(
      binsA: gaia.magnitudes.map { MagnitudeBins(magnitudes: $0) },
      binsB: catwise.magnitudes.map { MagnitudeBins(magnitudes: $0) }, partnersOnEdge: .lowerBin)
    var counts = SurvivorCounts(design: design)
    let hulls = [GoldenHull(gaia), GoldenHull(catwise)]
    counts.add(
      a: try Self.sources(gaia, "circles_gaia.csv", "gaia_source_id", hulls),
      b: try Self.sources(catwise, "circles_catwise.csv", "catwise_cntr", hulls), edges: try Self.edges(gaia, catwise))
    self.counts = counts
  }

  private static func sources(_ real: RealSources, _ circles: String, _ id: String, _ hulls: [GoldenHull]) throws
    -> SurvivorSources
  {
    var bright = [Double](repeating: 0, count: real.ids.count)
    var field = bright
    for row in try Golden.rows("photometry/" + circles) {
      let source = real.index[Int64(row[id]!)!]!
      (bright[source], field[source]) = (Double(row["bright_area_deg2"]!)!, Double(row["field_area_deg2"]!)!)
    }
    return SurvivorSources(
      magnitudes: real.magnitudes, varianceArcsec2: real.sigmaArcsec.map { $0 * $0 },
      isOwned: real.ids.map { _ in true },
      isCounted: real.ids.indices.map { source in
        hulls.allSatisfy { $0.contains(ra: real.ra[source], dec: real.dec[source]) }
      }, circles: ErrorCircles(brightDegrees2: bright, fieldDegrees2: field))
  }

  private static func edges(_ gaia: RealSources, _ catwise: RealSources) throws -> SurvivorEdges {
    let accepted = try Golden.edges().filter { $0.acceptedCDF != nil }
    return SurvivorEdges(
      a: accepted.map { Int32(gaia.index[$0.pair.a]!) }, b: accepted.map { Int32(catwise.index[$0.pair.b]!) },
      cdf: accepted.map { $0.acceptedCDF! })
  }

  /// Its edges of the bins of a band.
  static func binEdges(_ band: String) throws -> [Double] {
    try Golden.rows("photometry/bin_edges.csv").filter { $0["band"] == band }.map { Double($0["mag"]!)! }
  }

  /// Its f by bin.
  static func fieldDensity(_ catalogue: String, _ bandA: String, _ bandB: String) throws -> [Double] {
    try Golden.rows("photometry/field_density.csv")
      .filter { $0["catalogue"] == catalogue && $0["gaia_band"] == bandA && $0["catwise_band"] == bandB }
      .map { Double($0["f_per_mag"]!)! }
  }
}
