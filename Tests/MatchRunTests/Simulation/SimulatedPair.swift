import Foundation
import XMDBTestSupport

/// Two simulated catalogues of one sky, and which of their sources are the same object.
struct SimulatedPair {
  var a = SimulatedCatalogue("left")
  var b = SimulatedCatalogue("right")
  /// Ids of true pairs: the id in b by the id in a.
  var truth: [Int64: Int64] = [:]

  /// How objects become sources.
  struct Detection {
    /// Chance that an object is in a, in b.
    var completenessA = 0.8
    var completenessB = 0.7
    /// 1-σ errors, arcsec, uniform in their logarithm.
    var sigmaA = 0.3...1.0
    var sigmaB = 0.3...1.0
    /// Errors are ellipses with axis ratios up to 5 and any direction.
    var isElliptical = false
  }

  /// Detects objects in both catalogues, each with an error of its own.
  init(objects: Sky, _ detection: Detection = Detection(), using rng: inout SplitMix64) {
    for object in 0..<objects.count {
      let (ra, dec) = (objects.raDegrees[object], objects.decDegrees[object])
      let (isInA, isInB) = (rng.uniform() < detection.completenessA, rng.uniform() < detection.completenessB)
      if isInA { a.sources.append(Self.observed(ra, dec, detection.sigmaA, detection.isElliptical, &rng)) }
      if isInB { b.sources.append(Self.observed(ra, dec, detection.sigmaB, detection.isElliptical, &rng)) }
      if isInA && isInB { truth[Int64(1000 + a.sources.count - 1)] = Int64(5_000_000 + b.sources.count - 1) }
    }
    number()
  }

  /// Two catalogues as given.
  init(a sourcesA: [SimulatedSource], b sourcesB: [SimulatedSource]) {
    a.sources = sourcesA
    b.sources = sourcesB
    number()
  }

  private mutating func number() {
    a.number(from: 1000)
    b.number(from: 5_000_000)
  }

  /// The same catalogues with their names, and so their places, exchanged.
  var exchanged: SimulatedPair {
    var pair = self
    (pair.a, pair.b) = (b, a)
    return pair
  }

  private static func observed(
    _ ra: Double, _ dec: Double, _ sigmas: ClosedRange<Double>, _ isElliptical: Bool, _ rng: inout SplitMix64
  ) -> SimulatedSource {
    var source = SimulatedSource(ra, dec, sigma: rng.logUniform(sigmas.lowerBound, sigmas.upperBound * (1 + 1e-12)))
    if isElliptical {
      source.sigmaY = source.sigmaX * rng.logUniform(0.2, 5)
      source.correlation = rng.uniform(-0.9, 0.9)
    }
    let (u, v) = (rng.normal(), rng.normal())
    let rho = source.correlation
    let east = source.sigmaX * u
    let north = source.sigmaY * (rho * u + (1 - rho * rho).squareRoot() * v)
    var place = Sky()
    place.append(
      vector: Sky.vector(
        aroundRA: ra, dec: dec, distanceRadians: hypot(east, north) * .pi / 648_000, direction: atan2(north, east)))
    (source.ra, source.dec) = (place.raDegrees[0], place.decDegrees[0])
    return source
  }
}
