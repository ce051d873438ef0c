import Foundation
import Testing
import XMDBTestSupport

/// Survey profiles of a user's own, as commands find and use them.
@Suite struct ProfilesTests {
  private static let csv = "objid,alpha,delta,err,w\n" + (0..<40).map { "\($0),\(Double($0) / 4),1,50,12\n" }.joined()

  private static func profile(_ name: String, psf: String = "none") -> String {
    """
    profiles:
      - name: \(name)
        columns: [objid, alpha, delta]
        roles: {id: objid, ra: "alpha:deg", dec: "delta:deg", sigma: "err:mas"}
        epoch: 2015.5
        psf: \(psf)
    """
  }

  private func folder() throws -> Workdir {
    let folder = try Workdir()
    try folder.write(Data(Self.csv.utf8), to: "a.csv")
    try folder.write(Data(Self.csv.utf8), to: "b.csv")
    return folder
  }

  @Test func theyAreListedAndPrinted() throws {
    let folder = try folder()
    let usual = try folder.xmdb("profiles")
    #expect(usual.status == 0 && usual.output.contains("Hipparcos-2") && usual.output.contains("xmdb"), "\(usual)")
    let printed = try folder.xmdb("profiles", "des")
    #expect(printed.status == 0 && printed.output.hasPrefix("profiles:\n- name: DES"), "\(printed)")
    // What is printed is a file of profiles.
    try folder.write(Data(printed.output.utf8), to: "des.yaml")
    let again = try folder.xmdb("profiles", "DES", "--profiles", "des.yaml")
    #expect(again.output == printed.output)
    let facts = try #require(
      try folder.xmdb("profiles", "--profiles", "des.yaml", "--json").json() as? [[String: Any]])
    #expect(facts[0]["file"] as? String == "des.yaml" && facts[1]["file"] is NSNull)
    let wrong = try folder.xmdb("profiles", "nothing")
    #expect(wrong.status == 2 && wrong.error.contains("Hipparcos-2"), "\(wrong)")
  }

  @Test func optionVariableAndDatabaseComeInThisOrder() throws {
    let folder = try folder()
    for name in ["option", "variable", "database"] {
      try folder.write(
        Data(Self.profile(name).utf8), to: name == "database" ? "sky.xmdb/profiles.yaml" : "\(name).yaml")
    }
    try FileManager.default.moveItem(
      atPath: folder.path("sky.xmdb/profiles.yaml"), toPath: folder.path("profiles.yaml"))
    try FileManager.default.removeItem(atPath: folder.path("sky.xmdb"))
    #expect(try folder.xmdb("ingest", "a.csv", "--profiles", "option.yaml").status == 0)
    try FileManager.default.moveItem(
      atPath: folder.path("profiles.yaml"), toPath: folder.path("sky.xmdb/profiles.yaml"))
    func recognised(_ options: [String], _ variable: String?) throws -> String {
      let environment = variable.map { ["XMDB_PROFILES": $0] } ?? [:]
      return try folder.start(["ingest", "b.csv", "--dry-run"] + options, environment: environment).wait().output
    }
    #expect(try recognised(["--profiles", "option.yaml"], "variable.yaml").contains("those of option, option.yaml."))
    #expect(try recognised([], "variable.yaml").contains("those of variable, variable.yaml."))
    #expect(try recognised([], "").contains("those of database, "))
    #expect(try folder.xmdb("verify").status == 0)
    // A file that is wrong is an error wherever it is named.
    for arguments in [["ingest", "b.csv"], ["profiles"]] {
      let wrong = try folder.start(arguments, environment: ["XMDB_PROFILES": "missing.yaml"]).wait()
      #expect(wrong.status == 2 && wrong.error.contains("missing.yaml: cannot be read"), "\(wrong)")
    }
  }

  @Test func matchesFollowThePSFOfTheIngest() throws {
    let folder = try folder()
    try folder.write(Data(Self.profile("Mine", psf: "6.5").utf8), to: "p.yaml")
    for name in ["a", "b"] { #expect(try folder.xmdb("ingest", "\(name).csv", "--profiles", "p.yaml").status == 0) }
    func configuration(_ options: [String]) throws -> String {
      let plan = try folder.start(["match", "a", "b", "--plan"] + options).wait()
      #expect(plan.status == 0, "\(plan)")
      return plan.output
    }
    // What the file says later changes nothing.
    try folder.write(Data(Self.profile("Mine", psf: "2.5").utf8), to: "p.yaml")
    #expect(try configuration([]).contains("psf_a: 6.5"))
    #expect(try configuration(["--psf-a", "2"]).contains("psf_b: 6.5"))
    #expect(try configuration(["--no-crowding"]).contains("psf_a") == false)
    let stored = try folder.start(["sql", "SELECT name, psf FROM xm_catalogues"]).wait()
    #expect(stored.output.contains("a") && stored.output.contains("6.5"), "\(stored)")
    #expect(try folder.start(["info", "a"]).wait().output.contains("6.5, as its survey profile states"))
    #expect(try folder.xmdb("verify").status == 0)
    let option = try folder.start(["match", "a", "b", "--profiles", "p.yaml"]).wait()
    #expect(option.status == 2 && option.error.contains("--profiles"), "\(option)")
    try folder.write(Data(Self.profile("Mine", psf: "wise W9").utf8), to: "q.yaml")
    let wrong = try folder.start(["ingest", "a.csv", "--as", "c", "--profiles", "q.yaml"]).wait()
    #expect(wrong.status == 2 && wrong.error.contains("profile 'Mine', psf") && wrong.error.contains("wise W1"))
    // Two files, without a database.
    let matched = try folder.start(
      ["match", "a.csv", "b.csv", "--out", "m.csv", "--profiles", "p.yaml"]).wait()
    #expect(matched.status == 0, "\(matched)")
  }
}
