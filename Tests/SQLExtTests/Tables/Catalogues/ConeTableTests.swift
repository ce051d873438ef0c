import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import SQLExt

@Suite struct ConeTableTests {
  @Test(arguments: SkyKind.allCases)
  func conesAreThoseOfBruteForce(kind: SkyKind) throws {
    var rng = SplitMix64(seed: 11)
    let sky = try TestSky()
    var catalogue = TestCatalogue("c", kind.sample(600, scaleArcsec: 60, using: &rng))
    catalogue.sourcesPerShard = 100
    try sky.add(catalogue)
    let host = try SQLHost(databasePath: sky.path)
    for _ in 0..<12 {
      let near = rng.below(catalogue.sky.count)
      let (ra, dec) = (catalogue.normalisedRA(near), catalogue.sky.decDegrees[near])
      let radius = rng.logUniform(1e-3, 180)
      let wanted = (0..<catalogue.sky.count).filter {
        separation(
          ra1Degrees: ra, dec1Degrees: dec, ra2Degrees: catalogue.normalisedRA($0),
          dec2Degrees: catalogue.sky.decDegrees[$0]
        ).degrees <= radius
      }
      let found = try host.rows("SELECT id FROM xm_cone('c', \(ra), \(dec), \(radius)) ORDER BY id")
      #expect(found == wanted.map { "\(1000 + $0)" }, "\(kind), \(ra), \(dec), \(radius)")
    }
  }

  @Test func theColumnsAreInTheirUnits() throws {
    let sky = try TestSky()
    var field = Sky()
    field.append(-10, 20)
    field.append(350.1, 20)
    var catalogue = TestCatalogue("c", field)
    catalogue.sigmaX = [0.3, 0.4]
    catalogue.sigmaY = [0.5, 0.2]
    catalogue.motionRA = [100, .nan]
    catalogue.motionDec = [-5, .nan]
    catalogue.epochs = [2010.5, .nan]
    catalogue.ids = .text(TextIDs(["one", nil]))
    try sky.add(catalogue)
    let host = try SQLHost(databasePath: sky.path)
    let rows = try host.rows(
      """
      SELECT id, ra_deg, dec_deg, round(separation_arcsec, 6), sigma_arcsec, pm_ra_mas_yr, pm_dec_mas_yr, epoch_yr
      FROM xm_cone('c', 350, 20, 1) ORDER BY separation_arcsec
      """)
    #expect(rows.first == "one|350.0|20.0|0.0|0.5|100.0|-5.0|2010.5")
    #expect(rows.last?.hasPrefix("NULL|350.1|20.0|338.28") == true)
    #expect(rows.last?.hasSuffix("|0.4|NULL|NULL|NULL") == true)
  }

  @Test func conesJoinWithTargetsAndWithTheCatalogue() throws {
    var rng = SplitMix64(seed: 12)
    let sky = try TestSky()
    let catalogue = CatalogueTableTests.polarCatalogue(&rng)
    try sky.add(catalogue)
    let host = try SQLHost(databasePath: sky.path)
    try host.execute(
      "CREATE TABLE target(name, ra, dec); INSERT INTO target VALUES ('n', 0, 90), ('far', 0, 0), ('?', NULL, 1)")
    let rows = try host.rows(
      """
      SELECT t.name, count(*), sum(p.source_id = c.id) FROM target t, xm_cone('polar', t.ra, t.dec, 0.3) c
      JOIN polar p ON p.xm_rowid = c.xm_rowid GROUP BY t.name
      """)
    let wanted = catalogue.sky.decDegrees.count { 90 - $0 <= 0.3 }
    #expect(rows == ["n|\(wanted)|\(wanted)"])
    let order = try host.rows("SELECT xm_rowid FROM xm_cone('polar', 0, 89.7, 1) ORDER BY xm_healpix29, xm_rowid")
    #expect(order == (0..<3000).map { "\($0)" })
    #expect(try host.plan("SELECT id FROM xm_cone('polar', 0, 90, 1) ORDER BY xm_rowid").count == 1)
  }

  @Test func wrongArgumentsAreNamed() throws {
    let sky = try TestSky()
    let host = try SQLHost(databasePath: sky.path)
    #expect(
      host.message("SELECT * FROM xm_cone('gaia', 0, 0, 1)")
        == "xm_cone: argument 1 (catalogue) is 'gaia'; expected text: name of a catalogue in \(sky.path); there is none yet; `xmdb ingest FILE` adds one"
    )
    try sky.add(TestCatalogue("c", Sky()))
    #expect(host.message("SELECT * FROM xm_cone(3, 0, 0, 1)").hasSuffix("in \(sky.path); there are: c"))
    #expect(
      host.message("SELECT * FROM xm_cone('c', 0, 91, 1)")
        == "xm_cone: argument 3 (dec) is 91; expected degrees, -90 to 90")
    #expect(
      host.message("SELECT * FROM xm_cone('c', 0, 9, -1)")
        == "xm_cone: argument 4 (radius) is -1; expected degrees, 0 to 180")
    #expect(try host.rows("SELECT * FROM xm_cone('c', 0, 9, 1)").isEmpty)
    #expect(try host.rows("SELECT * FROM c").isEmpty)
  }
}
