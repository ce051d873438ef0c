import Foundation
import Testing

@testable import Match

@Suite struct GalaxyCountsTests {
  /// Equal shells from 0 to 4, as the reference has them.
  private static let shells = RedshiftRule.shells((0...40).map { Double($0) * 0.1 })

  private func counts(_ reference: GalaxyReference.Band, reversed: Bool) throws -> GalaxyCounts {
    var options = GalaxyCounts.Options()
    options.redshifts = Self.shells
    options.evolutionEndsAtRedshift = .infinity
    options.reversedKCorrection = reversed
    options.extrapolatedInfrared = true
    let band = try CountBand(
      name: reference.filter, wavelengthMicron: reference.wavelengthMicron, abOffset: reference.abOffset,
      extinctionRatio: 0, galaxyFilter: reference.filter)
    return try GalaxyCounts(band: band, options: options)
  }

  @Test(arguments: GalaxyReference.bands.indices, [false, true])
  func countsAreThoseOfAnotherImplementation(index: Int, reversed: Bool) throws {
    let reference = GalaxyReference.bands[index]
    let model = try counts(reference, reversed: reversed)
    let expected = reversed ? reference.reversed : reference.hogg
    var compared = 0
    for (i, value) in expected.enumerated() where value > 0.1 {
      let magnitude = reference.firstMagnitude + 0.5 * Double(i)
      let found = model.density(at: magnitude)
      #expect(abs(found / value - 1) < 0.03, "\(reference.filter) \(magnitude) \(found) \(value)")
      compared += 1
    }
    #expect(compared > 10)
  }

  @Test func schechterParametersAreThoseOfTheMetaModel() {
    let blue = SchechterEvolution.blue(wavelengthMicron: 0.62)
    let red = SchechterEvolution.red(wavelengthMicron: 0.62)
    let found = [
      blue.characteristicMagnitude, blue.normalisation, blue.slope, blue.densityEvolution, blue.luminosityEvolution,
      red.characteristicMagnitude, red.normalisation, red.slope, red.densityEvolution, red.luminosityEvolution,
    ]
    let expected = [
      -20.92025, 0.00242185, -1.262196, -0.3091188, 1.333271, -20.77902, 0.003641393, -0.2950819, -0.7615107, 1.362857,
    ]
    for (a, b) in zip(found, expected) { #expect(abs(a / b - 1) < 1e-6, "\(a) \(b)") }
  }

  @Test(arguments: [(0.5, 42.326635, 3.877482e6), (1, 44.159755, 8.728907e6), (2.05, 46.075739, 1.266432e7)])
  func distancesAndVolumesAreThoseOfPlanck(z: Double, modulus: Double, volume: Double) {
    let cosmology = Cosmology.planck2018
    let d = cosmology.comovingDistance(from: 0, to: z)
    #expect(abs(Cosmology.distanceModulus(comovingDistanceMpc: d, redshift: z) - modulus) < 2e-6)
    #expect(abs(cosmology.volumePerDeg2(comovingDistanceMpc: d, redshift: z) / volume - 1) < 2e-6)
  }

  /// One shell at z ≤ 0.01, against φ dV interpolated from a table of absolute magnitudes, in another cosmology.
  @Test(arguments: [(3.4, 0.0), (0.16, 1.5)])
  func nearGalaxiesAreTheLuminosityFunctionAtTheirDistance(wavelength: Double, extinction: Double) throws {
    var options = GalaxyCounts.Options()
    options.redshifts = .shells([0, 0.01])
    options.extrapolatedInfrared = true
    let w = wavelength
    let band = try CountBand(name: "test", wavelengthMicron: w, abOffset: 0, extinctionRatio: 1)
    let model = try GalaxyCounts(band: band, options: options)
    let grid = try MagnitudeGrid(first: 10, step: 0.5, count: 11)
    let found = model.counts(on: grid, extinction: try ExtinctionDistribution(uniform: extinction))
    // Flat, H₀ = 67.7, Ω_m = 0.31: 4000 midpoints of dz/E.
    func e(_ z: Double) -> Double { (0.31 * pow(1 + z, 3) + 0.69).squareRoot() }
    func distance(_ z: Double) -> Double {
      var sum = 0.0
      for k in 0..<4000 { sum += 1 / e(z * (Double(k) + 0.5) / 4000) }
      return sum * z / 4000 * 299_792.458 / 67.7
    }
    func volume(_ z: Double) -> Double { 299_792.458 / 67.7 * pow(distance(z), 2) / e(z) * pow(.pi / 180, 2) }
    let shell = volume(0.01) / 2 * 0.01
    let modulus = 5 * log10(distance(0.005) * 1.005) + 25
    for i in 0..<grid.count {
      var expected = 0.0
      for p in [SchechterEvolution.blue(wavelengthMicron: w), .red(wavelengthMicron: w)] {
        let l = pow(
          10, -0.4 * (grid[i] - extinction - modulus - p.characteristicMagnitude + p.luminosityEvolution * 0.005))
        let density = p.normalisation * pow(10, 0.4 * p.densityEvolution * 0.005)
        expected += 0.4 * log(10) * density * pow(l, p.slope + 1) * exp(-l) * shell
      }
      #expect(abs(found.density[i] - expected) < 0.01 * expected + 1e-4, "\(grid[i])")
    }
  }

  /// The integral over z by 40,000 midpoints in ln z, from Schechter functions written out here.
  @Test func countsAreTheIntegralOverTheUniverse() throws {
    let band = try Bands.band("sdss", "r")
    let model = try GalaxyCounts(band: band)
    let table = try KCorrectionTable(band: band)
    let cosmology = Cosmology.planck2018
    let steps = 40_000
    let (a, b) = (log(1e-4), log(4.0))
    var sums = [16.0: 0.0, 20: 0, 24: 0]
    var distance = cosmology.comovingDistance(from: 0, to: 1e-4)
    var previous = 1e-4
    for k in 0..<steps {
      let z = exp(a + (b - a) * (Double(k) + 0.5) / Double(steps))
      distance += 299_792.458 / 67.66 * (z - previous) / cosmology.expansion(redshift: (z + previous) / 2)
      previous = z
      let hubble = 299_792.458 / 67.66
      let degree = Double.pi / 180
      let area: Double = distance * distance * degree * degree
      let depth: Double = hubble / cosmology.expansion(redshift: z) * z * (b - a) / Double(steps)
      let volume = area * depth
      let modulus = 5 * log10(distance * (1 + z)) + 25
      for (p, corrections) in [
        (SchechterEvolution.blue(wavelengthMicron: band.wavelengthMicron), table.blue),
        (.red(wavelengthMicron: band.wavelengthMicron), table.red),
      ] {
        let frozen = min(z, 1)
        let star = p.characteristicMagnitude - p.luminosityEvolution * frozen
        let phi = p.normalisation * pow(10, 0.4 * p.densityEvolution * frozen)
        for m in sums.keys {
          let l = pow(10, -0.4 * (m - modulus - KCorrectionTable.value(corrections, redshift: z) - star))
          sums[m, default: 0] += 0.4 * log(10) * phi * pow(l, p.slope + 1) * exp(-l) * volume
        }
      }
    }
    for (m, expected) in sums { #expect(abs(model.density(at: m) / expected - 1) < 1e-3, "\(m) \(expected)") }
  }

  @Test func theSignOfTheKCorrectionIsThatOfHogg() throws {
    // K − K_reversed = −5 log(1 + z): at one redshift the counts are the same but for that shift.
    var options = GalaxyCounts.Options()
    options.redshifts = .shells([0.99, 1.01])
    let band = try Bands.band("sdss", "r")
    let right = try GalaxyCounts(band: band, options: options)
    options.reversedKCorrection = true
    let wrong = try GalaxyCounts(band: band, options: options)
    for m in [20.0, 22, 24] {
      #expect(abs(wrong.density(at: m + 5 * log10(2)) / right.density(at: m) - 1) < 1e-12)
    }
    // Galaxies look brighter in the infrared when their bump moves in: K of Ks is negative.
    let infrared = try KCorrectionTable(band: Bands.band("2mass", "Ks"))
    #expect(KCorrectionTable.value(infrared.red, redshift: 0.3) < -0.3)
    #expect(KCorrectionTable.value(infrared.red, redshift: 0) == 0)
  }

  @Test func extinctionIsAMeanOverItsDistribution() throws {
    let model = try GalaxyCounts(band: Bands.band("sdss", "g"))
    let grid = try MagnitudeGrid(first: 15, step: 0.5, count: 20)
    let found = model.counts(on: grid, extinction: try ExtinctionDistribution(values: [0, 0.5, 1, 3]))
    for i in 0..<grid.count {
      let expected = [0, 0.5, 1, 3].reduce(0) { $0 + model.density(at: grid[i] - $1 * 1.205) / 4 }
      #expect(abs(found.density[i] / expected - 1) < 1e-4)
    }
  }

  /// r from Yasuda et al. (2001), Ks from surveys of the last decades, W1 from Jarrett et al. (2017): per deg² and mag,
  /// read to 20 %.
  @Test(arguments: [
    ("sdss", "r", 18.0, 118.0), ("sdss", "r", 20, 1100), ("2mass", "Ks", 14, 70), ("2mass", "Ks", 16, 1050),
    ("wise", "W1", 14, 80), ("wise", "W1", 15, 400), ("wise", "W1", 16, 1700),
  ])
  func countsAreThoseOfSurveysWithinAFactorOfTwo(survey: String, name: String, magnitude: Double, published: Double)
    throws
  {
    let ratio = try GalaxyCounts(band: Bands.band(survey, name)).density(at: magnitude) / published
    print("galaxies", survey, name, magnitude, "model/published", ratio)
    #expect(ratio > 0.5 && ratio < 2)
  }

  @Test func absurdInputsGiveErrorsOrFiniteCounts() throws {
    let band = try Bands.band("sdss", "r")
    for rule in [
      RedshiftRule.quadrature(upTo: .nan), .quadrature(upTo: 1e10), .quadrature(upTo: 0), .shells([]), .shells([1, 0]),
      .shells([0, .nan]), .shells([0, 7]), .shells([-1, 1]),
    ] {
      var options = GalaxyCounts.Options()
      options.redshifts = rule
      #expect(throws: CountsError.self) { try GalaxyCounts(band: band, options: options) }
    }
    let model = try GalaxyCounts(band: band)
    for m in [-1e300, 1e300, .nan, .infinity, -.infinity, -50, 90.0] {
      let density = model.density(at: m)
      #expect(density.isFinite && density >= 0, "\(m)")
    }
    #expect(throws: CountsError.self) { try Cosmology(hubbleConstant: .nan, matterDensity: 0.3) }
    let unknown = try CountBand(name: "x", wavelengthMicron: 1, abOffset: 0, extinctionRatio: 0, galaxyFilter: "none")
    #expect(throws: CountsError.self) { try GalaxyCounts(band: unknown) }
  }
}
