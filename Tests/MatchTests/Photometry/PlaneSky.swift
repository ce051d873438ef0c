import Glibc
import Indexing
import Match
import XMDBTestSupport

/// A flat field with known counterparts, and the pair counts of it.
struct PlaneSky {
  /// Numbers of counterparts and of field sources, and circular errors in arcsec.
  struct Numbers {
    var counterparts: Int
    var fieldA: Int
    var fieldB: Int
    var sigmaA: Double
    var sigmaB: Double
    /// Counterparts with magnitudes drawn independently.
    var unrelated = 0.0
  }

  struct Source {
    var x: Double
    var y: Double
    var magnitude: Double
  }

  let numbers: Numbers
  /// Side of the field, arcsec: 0.25 deg².
  let side = 1800.0
  private(set) var a: [Source] = []
  private(set) var b: [Source] = []

  /// Counterparts are the first sources of either list. Their magnitudes in a end at 18, those of the field at 19.
  init(_ numbers: Numbers, using rng: inout SplitMix64) {
    self.numbers = numbers
    for _ in 0..<numbers.counterparts {
      let place = (rng.uniform(0, side), rng.uniform(0, side))
      let magnitude = Self.magnitude(12, 18, &rng)
      let other = rng.uniform() < numbers.unrelated ? Self.magnitude(12, 18, &rng) : magnitude
      a.append(Self.detect(place, numbers.sigmaA, magnitude, &rng))
      b.append(Self.detect(place, numbers.sigmaB, other - 1 + rng.normal(sigma: 0.2), &rng))
    }
    for _ in 0..<numbers.fieldA { a.append(stranger(Self.magnitude(12, 19, &rng), &rng)) }
    for _ in 0..<numbers.fieldB { b.append(stranger(Self.magnitude(11, 18, &rng), &rng)) }
  }

  private static func detect(
    _ place: (Double, Double), _ sigma: Double, _ magnitude: Double, _ rng: inout SplitMix64
  ) -> Source {
    Source(x: place.0 + rng.normal(sigma: sigma), y: place.1 + rng.normal(sigma: sigma), magnitude: magnitude)
  }

  private func stranger(_ magnitude: Double, _ rng: inout SplitMix64) -> Source {
    Source(x: rng.uniform(0, side), y: rng.uniform(0, side), magnitude: magnitude)
  }

  /// Counts that rise by 0.3 dex per magnitude.
  private static func magnitude(_ low: Double, _ high: Double, _ rng: inout SplitMix64) -> Double {
    let slope = 0.3 * log(10)
    return low + log(1 + rng.uniform() * (exp(slope * (high - low)) - 1)) / slope
  }

  // MARK: Counts

  static let zones = PairZones(candidateFraction: 0.999)

  static func classes(_ sources: [Source]) -> MagnitudeClasses {
    var histogram = MagnitudeHistogram()
    for source in sources { histogram.add(source.magnitude) }
    return MagnitudeClasses(histograms: [histogram], minimum: 250)
  }

  var sky: RegionSky {
    RegionSky(areaDegrees2: side * side / (3600 * 3600), countA: Double(a.count), countB: Double(b.count))
  }

  func counts(_ classesA: MagnitudeClasses, _ classesB: MagnitudeClasses) -> PairCounts {
    var counts = PairCounts(classesA: classesA.count, classesB: classesB.count, zones: Self.zones.count)
    let (classOfA, classOfB) = (Self.classes(of: a, classesA), Self.classes(of: b, classesB))
    for index in classOfA {
      counts.a.add(class: index, spreadArcsec2: numbers.sigmaA * numbers.sigmaA)
    }
    for index in classOfB {
      counts.b.add(class: index, spreadArcsec2: numbers.sigmaB * numbers.sigmaB)
    }
    forEachPair { i, j, chiSquared in
      counts.addPair(classA: classOfA[i], classB: classOfB[j], zone: Self.zones.zone(level: chiSquared / 2))
    }
    return counts
  }

  private static func classes(of sources: [Source], _ classes: MagnitudeClasses) -> [Int32] {
    sources.map { classes.classIndex(band: 0, magnitude: $0.magnitude) }
  }

  /// All pairs inside F_max, found along x.
  func forEachPair(_ body: (Int, Int, Double) -> Void) {
    let variance = numbers.sigmaA * numbers.sigmaA + numbers.sigmaB * numbers.sigmaB
    let reach = (2 * Self.zones.limit * variance).squareRoot()
    let order = b.indices.sorted { b[$0].x < b[$1].x }
    let sorted = order.map { b[$0].x }
    for i in a.indices {
      var position = Self.firstIndex(of: a[i].x - reach, in: sorted)
      while position < order.count, sorted[position] <= a[i].x + reach {
        let j = order[position]
        position += 1
        let (dx, dy) = (a[i].x - b[j].x, a[i].y - b[j].y)
        let chiSquared = (dx * dx + dy * dy) / variance
        if chiSquared < 2 * Self.zones.limit { body(i, j, chiSquared) }
      }
    }
  }

  private static func firstIndex(of value: Double, in sorted: [Double]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
