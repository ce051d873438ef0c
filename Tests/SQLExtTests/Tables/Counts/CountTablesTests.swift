import Foundation
import Testing

@testable import SQLExt

/// `xm_bands`, `xm_counts` and `xm_crowding`, in a host without a database.
@Suite struct CountTablesTests {
  @Test func theBandsAreThoseOfTheDataFile() throws {
    let host = try SQLHost()
    #expect(
      try host.rows("SELECT count(*), count(DISTINCT survey), min(psf_fwhm_arcsec) > 0 FROM xm_bands") == ["44|10|1"])
  }

  @Test func countsAddUpAndGrowTowardsFaintMagnitudesAndTheGalaxy() throws {
    let host = try SQLHost()
    let sums = """
      SELECT abs(max(brighter_per_deg2) / (0.1 * sum(stars_per_deg2_mag + galaxies_per_deg2_mag)) - 1) < 1e-12,
        min(stars_per_deg2_mag) >= 0, count(*)
      FROM xm_counts('wise w1', 63.5, -87)
      """
    #expect(try host.rows(sums) == ["1|1|261"])
    func stars(_ place: String) throws -> Double {
      let sql = "SELECT stars_per_deg2_mag FROM xm_counts('gaia G', \(place)) WHERE mag = 18.0"
      return try #require(Double(host.value(sql)))
    }
    let (pole, plane) = (try stars("192.86, 27.13"), try stars("266.4, -10"))
    #expect(pole > 100 && pole < 1000 && plane > 10 * pole, "\(pole), \(plane)")
    #expect(try host.value("SELECT sum(galaxies_per_deg2_mag) FROM xm_counts('gaia G', 10, 10)") == "0.0")
    #expect(try stars("10, 10, 3") < stars("10, 10, 0.0"))
  }

  @Test func faintSourcesAreCrowdedMore() throws {
    let host = try SQLHost()
    func crowding(_ magnitude: Double) throws -> [Double] {
      let rows = try host.rows("SELECT * FROM xm_crowding('wise W1', 63.5, -87, \(magnitude))")
      return try #require(rows.first).split(separator: "|").compactMap { Double($0) }
    }
    let (bright, faint) = (try crowding(10), try crowding(16))
    #expect(bright.count == 6 && faint.count == 6)
    for column in [0, 2, 3, 4, 5] { #expect(bright[column] < faint[column]) }
    // none_p = exp(−hidden_neighbours); more neighbours above 1 % than above 10 %.
    #expect(abs(faint[1] - exp(-faint[0])) < 1e-9 && faint[2] > faint[3])
    #expect(faint[5] > 0.01 && faint[5] < 2)
  }

  @Test func motionsAreThoseOfStarsAndGalaxies() throws {
    let host = try SQLHost()
    func speed(_ arguments: String) throws -> Double {
      let sql = """
        SELECT sqrt(sum(weight * (pm_ra_mas_per_yr * pm_ra_mas_per_yr + pm_dec_mas_per_yr * pm_dec_mas_per_yr
          + sigma_pm_ra_mas_per_yr * sigma_pm_ra_mas_per_yr + sigma_pm_dec_mas_per_yr * sigma_pm_dec_mas_per_yr)))
        FROM xm_proper_motion(\(arguments))
        """
      return try #require(Double(host.value(sql)))
    }
    let weights = "SELECT abs(sum(weight) - 1) < 1e-9, min(weight) >= 0, max(abs(corr_pm)) <= 1 FROM xm_proper_motion"
    #expect(try host.rows("\(weights)('wise W1', 63.5, -87, 16)") == ["1|1|1"])
    // Bright stars are near; half of the sources at W1 = 17 are galaxies.
    #expect(try speed("'gaia G', 63.5, -87, 8") > 1.5 * speed("'gaia G', 63.5, -87, 18"))
    #expect(try (5...40).contains(speed("'gaia G', 63.5, -87, 16")))
    let resting = "SELECT sum(weight) FROM xm_proper_motion('wise W1', 63.5, -87, 17) WHERE sigma_pm_ra_mas_per_yr = 0"
    #expect(try (0.2...0.95).contains(#require(Double(host.value(resting)))))
  }

  @Test(arguments: [
    ("'wise W9', 0, 0", "known are gaia G"), ("'wise W1', 0, 91", "expected degrees, -90 to 90"),
    ("'wise W1', 0, 0, -1", "a_v"), ("'wise W1', 'x', 0", "ra"),
  ])
  func wrongArgumentsAreNamed(arguments: String, message: String) throws {
    let host = try SQLHost()
    let error = try #require(throws: (any Error).self) { try host.rows("SELECT * FROM xm_counts(\(arguments))") }
    #expect("\(error)".contains(message), "\(error)")
  }

  /// Beyond these the models hold no neighbours, or only some.
  @Test(arguments: [3.9, 23.6, -5, 28]) func magnitudesWithoutAllNeighboursAreRefused(magnitude: Double) throws {
    let message = try SQLHost().message("SELECT * FROM xm_crowding('wise W1', 0, 0, \(magnitude))")
    #expect(message.contains("expected mag, 4 to 23.5"), "\(message)")
  }

  @Test func anUnknownArgumentGivesNoRows() throws {
    #expect(try SQLHost().rows("SELECT * FROM xm_counts(NULL, 0, 0)").isEmpty)
    #expect(try SQLHost().rows("SELECT * FROM xm_crowding('wise W1', 0, 0, NULL)").isEmpty)
  }

  @Test func galaxiesAreThoseOfTheCountsWithoutExtinction() throws {
    let host = try SQLHost()
    let same = """
      SELECT max(abs(g.galaxies_per_deg2_mag / c.galaxies_per_deg2_mag - 1)) < 1e-9, count(*) > 200
      FROM xm_galaxy_counts('wise W1') g JOIN xm_counts('wise W1', 63.5, -87, 0.0) c USING (mag)
      WHERE c.galaxies_per_deg2_mag > 0
      """
    #expect(try host.rows(same) == ["1|1"])
    func galaxies(_ arguments: String) throws -> Double {
      let sql = "SELECT brighter_per_deg2 FROM xm_galaxy_counts(\(arguments)) WHERE mag = 18.0"
      return try #require(Double(host.value(sql)))
    }
    let all = try galaxies("'sdss r'")
    #expect(try galaxies("'sdss r', 1.0") < all && galaxies("'sdss r', 0, 0.1") < all)
    // Gaia's survey takes point sources; the galaxies are there.
    #expect(try galaxies("'gaia G'") > 10)
    for arguments in ["'none'", "'sdss r', -1", "'sdss r', 0, 7", "'sdss r', 0, 0", "5"] {
      #expect(throws: (any Error).self, "\(arguments)") {
        try host.rows("SELECT * FROM xm_galaxy_counts(\(arguments))")
      }
    }
  }
}
