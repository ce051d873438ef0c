import Foundation
import XMDBTestSupport

/// A field that a method with mean densities, right errors or many counterparts in mind fails on. The truth is in the ids: an object
/// has the same id in both catalogues.
struct HostileSky: CustomStringConvertible {
  /// Where objects are.
  enum Place {
    /// Evenly in a square of 0.7°.
    case even
    /// Density falls by a factor of 30 from west to east.
    case gradient
    /// A fifth of the objects in a cluster of 0.05°.
    case cluster
    /// A strip 18″ wide.
    case strip
    /// Every other square of 36″ is masked.
    case checker
  }

  var place = Place.even
  var counterparts = 12_000
  var onlyA = 6000
  var onlyB = 12_000
  /// Real errors over quoted ones.
  var underestimate = 1.0
  /// Errors have the tail of Student's distribution with three degrees of freedom.
  var hasTail = false
  /// By how much the positions of b lie off, arcsec east and north.
  var offsetArcsec = (east: 0.0, north: 0.0)
  /// The share of the sources of b that are listed once more, measured anew.
  var listedTwice = 0.0
  var hasMagnitudes = true
  /// Of the sources of b without counterpart, the share without magnitude.
  var fieldWithoutMagnitude = 0.0
  /// Quoted errors of the sources of b without counterpart, over those of counterparts.
  var fieldErrors = 1.0

  /// How far objects move from the epoch of a, 2000, to that of b; their motions are in neither catalogue.
  var drift: Drift?

  /// Motions of objects.
  struct Drift {
    /// Years from the epoch of a to that of b.
    var years = 17.0
    /// Epochs of the sources of both are spread evenly over so many years.
    var spread = 0.0
    /// The share of objects at rest.
    var resting = 0.0
    /// Speeds per axis of most others, mas/yr.
    var speed = 15.0
    /// One in so many of these has one of `fastSpeeds`; 0: none has.
    var fastEvery = 0
    var fastSpeeds = [100.0, 200, 500]
  }

  var description: String {
    "\(place), \(counterparts) of \(onlyA) and \(onlyB), errors × \(underestimate)\(hasTail ? " with a tail" : "")"
  }

  /// Added to the id of a source that is listed once more.
  static let secondListing: Int64 = 1_000_000_000

  private static let sigma = (a: 0.15, b: 0.4)

  func pair(seed: UInt64) -> SimulatedPair {
    var rng = SplitMix64(seed: seed)
    var (a, b): ([SimulatedSource], [SimulatedSource]) = ([], [])
    func moved(_ source: SimulatedSource, _ motion: (east: Double, north: Double), years: Double) -> SimulatedSource {
      guard let drift else { return source }
      var moved = source
      let passed = years + drift.spread * (rng.uniform() - 0.5)
      moved.ra += motion.east * passed / 3.6e6 / cos(source.dec * .pi / 180)
      moved.dec += motion.north * passed / 3.6e6
      moved.epoch = 2000 + passed
      return moved
    }
    for object in 0..<counterparts + onlyA + onlyB {
      let motion = motion(object, &rng)
      let (ra, dec) = position(&rng)
      let isPaired = object < counterparts
      let brightness = magnitude(&rng, deeper: isPaired ? 0 : 0.7)
      if object < counterparts + onlyA {
        a.append(moved(source(object, ra, dec, Self.sigma.a, brightness, &rng), motion, years: 0))
      }
      if isPaired || object >= counterparts + onlyA {
        let sigma = Self.sigma.b * (isPaired ? 1 : fieldErrors)
        var one = source(object, ra, dec, sigma, brightness - 1 + rng.normal(sigma: 0.3), &rng)
        one.ra += offsetArcsec.east / 3600 / cos(dec * .pi / 180)
        one.dec += offsetArcsec.north / 3600
        if !isPaired, rng.uniform() < fieldWithoutMagnitude { one.magnitudes = one.magnitudes.map { _ in nil } }
        one = moved(one, motion, years: drift?.years ?? 0)
        b.append(one)
        if listedTwice > 0, rng.uniform() < listedTwice {
          var again = one
          again.id += Self.secondListing
          again.ra += rng.normal(sigma: sigma) / 3600 / cos(dec * .pi / 180)
          again.dec += rng.normal(sigma: sigma) / 3600
          b.append(again)
        }
      }
    }
    var pair = SimulatedPair(objects: Sky(), SimulatedPair.Detection(), using: &rng)
    pair.a.sources = a
    pair.b.sources = b
    if drift != nil { (pair.a.hasEpochs, pair.b.hasEpochs) = (true, true) }
    if hasMagnitudes { (pair.a.bands, pair.b.bands) = (["g"], ["w"]) }
    return pair
  }

  /// mas/yr.
  private func motion(_ object: Int, _ rng: inout SplitMix64) -> (east: Double, north: Double) {
    guard let drift, rng.uniform() >= drift.resting else { return (0, 0) }
    if drift.fastEvery > 0, rng.below(drift.fastEvery) == 0 {
      let (speed, angle) = (drift.fastSpeeds[rng.below(drift.fastSpeeds.count)], rng.uniform(0, 2 * .pi))
      return (speed * cos(angle), speed * sin(angle))
    }
    return (rng.normal(sigma: drift.speed), rng.normal(sigma: drift.speed))
  }

  private func position(_ rng: inout SplitMix64) -> (ra: Double, dec: Double) {
    switch place {
    case .even: return (180 + rng.uniform(0, 0.7), rng.uniform(-0.35, 0.35))
    case .gradient: return (180 + 0.7 * log(1 + rng.uniform() * 29) / log(30), rng.uniform(-0.35, 0.35))
    case .cluster:
      if rng.uniform() >= 0.2 { return (180 + rng.uniform(0, 0.7), rng.uniform(-0.35, 0.35)) }
      return (180.35 + rng.normal(sigma: 0.05), rng.normal(sigma: 0.05))
    case .strip: return (180 + rng.uniform(0, 60), rng.uniform(0, 0.005))
    case .checker:
      while true {
        let (ra, dec) = (180 + rng.uniform(0, 0.7), rng.uniform(-0.35, 0.35))
        if (Int((ra * 100).rounded(.down)) + Int((dec * 100).rounded(.down))) % 2 == 0 { return (ra, dec) }
      }
    }
  }

  /// Fainter ones are more.
  private func magnitude(_ rng: inout SplitMix64, deeper: Double) -> Double {
    20 + deeper + log10(max(rng.uniform(), 1e-3)) / 0.3
  }

  private func source(
    _ object: Int, _ ra: Double, _ dec: Double, _ sigma: Double, _ magnitude: Double, _ rng: inout SplitMix64
  ) -> SimulatedSource {
    let quoted = sigma * pow(10, rng.normal(sigma: 0.1))
    var real = quoted * underestimate
    if hasTail {
      let chiSquared = (0..<3).reduce(0.0) { sum, _ in
        let normal = rng.normal(sigma: 1)
        return sum + normal * normal
      }
      real /= (chiSquared / 3).squareRoot()
    }
    var source = SimulatedSource(
      id: Int64(object), ra + rng.normal(sigma: real) / 3600 / cos(dec * .pi / 180),
      dec + rng.normal(sigma: real) / 3600,
      sigma: quoted)
    if hasMagnitudes { source.magnitudes = [magnitude] }
    return source
  }
}
