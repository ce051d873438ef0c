import Foundation
import Testing
import XMDBTestSupport

/// The SQL surface through the program: what the README promises.
@Suite struct SkyQueryTests {
  private func value(_ folder: Workdir, _ sql: String) throws -> String {
    let result = try folder.xmdb("sql", "--csv", sql)
    #expect(result.status == 0, "\(sql): \(result)")
    return result.lines.dropFirst().joined(separator: "\n")
  }

  @Test func cataloguesAndCounterpartsAreTables() throws {
    let folder = try Hyades.matched()
    #expect(try value(folder, "SELECT count(*), count(DISTINCT source_id) FROM gaia") == "3872,3872")
    #expect(try value(folder, "SELECT count(*) FROM xm_cone('gaia', 66.75, 16.87, 13)") == "3872")
    let run = try #require((try folder.xmdb("runs", "--json").json() as? [[String: Any]])?.first)
    let counts = try value(
      folder,
      """
      SELECT (SELECT count(*) FROM xmatch('gaia', 'hip')), (SELECT count(*) FROM xm_nonmatches('gaia', 'hip', 'gaia')),
        (SELECT count(*) FROM xm_nonmatches('gaia', 'hip', 'hip')), (SELECT count(*) FROM xm_pairs('gaia', 'hip'))
      """)
    let expected = ["matches", "nonmatches_a", "nonmatches_b", "pairs"].map { "\(run[$0] ?? "")" }.joined(
      separator: ",")
    #expect(counts == expected)
  }

  @Test func theAnswerIsTheSameWithAndWithoutAStoredRun() throws {
    let query =
      "SELECT a_id, b_id, match_p, pair_p, separation_arcsec, xi, flags FROM xmatch('gaia', 'hip') ORDER BY 1, 2"
    let computed = try value(Hyades.database(), query)
    let stored = try value(Hyades.matched(), query)
    #expect(computed.split(separator: "\n").count > 900)
    #expect(computed == stored)
  }

  @Test func aMissingTableNamesThoseThatAreThere() throws {
    let folder = try Hyades.database()
    let missing = try folder.xmdb("sql", "SELECT * FROM gaja")
    #expect(missing.status == 1)
    #expect(
      missing.error == "Error: no such table: gaja; did you mean gaia?; the catalogues of sky.xmdb are: gaia, hip\n")
    let nowhere = try folder.xmdb("sql", "--db", "elsewhere", "SELECT * FROM gaia")
    #expect(nowhere.error.contains("elsewhere: there is no xmdb database here"), "\(nowhere)")
  }
}
