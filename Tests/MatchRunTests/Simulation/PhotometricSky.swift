import MatchRun
import XMDBTestSupport

/// A field of several regions in which magnitudes tell counterparts from strangers: 2000 counterparts to 3000 and 4000
/// sources without. Some have no magnitude in their first band, some in none.
enum PhotometricSky {
  static func pair(seed: UInt64, raDegrees: Double = 359.9, decDegrees: Double = 41) -> SimulatedPair {
    var rng = SplitMix64(seed: seed)
    func sky(_ count: Int) -> Sky {
      .cap(count, raDegrees: raDegrees, decDegrees: decDegrees, radiusDegrees: 0.35, using: &rng)
    }
    let objects = [sky(4000), sky(4000), sky(5000)]
    let detection = SimulatedPair.Detection(completenessA: 1, completenessB: 1, sigmaA: 0.2...0.4, sigmaB: 0.3...0.8)
    var pair = SimulatedPair(objects: objects[0], detection, using: &rng)
    let brightness = pair.a.sources.map { _ in rng.uniform(12, 18) }
    for index in pair.a.sources.indices {
      pair.a.sources[index].magnitudes = bands(brightness[index], 0.4, &rng)
      pair.b.sources[index].magnitudes = bands(brightness[index] - 1.5 + rng.normal(sigma: 0.2), 0.3, &rng)
    }
    var strangersA = SimulatedPair(objects: objects[1], detection, using: &rng).a.sources
    for index in strangersA.indices { strangersA[index].magnitudes = bands(rng.uniform(14, 20), 0.4, &rng) }
    var strangersB = SimulatedPair(objects: objects[2], detection, using: &rng).b.sources
    for index in strangersB.indices { strangersB[index].magnitudes = bands(rng.uniform(12, 18), 0.3, &rng) }
    pair.a.sources += strangersA
    pair.b.sources += strangersB
    pair.a.bands = ["G", "R"]
    pair.b.bands = ["W1", "W2"]
    pair.a.number(from: 1000)
    pair.b.number(from: 5_000_000)
    return pair
  }

  /// A match that measures regions of a thousand sources.
  static var configuration: MatchConfiguration {
    var configuration = MatchConfiguration()
    configuration.sourcesPerRegion = 1000
    return configuration
  }

  private static func bands(_ first: Double, _ colour: Double, _ rng: inout SplitMix64) -> [Double?] {
    let (a, b) = (rng.uniform() < 0.05, rng.uniform() < 0.1)
    return [a ? nil : first, b ? nil : first - colour + rng.normal(sigma: 0.05)]
  }
}
