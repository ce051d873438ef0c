import Testing

@testable import SQLExt

/// `xm_auf` of one catalogue and of two.
@Suite struct AufTableTests {
  let blurred: BlurredSky

  init() throws { blurred = try BlurredSky(seed: 41) }

  private var host: SQLHost { blurred.host }

  @Test func everySourceHasARow() throws {
    let sums = try host.rows(
      """
      SELECT count(*) = (SELECT count(*) FROM gaia), count(DISTINCT xm_rowid) = count(*), min(density_per_deg2) > 0,
        max(abs(sigma_used_arcsec - 0.05)) < 1e-12, max(abs(sigma_arcsec - 0.05)) < 1e-12, count(measured_order)
      FROM xm_auf('gaia')
      """)
    #expect(sums == ["1|1|1|1|1|0"])
    let same = try host.value(
      """
      SELECT count(*) FROM xm_auf('catwise') u JOIN catwise c ON c.xm_rowid = u.xm_rowid
      WHERE u.id IS c.source_id AND u.ra_deg = c.ra AND u.mag = c.g_mag
      """)
    #expect(same == (try host.value("SELECT count(*) FROM catwise")))
  }

  /// The band is taken for Gaia's, in whose PSF next to nothing is hidden: what is told follows from the magnitude all the same.
  @Test func faintSourcesAreContaminatedMoreOften() throws {
    #expect(try host.value("SELECT DISTINCT band || psf_fwhm_arcsec FROM xm_auf('gaia')") == "gaia G0.18")
    let sums = try host.rows(
      """
      SELECT avg(CASE WHEN mag < 18 THEN cont_f10 END) < avg(CASE WHEN mag > 20 THEN cont_f10 END),
        min(pull_rms_arcsec) >= 0, max(pull_class) < 16, min(cont_f1 - cont_f10) >= 0, max(avg_cont) < 1
      FROM xm_auf('gaia')
      """)
    #expect(sums == ["1|1|1|1|1"])
  }

  @Test func constraintsLeaveThoseRowsThatAScanLeaves() throws {
    for condition in ["id = 1700", "xm_rowid = 17", "dec_deg > 88.02", "ra_deg BETWEEN 0.3 AND 0.9", "id = 'none'"] {
      let few = try host.rows("SELECT * FROM xm_auf('gaia') WHERE \(condition)")
      #expect(try few == host.rows("SELECT * FROM xm_auf('gaia') WHERE +\(condition)"), "\(condition)")
      #expect(few.isEmpty == (condition == "id = 'none'"))
    }
  }

  @Test func ofTwoCataloguesItShowsTheFittedWidths() throws {
    let rows = try host.rows(
      """
      SELECT abs(sum(weight) - 1) < 1e-9, count(*) > 0, count(id), count(sigma_arcsec) FROM xm_auf('gaia', 'catwise')
      GROUP BY measured_order, measured_pixel, sigma_from_arcsec
      """)
    #expect(Set(rows) == ["1|1|0|0"])
    #expect(try host.rows("SELECT * FROM xm_auf(NULL)").isEmpty)
    #expect(throws: (any Error).self) { try host.rows("SELECT * FROM xm_auf('nothing')") }
    #expect(throws: (any Error).self) { try host.rows("SELECT * FROM xm_auf('gaia', 'nothing')") }
  }

  /// What `xm_explain` tells of hidden neighbours is what the match has found.
  @Test func explanationsTellTheContaminationOfTheMatch() throws {
    let keys = try host.rows("SELECT a_id FROM xmatch('gaia', 'catwise') WHERE b_cont_f10 > 0.01 LIMIT 20")
    #expect(keys.count == 20)
    for key in keys {
      let same = try host.rows(
        """
        SELECT abs(e.b_cont_f10 - m.b_cont_f10) < 1e-9, abs(e.b_avg_cont - m.b_avg_cont) < 1e-9, e.a_cont_f10 IS NULL,
          e.a_pull_rms_arcsec IS NULL, e.b_pull_rms_arcsec > 0, e.b_density_per_deg2 > 0,
          e.log10_density_unpulled IS NOT NULL, e.eta_as_measured IS NOT NULL
        FROM xm_explain('gaia', 'catwise', \(key), 'gaia') e JOIN xmatch('gaia', 'catwise') m USING (a_id, b_id)
        WHERE e.matched AND m.a_id = \(key)
        """)
      #expect(same == ["1|1|1|1|1|1|1|1"], "\(key)")
    }
  }
}
