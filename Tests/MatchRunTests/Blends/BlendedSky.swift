import Foundation
import Indexing
import XMDBTestSupport

/// A dense field that b sees with the PSF of WISE and a sharply: 800 objects, of which b lists those that have no brighter one in
/// their PSF.
enum BlendedSky {
  /// R of b's PSF, arcsec.
  static let radiusArcsec = 6.1 * 1.185

  static func pair(seed: UInt64, raDegrees: Double = 359.95, decDegrees: Double = -33) -> SimulatedPair {
    var rng = SplitMix64(seed: seed)
    let objects = Sky.cap(800, raDegrees: raDegrees, decDegrees: decDegrees, radiusDegrees: 0.075, using: &rng)
    let detection = SimulatedPair.Detection(completenessA: 1, completenessB: 1, sigmaA: 0.05...0.1, sigmaB: 0.1...0.4)
    var pair = SimulatedPair(objects: objects, detection, using: &rng)
    for index in pair.a.sources.indices {
      let magnitude = 21 - 3 * -log(max(rng.uniform(), 1e-3)) / 2
      pair.a.sources[index].magnitudes = [rng.uniform() < 0.02 ? nil : magnitude]
      pair.b.sources[index].magnitudes = [magnitude - 2 + rng.normal(sigma: 0.2)]
    }
    pair.b.sources = resolved(pair.b.sources)
    pair.a.bands = ["G"]
    pair.b.bands = ["W1"]
    pair.a.number(from: 1000)
    pair.b.number(from: 5_000_000)
    return pair
  }

  private static func resolved(_ sources: [SimulatedSource]) -> [SimulatedSource] {
    var kept: [SimulatedSource] = []
    for source in sources.sorted(by: { ($0.magnitudes[0] ?? 99) < ($1.magnitudes[0] ?? 99) }) {
      let isHidden = kept.contains {
        separation(ra1Degrees: $0.ra, dec1Degrees: $0.dec, ra2Degrees: source.ra, dec2Degrees: source.dec).arcseconds
          < radiusArcsec
      }
      if !isHidden { kept.append(source) }
    }
    return kept
  }
}
