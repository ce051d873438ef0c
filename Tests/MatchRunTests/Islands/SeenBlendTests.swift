import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import Match
@testable import MatchRun

/// Pairs are weighed by the sources that the sharp catalogue lists beside them, the same ones however the sky is cut and whichever
/// catalogue is a.
@Suite struct SeenBlendTests {
  @Test func theLawIsLearntFromPiecesOfTheSky() throws {
    let pair = BlendedSky.pair(seed: 4)
    let seen = try #require(try MatchBench(pair).plan(MatchConfiguration()).inputs.seen)
    #expect(!seen.blurredIsA && abs(seen.pointSpread.circleArcsec - BlendedSky.radiusArcsec) < 0.01)
    // m_b is m_a − 2 ± 0.2 mag.
    for magnitude in [17.0, 18, 19] {
      let found = try #require(seen.law.magnitude(of: magnitude))
      #expect(abs(found.mean - (magnitude - 2)) < 0.3 && found.sigma < 0.7, "\(magnitude): \(found)")
    }
    let other = try #require(try MatchBench(pair.exchanged).plan(MatchConfiguration()).inputs.seen)
    #expect(other.blurredIsA && other.law == seen.law)
    // Stored otherwise, it is the same.
    let cut = try MatchBench(pair, shardBytes: 20_000).plan(MatchConfiguration()).inputs.seen
    #expect(cut?.text == seen.text)
  }

  @Test func nothingIsWeighedWithoutMagnitudesOrAPSF() throws {
    let bench = try MatchBench(BlendedSky.pair(seed: 4))
    var configuration = MatchConfiguration()
    configuration.photometry = false
    #expect(try bench.plan(configuration).inputs.seen == nil)
    configuration = MatchConfiguration()
    (configuration.psfOfA, configuration.psfOfB) = (.none, .none)
    #expect(try bench.plan(configuration).inputs.seen == nil)
  }

  @Test func exchangingTheCataloguesChangesNoProbability() throws {
    let pair = BlendedSky.pair(seed: 9)
    func probabilities(_ rows: RunRows, exchanged: Bool) -> [RunRows.Pair: Double] {
      Dictionary(
        uniqueKeysWithValues: rows.pairs.map { row in
          (exchanged ? RunRows.Pair(a: row.ids.b, b: row.ids.a) : row.ids, row.double("pair_p"))
        })
    }
    let one = probabilities(try MatchBench(pair).run(MatchConfiguration()), exchanged: false)
    let other = probabilities(try MatchBench(pair.exchanged).run(MatchConfiguration()), exchanged: true)
    #expect(one.count > 200 && Set(one.keys) == Set(other.keys))
    for (ids, probability) in one { #expect(abs(probability - (other[ids] ?? .nan)) < 1e-9, "\(ids)") }
  }

  /// Around each source the brightest others within the circle, beside all others looked at.
  @Test(arguments: [0.001, 30.0]) func neighboursAreThoseOfEverySourceLookedAt(radiusArcsec: Double) throws {
    let pair = BlendedSky.pair(seed: 11)
    let states = SourceStates(
      raDegrees: pair.a.sources.map(\.ra), decDegrees: pair.a.sources.map(\.dec),
      covariances: pair.a.sources.map { _ in PositionCovariance(circularSigmaArcsec: 0.1) })
    let magnitudes = pair.a.sources.map { $0.magnitudes[0] ?? .nan }
    let chosen = Array(stride(from: 0, to: states.count, by: 7))
    var stop = StopCheck.never
    let found = try SharpNeighbours(of: chosen, states, magnitudes, radiusArcsec: radiusArcsec, stop: &stop)
    for (place, source) in chosen.enumerated() {
      func distance(_ other: Int) -> Double {
        separation(
          ra1Degrees: states.raDegrees[source], dec1Degrees: states.decDegrees[source],
          ra2Degrees: states.raDegrees[other], dec2Degrees: states.decDegrees[other]
        ).arcseconds
      }
      let expected = (0..<states.count).filter {
        $0 != source && magnitudes[$0].isFinite && distance($0) <= radiusArcsec
      }.sorted { (magnitudes[$0], $0) < (magnitudes[$1], $1) }.prefix(8)
      #expect(found[place].map(\.source) == Array(expected))
      #expect(found.isAlone(place) == expected.isEmpty)
      for other in found[place] {
        let length = (other.eastArcsec * other.eastArcsec + other.northArcsec * other.northArcsec).squareRoot()
        #expect(abs(length - distance(other.source)) < 1e-6)
        let north = (states.decDegrees[other.source] - states.decDegrees[source]) * 3600
        #expect(abs(other.northArcsec - north) < 1e-2)
      }
    }
  }
}
