import Glibc
import Match
import Testing
import XMDBTestSupport

/// The estimate of priors and shares from pair counts, on fields with known counterparts.
@Suite struct RegionEstimateTests {
  /// Three synthetic cases and the leak that an estimate with Z_c kept has there.
  static let cases: [(PlaneSky.Numbers, Double)] = [
    (.init(counterparts: 5000, fieldA: 3000, fieldB: 6000, sigmaA: 0.1, sigmaB: 0.2), 0.002),
    (.init(counterparts: 5000, fieldA: 3000, fieldB: 30_000, sigmaA: 0.3, sigmaB: 0.5), 0.030),
    (.init(counterparts: 10_000, fieldA: 10_000, fieldB: 60_000, sigmaA: 0.5, sigmaB: 1.0), 0.108),
  ]

  struct Measured {
    let sky: PlaneSky
    let classesA: MagnitudeClasses
    let classesB: MagnitudeClasses
    let estimate: RegionEstimate

    init?(_ numbers: PlaneSky.Numbers, seed: UInt64) {
      var rng = SplitMix64(seed: seed)
      sky = PlaneSky(numbers, using: &rng)
      classesA = PlaneSky.classes(sky.a)
      classesB = PlaneSky.classes(sky.b)
      let counts = sky.counts(classesA, classesB)
      guard
        let estimate = RegionEstimate(
          counts, sky: sky.sky, zones: PlaneSky.zones, classesA: classesA, classesB: classesB)
      else { return nil }
      self.estimate = estimate
    }

    /// The mass of c in cells in which the true magnitudes of counterparts never lie.
    var leak: (faint: Double, anywhere: Double) {
      let c = estimate.photometry!.counterparts
      var (faint, anywhere) = (0.0, 0.0)
      for (i, a) in classesA.classes.enumerated() {
        for (j, b) in classesB.classes.enumerated() {
          let isFaint = a.brightest >= 17.9999
          let isOff = b.faintest < a.brightest - 1 - 1 || b.brightest > a.faintest - 1 + 1
          if isFaint { faint += c[i * classesB.count + j] }
          if isFaint || isOff { anywhere += c[i * classesB.count + j] }
        }
      }
      return (faint, anywhere)
    }
  }

  @Test(arguments: 0..<3) func `almost no counterparts are put where there are none`(_ number: Int) throws {
    let (numbers, limit) = Self.cases[number]
    var (faint, anywhere) = (0.0, 0.0)
    for seed in UInt64(1)...4 {
      let leak = try #require(Measured(numbers, seed: seed)).leak
      faint += leak.faint / 4
      anywhere += leak.anywhere / 4
    }
    print("share of c in cells without counterparts, case \(number): too faint \(faint), all \(anywhere)")
    #expect(faint < limit)
    #expect(anywhere < max(limit, 0.01))
  }

  @Test(arguments: 0..<3) func `the density of counterparts is right to one percent, and its error honest`(
    _ number: Int
  ) throws {
    let numbers = Self.cases[number].0
    var (pulls, errors): ([Double], [Double]) = ([], [])
    for seed in UInt64(1)...8 {
      let measured = try #require(Measured(numbers, seed: seed))
      let truth = Double(numbers.counterparts) / measured.sky.sky.areaDegrees2
      let found = measured.estimate.priors.counterpartsPerDegree2
      errors.append(found / truth - 1)
      pulls.append((found - truth) / measured.estimate.uncertaintyPerDegree2)
    }
    let rms = (pulls.map { $0 * $0 }.reduce(0, +) / 8).squareRoot()
    #expect(rms < 1.5)
    #expect(abs(errors.reduce(0, +) / 8) < 0.01)
  }

  @Test func `the three kinds of densities add up to what was counted`() throws {
    let measured = try #require(Measured(Self.cases[1].0, seed: 3))
    let (p, n, sky) = (measured.estimate.photometry!, measured.estimate.priors, measured.sky.sky)
    for shares in [p.counterparts, p.fieldA, p.fieldB] { #expect(abs(shares.reduce(0, +) - 1) < 1e-12) }
    #expect(abs(n.counterpartsPerDegree2 + n.unmatchedAPerDegree2 - sky.countA / sky.areaDegrees2) < 1e-6)
    #expect(abs(n.counterpartsPerDegree2 + n.unmatchedBPerDegree2 - sky.countB / sky.areaDegrees2) < 1e-6)
    #expect((p.counterparts + p.fieldA + p.fieldB).allSatisfy { $0 > 0 && $0.isFinite })
  }

  @Test func `counterparts with unrelated magnitudes are noticed and none is ruled out`() throws {
    var numbers = Self.cases[0].0
    let clean = try #require(Measured(numbers, seed: 5))
    numbers.unrelated = 0.05
    let mixed = try #require(Measured(numbers, seed: 5))
    #expect(clean.leak.anywhere < 0.01)
    #expect(mixed.leak.anywhere > 0.01)
    for measured in [clean, mixed] {
      let p = measured.estimate.photometry!
      for a in 0..<Int32(p.countA) {
        for b in 0..<Int32(p.countB) { #expect(p.logRatio(a: a, b: b) > -5 * log(10)) }
      }
    }
  }

  @Test func `exchanging the catalogues transposes the answer`() throws {
    var rng = SplitMix64(seed: 11)
    let sky = PlaneSky(Self.cases[1].0, using: &rng)
    let (classesA, classesB) = (PlaneSky.classes(sky.a), PlaneSky.classes(sky.b))
    let counts = sky.counts(classesA, classesB)
    var swapped = PairCounts(classesA: classesB.count, classesB: classesA.count, zones: counts.zones)
    (swapped.a, swapped.b) = (counts.b, counts.a)
    for i in 0..<classesA.count {
      for j in 0..<classesB.count {
        for zone in 0..<counts.zones {
          for _ in 0..<counts.pairs[(i * classesB.count + j) * counts.zones + zone] {
            swapped.addPair(classA: Int32(j), classB: Int32(i), zone: zone)
          }
        }
      }
    }
    let there = try #require(
      RegionEstimate(counts, sky: sky.sky, zones: PlaneSky.zones, classesA: classesA, classesB: classesB))
    let sky2 = RegionSky(areaDegrees2: sky.sky.areaDegrees2, countA: sky.sky.countB, countB: sky.sky.countA)
    let back = try #require(
      RegionEstimate(swapped, sky: sky2, zones: PlaneSky.zones, classesA: classesB, classesB: classesA))
    for i in 0..<Int32(classesA.count) {
      for j in 0..<Int32(classesB.count) {
        let (one, other) = (there.photometry!.logRatio(a: i, b: j), back.photometry!.logRatio(a: j, b: i))
        #expect(abs(one - other) < 1e-10)
      }
    }
  }

  @Test func `counts of parts add up to those of the whole`() throws {
    var rng = SplitMix64(seed: 12)
    let sky = PlaneSky(Self.cases[0].0, using: &rng)
    let (classesA, classesB) = (PlaneSky.classes(sky.a), PlaneSky.classes(sky.b))
    let whole = sky.counts(classesA, classesB)
    var twice = whole
    twice += whole
    #expect(twice.a.total == 2 * whole.a.total)
    #expect(zip(twice.pairs, whole.pairs).allSatisfy { $0 == 2 * $1 })
    #expect(twice.a.spread == whole.a.spread.map { 2 * $0 })
  }

  @Test func `a field without counterparts has no estimate`() {
    let none = PlaneSky.Numbers(counterparts: 0, fieldA: 8000, fieldB: 8000, sigmaA: 0.3, sigmaB: 0.5)
    #expect(Measured(none, seed: 9) == nil)
  }
}
