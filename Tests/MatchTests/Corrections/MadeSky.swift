import Foundation
import Indexing
import XMDBTestSupport

@testable import Match

/// Two catalogues of one piece of sky, a better one and one whose errors are wrong, and their mutually nearest pairs.
struct MadeSky {
  var (ra, dec): ([Double], [Double]) = ([], [])
  var (referenceRA, referenceDec): ([Double], [Double]) = ([], [])
  var referenceSigma: [Double] = []
  var quoted: [Double] = []
  var magnitude: [Double] = []
  var areaDegree2 = 1.0

  /// Sources of both per arcsec².
  var density: Double { Double(ra.count + referenceRA.count) / areaDegree2 / 3600 / 3600 }

  /// An offset in arcsec from a position.
  static func moved(_ ra: Double, _ dec: Double, _ east: Double, _ north: Double) -> (ra: Double, dec: Double) {
    let place = Indexing.moved(
      raDegrees: ra, decDegrees: dec, motion: ProperMotion(raMasPerYear: 1000 * east, decMasPerYear: 1000 * north),
      byYears: 1)
    return (place.0, place.1)
  }

  mutating func addReference(_ place: (ra: Double, dec: Double), sigma: Double) {
    referenceRA.append(place.ra)
    referenceDec.append(place.dec)
    referenceSigma.append(sigma)
  }

  mutating func add(_ place: (ra: Double, dec: Double), quoted error: Double, magnitude m: Double) {
    ra.append(place.ra)
    dec.append(place.dec)
    quoted.append(error)
    magnitude.append(m)
  }

  struct Nearest {
    let source: Int
    let reference: Int
    let separation: Double
  }

  /// Pairs that are each other's nearest.
  func mutual(within limit: Double) -> [Nearest] {
    let (a, own) = Self.sorted(ra, dec)
    let (b, others) = Self.sorted(referenceRA, referenceDec)
    let (forth, back) = (PairSearch.nearest(of: a, in: b), PairSearch.nearest(of: b, in: a))
    return own.indices.compactMap { i in
      let j = Int(forth.index[i])
      guard forth.separationArcsec[i] <= limit, Int(back.index[j]) == i else { return nil }
      return Nearest(source: own[i], reference: others[j], separation: forth.separationArcsec[i])
    }
  }

  /// Along the HEALPix curve, and which source is where.
  private static func sorted(_ ra: [Double], _ dec: [Double]) -> (PositionSet, [Int]) {
    let order = sortedOrder(ofHealpix29: Healpix29.indices(raDegrees: ra, decDegrees: dec))
    return (PositionSet(raDegrees: order.map { ra[$0] }, decDegrees: order.map { dec[$0] }, reachArcsec: 0), order)
  }

  /// As the fit takes them, grouped by magnitude to 0.1 mag from 14 on.
  func pairs(within limit: Double, sigmas: Double = .infinity, other: Double = 0, errors factor: Double = 1)
    -> CorrectionPairs
  {
    var pairs = CorrectionPairs()
    for nearest in mutual(within: limit) {
      let error = quoted[nearest.source]
      let most = min(limit, sigmas * error)
      guard nearest.separation <= most else { continue }
      let sigma = referenceSigma[nearest.reference]
      pairs.append(
        CorrectionPairs.Pair(
          separationArcsec: nearest.separation, quotedError: factor * error,
          otherVarianceArcsec2: sigma * sigma + other,
          chancePerArcsec2: density, referencePerArcsec2: Double(referenceRA.count) / areaDegree2 / 3600 / 3600,
          limitArcsec: most,
          group: min(max(Int((magnitude[nearest.source] - 14) * 10), 0), 9)))
    }
    return pairs
  }
}
