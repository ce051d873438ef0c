import Foundation
import Indexing
import Testing

@testable import Match

@Suite struct StarCountsTests {
  @Test(arguments: [(0.0, 90.0), (300, -29), (1.25, -2.65), (90, 0)])
  func countsAreTheSumOverTypesAndDistances(l: Double, b: Double) throws {
    let band = try Bands.band("2mass", "Ks")
    let direction = try GalacticDirection(longitudeDegrees: l, latitudeDegrees: b)
    let dust = try ExtinctionDistribution(values: [0.3, 2, 11])
    let grid = try MagnitudeGrid(first: 8, step: 2, count: 6)
    let found = try StarCounts(band: band).counts(in: direction, extinction: dust, on: grid)
    let geometry = SightlineGeometry(direction)
    let spectra = StellarSpectra(band: band)
    // Distances in other steps than the model's.
    let moduli = stride(from: -4.99, to: 20, by: 0.03).map { $0 }
    let distances = moduli.map { pow(10, $0 / 5 + 1) }
    let profile = DustDisc.extinction(geometry, distancesPc: distances)
    var expected = [Double](repeating: 0, count: grid.count)
    let types = StellarPopulations.types.map { ($0, spectra.magnitude(of: $0)) }
    for component in GalacticComponent.allCases {
      let own = types.filter { $0.0.component == component }
      for (k, d) in distances.enumerated() {
        let volume =
          component.relativeDensity(at: geometry.place(distancePc: d)) * pow(d, 3) * log(10) / 5 * 0.03
          * pow(.pi / 180, 2)
        guard volume > 0 else { continue }
        for av in dust.values {
          let faded = moduli[k] + av * profile[k] / profile[profile.count - 1] * band.extinctionRatio
          for (type, magnitude) in own {
            let apparent = magnitude + faded
            let nearest = Int(((apparent - grid.first) / grid.step).rounded())
            for i in max(0, nearest - 1)...max(0, nearest + 1) where i < grid.count {
              let x = (grid[i] - apparent) / 0.25
              if abs(x) < 4.5 {
                expected[i] += type.density * volume / 3 * exp(-x * x / 2) / (0.25 * (2 * .pi).squareRoot())
              }
            }
          }
        }
      }
    }
    for i in 0..<grid.count {
      #expect(abs(found.density[i] / expected[i] - 1) < 0.01, "\(grid[i]) \(found.density[i]) \(expected[i])")
    }
  }

  /// Stars near the Sun. Systems: Smart et al. (2021) within 100 pc; V: Wielen, Jahreiß & Krüger (1983), per mag and
  /// 10⁴ pc³.
  @Test func starsNearTheSunAreThoseObserved() throws {
    let (magnitudes, density) = try StarCounts(band: Bands.johnsonV()).localLuminosityFunction
    let total = density.reduce(0, +) * 0.05
    print("systems per pc³", total)
    #expect(total > 0.065 && total < 0.095)
    for (m, published) in [(3.0, 11.0), (5, 29), (7, 29), (9, 53), (11, 83), (13, 120)] {
      let i = try #require(magnitudes.firstIndex { abs($0 - m) < 0.01 })
      let ratio = density[i] * 1e4 / published
      print("M_V", m, "model/observed", ratio)
      #expect(ratio > 0.6 && ratio < 1.5)
    }
  }

  /// Red clump stars near the Sun: some 450 within 100 pc (Hipparcos).
  @Test func redClumpStarsNearTheSunAreThoseObserved() {
    let clump = StellarPopulations.types.filter {
      if case .giant(let colour) = $0.look { return $0.shift < -1.4 && $0.shift > -2.2 && colour < 2.5 }
      return false
    }.filter { $0.component != .bulge }
    let number = clump.reduce(0) { $0 + $1.density } * 4 / 3 * .pi * 1e6
    print("clump giants within 100 pc", number)
    #expect(number > 250 && number < 900)
  }

  /// Numbers of stars in ranges of absolute magnitude per dwarf (4 ≤ M_Ks < 6, 6 ≤ M_V < 9), from isochrones of PARSEC
  /// (1.2S + COLIBRI S_35) with the mass function of Chabrier (2003) for systems.
  @Test(arguments: [
    (GalacticComponent.bulge, -8.0, -2.5, 0.0017), (.bulge, -2.5, 0.5, 0.0117), (.bulge, 0.5, 3, 0.1151),
    (.thick, -8, -2.5, 0.0016), (.thick, -2.5, 0.5, 0.0110), (.thick, 0.5, 3, 0.0818),
    (.halo, -4, 0, 0.0017), (.halo, 0, 2, 0.0090), (.halo, 2, 4, 0.0420),
  ])
  func giantsPerDwarfAreThoseOfIsochrones(part: GalacticComponent, bright: Double, faint: Double, isochrone: Double)
    throws
  {
    let band = part == .halo ? try Bands.johnsonV() : try Bands.band("2mass", "Ks")
    let spectra = StellarSpectra(band: band)
    func number(_ bright: Double, _ faint: Double) -> Double {
      StellarPopulations.types.filter { type in
        let magnitude = spectra.magnitude(of: type)
        return type.component == part && magnitude >= bright && magnitude < faint
      }.reduce(0) { $0 + $1.density }
    }
    let ratio = number(bright, faint) / (part == .halo ? number(6, 9) : number(4, 6)) / isochrone
    print("\(part) \(bright) to \(faint): model/isochrone", ratio)
    #expect(ratio > 0.75 && ratio < 1.45)
  }

  /// Stars of the whole sky: of Tycho-2 to 10 mag in V, of UCAC4 to 16 mag in its own band between V and R (0.58 to 0.64 µm).
  @Test func starsOfTheWholeSkyAreThoseCounted() throws {
    let tycho = [6.0: 5326.0, 8: 48_559, 10: 382_925]
    let ucac = [12.0: 2_955_951.0, 13: 7_346_735, 14: 17_214_116, 15: 39_387_795, 16: 88_896_114]
    let fitted = try CountBand(name: "UCAC", wavelengthMicron: 0.61, abOffset: 0.15, extinctionRatio: 0.86)
    for (band, published) in [(try Bands.johnsonV(), tycho), (fitted, ucac)] {
      let sums = try wholeSky(band, limits: Array(published.keys))
      for (limit, number) in published.sorted(by: { $0.key < $1.key }) {
        let ratio = (sums[limit] ?? 0) / number
        print("whole sky", band.name, "<", limit, "model/counted", ratio)
        #expect(ratio > 0.65 && ratio < 1.35)
      }
    }
    // Gaia DR3: 1.81 billion sources to 21 mag, some 37 million to 15 mag; it misses stars where they are crowded.
    let gaia = try wholeSky(Bands.band("gaia", "G"), limits: [13, 15, 17.65, 19, 20, 21])
    for (limit, number) in gaia.sorted(by: { $0.key < $1.key }) {
      print("whole sky G <", limit, number / 1e6, "million")
    }
    #expect((gaia[15] ?? 0) / 37e6 > 0.7 && (gaia[15] ?? 0) / 37e6 < 1.3)
    #expect((gaia[21] ?? 0) / 1.81e9 > 0.75 && (gaia[21] ?? 0) / 1.81e9 < 1.6)
  }

  private func wholeSky(_ band: CountBand, limits: [Double]) throws -> [Double: Double] {
    let stars = StarCounts(band: band)
    let grid = try MagnitudeGrid(first: 0.05, step: 0.1, count: 230)
    var sums: [Double: Double] = [:]
    for j in 0..<48 {
      // Latitudes are denser near the plane.
      let t = (Double(j) + 0.5) / 24 - 1
      let b = 72 * t * t * t + 18 * t
      let area = (216 * t * t + 18) / 24 * 360 / 18 * cos(b * .pi / 180)
      for k in 0..<18 {
        let direction = try GalacticDirection(longitudeDegrees: Double(k) * 20 + 10, latitudeDegrees: b)
        let counts = try stars.counts(in: direction, on: grid)
        for limit in limits { sums[limit, default: 0] += counts.sourcesPerDeg2(from: 0, to: limit) * area }
      }
    }
    return sums
  }

  /// SWEEPS: 180,000 stars to V ≈ 27 in 202″ × 202″ of the bulge (Sahu et al. 2006), A_V = 2.
  @Test func starsOfTheBulgeAreThoseCounted() throws {
    let counts = try StarCounts(band: Bands.johnsonV()).counts(
      in: GalacticDirection(longitudeDegrees: 1.25, latitudeDegrees: -2.65),
      extinction: ExtinctionDistribution(uniform: 2), on: MagnitudeGrid(first: 5.05, step: 0.1, count: 220))
    let ratio = counts.sourcesPerDeg2(from: 5, to: 27) * pow(202.0 / 3600, 2) / 180_000
    print("bulge V < 27 model/counted", ratio)
    #expect(ratio > 0.5 && ratio < 2)
  }

  @Test func extinctionPushesCountsFainterByItself() throws {
    // Behind a screen at the Sun counts would move by A; dust along the line moves them by no more, and galaxies' distance by all of it.
    let stars = StarCounts(band: try Bands.johnsonV())
    let direction = try GalacticDirection(longitudeDegrees: 40, latitudeDegrees: 60)
    let grid = try MagnitudeGrid(first: 10, step: 0.5, count: 24)
    let clear = try stars.counts(in: direction, extinction: ExtinctionDistribution.none, on: grid)
    let dusty = try stars.counts(in: direction, extinction: try ExtinctionDistribution(uniform: 1), on: grid)
    for i in 2..<grid.count {
      #expect(dusty.density[i] < clear.density[i])
      #expect(dusty.density[i] > clear.density(at: grid[i] - 1) * 0.98)
    }
  }

  /// The failure at the Galactic centre: with one mean extinction the model is too faint where dust is patchy. The
  /// truth here is a field of clouds: of 400 lines of sight, columns of dust that differ by the factors that maps show.
  @Test func oneMeanExtinctionPushesTheGalacticCentreTooFaintAndADistributionDoesNot() throws {
    let band = try Bands.band("gaia", "G")
    let stars = StarCounts(band: band)
    let centre = try GalacticDirection(longitudeDegrees: 0.3, latitudeDegrees: -0.4)
    let grid = try MagnitudeGrid(first: 10.05, step: 0.1, count: 120)
    var random = SeededNumbers(seed: 41)
    let columns = (0..<400).map { _ -> Double in
      // Two layers of clouds, exponential in thickness: not lognormal.
      2 + 9 * -log(1 - random.uniform()) + 9 * -log(1 - random.uniform())
    }
    let truth = try stars.counts(in: centre, extinction: ExtinctionDistribution(values: columns), on: grid)
    let mean = columns.reduce(0, +) / 400
    let logs = columns.map { log($0) }
    let logMean = logs.reduce(0, +) / 400
    let scatter = (logs.reduce(0) { $0 + pow($1 - logMean, 2) } / 399).squareRoot()
    let single = try stars.counts(in: centre, extinction: ExtinctionDistribution(uniform: mean), on: grid)
    let distribution = try stars.counts(
      in: centre, extinction: ExtinctionDistribution(lognormalMean: mean, scatter: scatter), on: grid)
    func depth(_ counts: DifferentialCounts) -> Double {
      // The magnitude that 50,000 stars deg⁻² are brighter than.
      (0..<grid.count).map { grid[$0] }.first { counts.sourcesPerDeg2(from: 0, to: $0) > 50_000 } ?? 30
    }
    print("seed 41, mean A_V", mean, "scatter", scatter, "depths", depth(truth), depth(single), depth(distribution))
    #expect(depth(single) - depth(truth) > 0.5)
    #expect(abs(depth(distribution) - depth(truth)) < 0.3)
    for m in [17.0, 19, 21] {
      let ratios = [single, distribution].map {
        $0.sourcesPerDeg2(from: 0, to: m) / truth.sourcesPerDeg2(from: 0, to: m)
      }
      print("G <", m, "single/truth", ratios[0], "distribution/truth", ratios[1])
      #expect(ratios[0] < 0.75)
      #expect(ratios[1] > 0.7 && ratios[1] < 1.4)
    }
  }

  @Test func theSkyIsContinuousAcrossLongitudeZeroAndThePoles() throws {
    let stars = StarCounts(band: try Bands.band("wise", "W1"))
    let grid = try MagnitudeGrid(first: 8, step: 1, count: 10)
    func counts(_ l: Double, _ b: Double) throws -> [Double] {
      try stars.counts(in: GalacticDirection(longitudeDegrees: l, latitudeDegrees: b), on: grid).density
    }
    #expect(try counts(-10, 5) == counts(350, 5))
    #expect(try counts(370, 5) == counts(10, 5))
    for (a, b) in zip(try counts(0, 90), try counts(180, 90)) { #expect(abs(a / b - 1) < 1e-9) }
    for (a, b) in zip(try counts(359.9999, 3), try counts(0.0001, 3)) { #expect(abs(a / b - 1) < 1e-4) }
    // More stars towards the centre than away from it; more of the bar at positive longitudes.
    #expect(try counts(0, 5)[5] > 3 * counts(180, 5)[5])
    #expect(try counts(8, -3)[5] > counts(352, -3)[5])
  }

  @Test func galacticCoordinatesAreThoseOfThePoleAndTheCentre() throws {
    let pole = GalacticDirection(try #require(SkyPosition(raDegrees: 192.85948, decDegrees: 27.12825)))
    #expect(abs(pole.latitudeDegrees - 90) < 1e-4)
    let centre = GalacticDirection(try #require(SkyPosition(raDegrees: 266.40510, decDegrees: -28.93617)))
    #expect(abs(centre.latitudeDegrees) < 1e-4)
    #expect(min(centre.longitudeDegrees, 360 - centre.longitudeDegrees) < 1e-4)
    let cloud = GalacticDirection(try #require(SkyPosition(raDegrees: 80.894, decDegrees: -69.756)))
    #expect(abs(cloud.longitudeDegrees - 280.465) < 0.01 && abs(cloud.latitudeDegrees + 32.888) < 0.01)
  }

  @Test(arguments: Bands.all)
  func everyBandOfTheDataFileHasCounts(band: SurveyBand) throws {
    let grid = try MagnitudeGrid(first: 8, step: 0.5, count: 32)
    let direction = try GalacticDirection(longitudeDegrees: 120, latitudeDegrees: -45)
    let stars = try StarCounts(band: band.band).counts(in: direction, on: grid)
    let galaxies = try GalaxyCounts(band: band.band).counts(on: grid)
    // Counts rise towards fainter magnitudes.
    #expect(stars.density.allSatisfy { $0.isFinite && $0 > 0 })
    #expect(galaxies.density.allSatisfy { $0.isFinite && $0 >= 0 })
    #expect(stars.density[14] > stars.density[8])
    #expect(galaxies.density[24] > galaxies.density[14])
  }

  /// A band between the tabulated ones: stars in Sloan r from the columns V, R and I, and V counted at r's wavelength.
  @Test func interpolatedBandsLieBetweenTheirNeighbours() throws {
    let grid = try MagnitudeGrid(first: 15, step: 1, count: 5)
    let direction = try GalacticDirection(longitudeDegrees: 120, latitudeDegrees: -45)
    func counts(_ wavelength: Double, _ column: StellarColumn?) throws -> [Double] {
      let band = try CountBand(
        name: "x", wavelengthMicron: wavelength, abOffset: 0, extinctionRatio: 0, stellarColumn: column)
      return try StarCounts(band: band).counts(in: direction, on: grid).density
    }
    for (a, b) in zip(try counts(0.641, nil), try counts(0.641, .r)) { #expect(abs(a / b - 1) < 1e-9) }
    let (v, r, i) = (try counts(0.545, .v), try counts(0.7, nil), try counts(0.798, .i))
    for k in v.indices { #expect(r[k] > v[k] && r[k] < i[k]) }
  }

  /// g − r of dwarfs by their M_V (Pecaut & Mamajek 2013), which the tables of stars do not hold: from A0V to K9V.
  @Test func interpolatedColoursOfDwarfsAreThoseMeasured() throws {
    func magnitude(_ name: String, _ visual: Double) throws -> Double {
      StellarSpectra(band: try Bands.band("sdss", name)).magnitude(
        of: StellarType(density: 1, look: .dwarf(visualMagnitude: visual), shift: 0, component: .thinOld))
    }
    for (visual, published) in [
      (0.99, -0.25), (2.57, 0.1), (3.37, 0.28), (4.48, 0.42), (4.8, 0.476), (5.78, 0.62), (7.28, 1.04), (8.56, 1.32),
    ] {
      let found = try magnitude("g", visual) - magnitude("r", visual)
      #expect(abs(found - published) < 0.05, "M_V \(visual): \(found), published \(published)")
    }
  }

  @Test func absurdInputsGiveErrorsOrFiniteCounts() throws {
    for (l, b) in [(Double.nan, 0.0), (0, .nan), (.infinity, 0), (0, 91), (0, -1e10)] {
      #expect(throws: CountsError.self) { try GalacticDirection(longitudeDegrees: l, latitudeDegrees: b) }
    }
    for av in [1e10, -1, Double.nan, .infinity] {
      #expect(throws: CountsError.self) { try ExtinctionDistribution(uniform: av) }
      #expect(throws: CountsError.self) { try ExtinctionDistribution(lognormalMean: av, scatter: 0.3) }
      #expect(throws: CountsError.self) { try ExtinctionDistribution(values: [1, av]) }
    }
    #expect(throws: CountsError.self) { try ExtinctionDistribution(lognormalMean: 1, scatter: .nan) }
    #expect(throws: CountsError.self) { try ExtinctionDistribution(values: []) }
    for (first, step, count) in [
      (Double.nan, 0.1, 10), (0, 0, 10), (0, .nan, 10), (0, 0.1, 0), (0, 0.1, Int.max), (0, 10, 100), (-1e10, 0.1, 3),
    ] {
      #expect(throws: CountsError.self) { try MagnitudeGrid(first: first, step: step, count: count) }
    }
    for (w, o, a) in [(Double.nan, 0.0, 0.0), (1, .nan, 0), (1, 0, .nan), (1e9, 0, 0), (1, 0, -1)] {
      #expect(throws: CountsError.self) {
        try CountBand(name: "x", wavelengthMicron: w, abOffset: o, extinctionRatio: a)
      }
    }
    // The most that is allowed.
    let band = try CountBand(name: "x", wavelengthMicron: 0.3, abOffset: 15, extinctionRatio: 5)
    let dust = try ExtinctionDistribution(lognormalMean: 1000, scatter: 3)
    let grid = try MagnitudeGrid(first: -30, step: 0.3, count: 300)
    let counts = try StarCounts(band: band).counts(
      in: GalacticDirection(longitudeDegrees: 1e300, latitudeDegrees: 0), extinction: dust, on: grid)
    #expect(counts.density.allSatisfy { $0.isFinite && $0 >= 0 })
    #expect(try GalaxyCounts(band: band).counts(on: grid, extinction: dust).density.allSatisfy { $0.isFinite })
  }

  @Test func aSightlineAndBandTakeLessThanFiftyMilliseconds() throws {
    let band = try Bands.band("wise", "W1")
    let direction = try GalacticDirection(longitudeDegrees: 300, latitudeDegrees: -29)
    let grid = try MagnitudeGrid(first: 5.05, step: 0.1, count: 250)
    let dust = try ExtinctionDistribution(lognormalMean: 0.33, scatter: 0.3)
    _ = try StarCounts(band: band).counts(in: direction, extinction: dust, on: grid)
    let start = clock()
    for _ in 0..<5 {
      _ = try StarCounts(band: band).counts(in: direction, extinction: dust, on: grid)
      _ = try GalaxyCounts(band: band).counts(on: grid, extinction: dust)
    }
    let milliseconds = Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1000 / 5
    print("a sightline and band:", milliseconds, "ms of processor time")
    #expect(milliseconds < 50)
  }
}
