import CatalogStore
import Foundation
import Indexing
import MatchRun
import Testing
import XMDBTestSupport

@testable import SQLExt

/// Two catalogues of one field, `gaia` sharp and `catwise` blurred by a PSF of 6″, matched, in a host.
struct BlurredSky {
  static let fwhmArcsec = 6.0

  let sky: TestSky
  let host: SQLHost
  let context: XMDBContext
  private(set) var run: Int64 = 0

  init(seed: UInt64) throws {
    var rng = SplitMix64(seed: seed)
    sky = try TestSky()
    for catalogue in Self.catalogues(&rng) { try sky.add(catalogue) }
    host = try SQLHost(databasePath: sky.path)
    context = try #require(host.context)
    context.sourcesPerChunk = 200
    run = try match(psf: .fwhm(Self.fwhmArcsec))
  }

  /// A run in which neighbours hide in a PSF of `catwise`.
  func match(psf: PSFSetting) throws -> Int64 {
    var configuration = MatchConfiguration()
    (configuration.psfOfA, configuration.psfOfB) = (.none, psf)
    let plan = try MatchPlan(
      database: sky.database, a: "gaia", b: "catwise", configuration: configuration, sourcesPerChunk: 300)
    return try MatchDriver(plan: plan, threads: 1).run().run
  }

  /// 1500 stars; the blurred catalogue lists those without a brighter one in its PSF.
  private static func catalogues(_ rng: inout SplitMix64) -> [TestCatalogue] {
    let stars = Sky.cap(1500, raDegrees: 0, decDegrees: 88, radiusDegrees: 0.1, using: &rng)
    var sharp = TestCatalogue("gaia", stars.scattered(sigmaArcsec: 0.05, using: &rng), sigmaArcsec: 0.05)
    sharp.magnitudes = (0..<stars.count).map { _ in 21 - 1.5 * -log(max(rng.uniform(), 1e-3)) }
    sharp.sourcesPerShard = 300
    var kept: [Int] = []
    for row in (0..<stars.count).sorted(by: { sharp.magnitudes[$0] < sharp.magnitudes[$1] }) {
      let isHidden = kept.contains { other in
        separation(
          ra1Degrees: stars.raDegrees[row], dec1Degrees: stars.decDegrees[row], ra2Degrees: stars.raDegrees[other],
          dec2Degrees: stars.decDegrees[other]
        ).arcseconds < 1.185 * fwhmArcsec
      }
      if !isHidden { kept.append(row) }
    }
    var blurred = TestCatalogue(
      "catwise", stars.reordered(kept).scattered(sigmaArcsec: 0.2, using: &rng), sigmaArcsec: 0.2)
    blurred.magnitudes = kept.map { sharp.magnitudes[$0] - 2 + rng.normal(sigma: 0.2) }
    blurred.ids = .text(TextIDs(kept.map { $0 % 50 == 9 ? nil : "J\($0)" }))
    blurred.sourcesPerShard = 100
    (sharp.countsMagnitudes, blurred.countsMagnitudes) = (true, true)
    return [sharp, blurred]
  }
}
