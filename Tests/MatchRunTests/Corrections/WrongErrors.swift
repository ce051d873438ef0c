import Foundation
import Indexing
import Match
import XMDBTestSupport

/// Two catalogues of one square degree, a good one and one that quotes wrong errors.
struct WrongErrors {
  var factor = 2.0
  var floorArcsec = 0.05
  var relation = ErrorRelation.quadratic
  /// What the factor is multiplied by at the eastern edge; 1: the same everywhere.
  var slope = 1.0
  /// Offset of the catalogue to the east, arcsec.
  var eastArcsec = 0.0
  var inBoth = 6000
  var alone = 4000
  var quoted = 0.05...0.4
  var sideDegrees = 1.0
  /// How much the good catalogue's errors are larger than it says.
  var referenceFactor = 1.0
  /// Kinds of sources with what the factor is multiplied by; a tenth of the sources has none. Sources of the first kind have 1 or 2 visits, those of the second 3
  /// or 4, and so on.
  var kinds: [(name: String, factor: Double)] = []

  /// The catalogues "good" and "wrong".
  func pair(seed: UInt64) throws -> SimulatedPair {
    var rng = SplitMix64(seed: seed)
    var (good, wrong): ([SimulatedSource], [SimulatedSource]) = ([], [])
    var truth: [(Int, Int)] = []
    for object in 0..<(inBoth + 2 * alone) {
      let (ra, dec) = (rng.uniform(180, 180 + sideDegrees), rng.uniform(-0.5, 0.5) * sideDegrees)
      let magnitude = rng.uniform(14, 20)
      if object < inBoth + alone {
        good.append(source(ra, dec, true: 0.02 * referenceFactor, quoted: 0.02, magnitude, 0, &rng))
      }
      if object < inBoth { truth.append((good.count - 1, wrong.count)) }
      if object < inBoth || object >= inBoth + alone {
        let error = rng.logUniform(quoted.lowerBound, quoted.upperBound)
        let kind = kinds.isEmpty || rng.uniform() < 0.1 ? nil : rng.below(kinds.count)
        let more = kind.map { kinds[$0].factor } ?? 1
        let real = try sigma(error, at: (ra - 180) / sideDegrees, more: more)
        var made = source(ra, dec, true: real, quoted: error, magnitude, eastArcsec, &rng)
        made.kind = kind.map { kinds[$0].name }
        made.visits = kind.map { Int64(2 * $0 + 1 + rng.below(2)) }
        wrong.append(made)
      }
    }
    var pair = SimulatedPair(a: good, b: wrong)
    (pair.a.name, pair.b.name) = ("good", "wrong")
    (pair.a.bands, pair.b.bands) = (["G"], ["M"])
    for (i, j) in truth { pair.truth[pair.a.sources[i].id] = pair.b.sources[j].id }
    return pair
  }

  private func sigma(_ quoted: Double, at share: Double, more: Double) throws -> Double {
    let m = more * factor * (1 + (slope - 1) * share)
    return relation == .linear
      ? m * quoted + floorArcsec : (m * m * quoted * quoted + floorArcsec * floorArcsec).squareRoot()
  }

  private func source(
    _ ra: Double, _ dec: Double, true sigma: Double, quoted: Double, _ magnitude: Double, _ east: Double,
    _ rng: inout SplitMix64
  ) -> SimulatedSource {
    let place = moved(
      raDegrees: ra, decDegrees: dec,
      motion: ProperMotion(
        raMasPerYear: 1000 * (east + sigma * rng.normal()), decMasPerYear: 1000 * sigma * rng.normal()), byYears: 1)
    var source = SimulatedSource(place.0, place.1, sigma: quoted)
    source.magnitudes = [magnitude + 0.1 * rng.normal()]
    return source
  }
}
