import Foundation
import Testing
import XMDBTestSupport

/// The simulated pair of the whole sky is as difficult as its script says.
@Suite struct AllSkyTests {
  private let folder: Workdir

  init() throws { folder = try AllSky.database(sources: 60_000) }

  @Test func everythingThatACutCanGetWrongOccurs() throws {
    try expectContrastOfAThousand()
    try expectPolesAndRightAscension0()
    try expectHoles()
    try expectEmptyPixels()
    try expectLessSkyInB()
    try expectLargeIslands()
  }

  private func numbers(_ query: String) throws -> [Double] {
    let result = try folder.xmdb("sql", "--csv", query)
    let fields = try #require(result.lines.last, "\(result)").split(separator: ",")
    return try fields.map { try #require(Double($0), "\(query): \(result)") }
  }

  /// Counts of a catalogue, one for each condition.
  private func counts(_ catalogue: String, _ conditions: String...) throws -> [Double] {
    try numbers("SELECT " + conditions.map { "sum(\($0))" }.joined(separator: ", ") + " FROM \(catalogue)")
  }

  private func expectContrastOfAThousand() throws {
    let poleArcsec = "xm_separation(ra, dec, 192.85948, 27.12825)"
    let latitude = "abs(90 - \(poleArcsec) / 3600)"
    let found = try counts("a", "\(latitude) < 1", "\(latitude) > 65")
    let contrast = found[0] / sin(Double.pi / 180) / (found[1] / (1 - sin(65 * Double.pi / 180)))
    #expect(found[1] > 5)
    #expect(contrast > 1000, "\(found)")
  }

  private func expectPolesAndRightAscension0() throws {
    for catalogue in ["a", "b"] {
      let found = try counts(catalogue, "dec > 85", "dec < -85", "ra < 2 AND dec > 20", "ra > 358 AND dec > 20")
      #expect(found.allSatisfy { $0 > 5 }, "\(catalogue): \(found)")
    }
  }

  private func expectHoles() throws {
    let ofA = "xm_separation(ra, dec, 80, -69) < 14400"
    #expect(try counts("a", ofA, "ra BETWEEN 120.01 AND 159.99 AND dec BETWEEN 20.01 AND 49.99") == [0, 0])
    let ofB = ["80, -69) < 14400", "266.4, -29) < 10790", "0, 0) < 7190"].map { "xm_separation(ra, dec, \($0)" }
    #expect(try counts("b", ofB[0], ofB[1], ofB[2]) == [0, 0, 0])
  }

  private func expectEmptyPixels() throws {
    let filled = try ["a", "b"].map {
      try numbers("SELECT count(DISTINCT xm_healpix(3, ra, dec)) FROM \($0) WHERE abs(dec) < 89")[0]
    }
    #expect(filled[0] < 768 && filled[1] < 0.8 * filled[0], "\(filled)")
  }

  private func expectLessSkyInB() throws {
    let outside = "ra BETWEEN 201 AND 299 AND abs(dec) < 89"
    #expect(try counts("b", outside) == [0])
    #expect(try counts("a", outside)[0] > 5000)
  }

  private func expectLargeIslands() throws {
    let matched = try folder.xmdb("match", "a", "b")
    try #require(matched.status == 0, "\(matched)")
    let sizes = try numbers(
      "SELECT max(n), sum(n > 10) FROM (SELECT count(*) n FROM xm_pairs('a', 'b') GROUP BY island)")
    #expect(sizes[0] > 20 && sizes[1] > 50, "\(sizes)")
  }
}
