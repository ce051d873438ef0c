import CatalogStore
import Indexing

/// Two catalogues of one field of stars, with everything that makes matching hard: sources that only one of them has,
/// close pairs and chains, unknown motions, missing ids, elliptical errors.
public struct StarField: Sendable {
  /// Like Gaia: small elliptical errors, motions, integer ids, epoch 2016.
  public var gaia: TestCatalogue
  /// Like CatWISE: large circular errors, text ids, epoch 2014.1, no motions.
  public var catwise: TestCatalogue

  /// Draws a field of about `count` stars within a radius of a centre.
  public init(
    _ count: Int, raDegrees: Double, decDegrees: Double, radiusDegrees: Double, using rng: inout SplitMix64
  ) {
    var stars = Sky.cap(
      count, raDegrees: raDegrees, decDegrees: decDegrees, radiusDegrees: radiusDegrees, using: &rng)
    // Every tenth star has a neighbour about as far away as the errors reach.
    let close = stars.reordered(stride(from: 0, to: stars.count, by: 10).map { $0 })
    stars.append(close.scattered(sigmaArcsec: 0.6, using: &rng))
    gaia = Self.gaia(stars.reordered((0..<stars.count).filter { $0 % 5 != 1 }), &rng)
    catwise = Self.catwise(stars.reordered((0..<stars.count).filter { $0 % 4 != 3 }), &rng)
  }

  private static func gaia(_ stars: Sky, _ rng: inout SplitMix64) -> TestCatalogue {
    var catalogue = TestCatalogue("gaia", stars.scattered(sigmaArcsec: 0.05, using: &rng))
    let rows = 0..<catalogue.sky.count
    catalogue.sigmaX = rows.map { _ in rng.uniform(0.02, 0.08) }
    catalogue.sigmaY = rows.map { _ in rng.uniform(0.02, 0.08) }
    catalogue.correlation = rows.map { _ in rng.uniform(-0.5, 0.5) }
    catalogue.motionRA = rows.map { $0 % 6 == 0 ? .nan : rng.normal(sigma: 20) }
    catalogue.motionDec = rows.map { $0 % 6 == 0 ? .nan : rng.normal(sigma: 20) }
    catalogue.epochs = [2016]
    catalogue.ids = .integer(rows.map { 1_000_000_000_000_000_000 + Int64($0) * 31 }, nulls: [])
    catalogue.extras = [.init("phot_g_mean_mag", "REAL", rows.map { $0 % 11 == 0 ? .null : .real(rng.uniform(8, 20)) })]
    catalogue.sourcesPerShard = 300
    return catalogue
  }

  private static func catwise(_ stars: Sky, _ rng: inout SplitMix64) -> TestCatalogue {
    var catalogue = TestCatalogue("catwise", stars.scattered(sigmaArcsec: 0.3, using: &rng))
    let rows = 0..<catalogue.sky.count
    catalogue.sigmaX = rows.map { _ in rng.uniform(0.2, 0.4) }
    catalogue.sigmaY = catalogue.sigmaX
    catalogue.epochs = [2014.1]
    catalogue.ids = .text(TextIDs(rows.map { $0 % 50 == 9 ? nil : "J\($0)" }))
    catalogue.idName = "source_name"
    catalogue.magnitudes = rows.map { _ in rng.uniform(8, 16) }
    catalogue.sourcesPerShard = 250
    return catalogue
  }
}
