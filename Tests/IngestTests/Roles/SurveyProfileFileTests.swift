import CatalogStore
import Formats
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import Ingest

/// Profiles that users write.
@Suite struct SurveyProfileFileTests {
  private let folder: Workdir

  init() throws { folder = try Workdir() }

  private static let deep = """
    profiles:
      - name: Deep 7
        columns: [objid, alpha, delta]
        any_of: [g_auto, r_auto]
        none_of: [bad]
        roles:
          id: objid
          ra: alpha:rad
          dec: [nothing, delta:deg]
          sigma: 0.08:arcsec
          mag:g: g_auto
          mag_error:g: [g_err:mag]
          snr:r: r_snr
          mag:r: r_auto:uJy
        epoch: 57174:MJD
        epoch_because: the night of the exposures
        psf: 1.2
        not_used:
          - columns: [e_alpha, e_delta]
            because: they are of 95 % confidence
        notes:
          - magnitudes below 15 are saturated
    """

  private func known(_ text: String) throws -> SurveyProfiles {
    try SurveyProfiles(file: folder.write(Data(text.utf8), to: "p.yaml"))
  }

  private func refusal(_ text: String) throws -> StoreError {
    try #require(throws: StoreError.self) { _ = try known(text) }
  }

  private func columns(_ names: String) -> [TableColumn] {
    names.split(separator: " ").map { TableColumn(name: String($0), type: $0 == "objid" ? .int64 : .float64) }
  }

  @Test func aTableIsRecognisedByTheFile() throws {
    let names = "OBJID alpha delta g_auto g_err r_auto r_snr e_alpha e_delta"
    let profiles = try known(Self.deep)
    let roles = try RoleAssignment(recognising: columns(names), profiles: profiles)
    #expect(roles.profile == "Deep 7" && roles.ownProfile?.file == folder.path("p.yaml"))
    let found = Set(roles.bindings.map { "\($0.role)=\($0.sourceText)" })
    #expect(
      found == [
        "id=OBJID", "ra=alpha [rad]", "dec=delta [deg]", "sigma=0.08 [arcsec]", "epoch=57174.0 [MJD]",
        "mag:g=g_auto [mag]", "mag_error:g=g_err [mag]", "mag:r=r_auto [uJy]", "snr:r=r_snr",
      ])
    #expect(roles.notes.contains("not used: e_alpha, e_delta: they are of 95 % confidence"))
    #expect(roles.notes.contains("Deep 7: magnitudes below 15 are saturated"))
    #expect(abs((roles.epochYears ?? 0) - 2015.412) < 0.01)
    #expect(profiles.recognise(["objid", "ALPHA", "delta", "r_auto"])?.psf == "1.2")
    // Not with a column that it must not have, nor without any of those of which it has one.
    for others in [names + " bad", "objid alpha delta"] {
      #expect(try RoleAssignment(recognising: columns(others), profiles: profiles).profile == nil, "\(others)")
    }
    // What the user says on the command line wins.
    let mapped = try RoleAssignment(
      recognising: columns(names), mappings: ["sigma=e_alpha:mas"], epochYears: 2000, profiles: profiles)
    #expect(mapped[.sigma]?.sourceText == "e_alpha [mas]" && mapped.epochYears == 2000)
  }

  @Test func everyProfileOfTheProgramIsTheSameAfterItsFile() throws {
    for profile in SurveyProfiles.builtIn.all {
      let text = try profile.yaml
      let read = try known(text)
      #expect(try read.all[0].yaml == text)
      #expect(read.all.count == SurveyProfiles.builtIn.all.count, "\(profile.name)")
      func form(_ profile: SurveyProfile) -> [String] {
        profile.entries.flatMap { entry in
          entry.columns.map { "\(entry.role) \($0) \(entry.unit) \(entry.unit.scale) \(entry.unit.offset)" }
        }.sorted()
      }
      #expect(form(read.all[0]) == form(profile), "\(profile.name)")
      #expect(read.all[0].epoch == profile.epoch && read.all[0].epochUnit == profile.epochUnit)
      #expect(read.all[0].epochQuestion == profile.epochQuestion && read.all[0].file != nil && profile.file == nil)
    }
  }

  @Test func aFileComesFirstAndReplacesByName() throws {
    let text = "profiles:\n  - name: lotss\n    columns: [Source_Name, RA]\n    roles: {ra: RA}\n"
    let profiles = try known(text)
    #expect(profiles.all.map(\.name).filter { $0.lowercased() == "lotss" } == ["lotss"])
    #expect(profiles.named("LoTSS")?.required == ["Source_Name", "RA"])
    #expect(profiles.recognise(["source_name", "ra", "dec", "e_ra", "e_dec", "isl_rms"])?.file != nil)
  }

  @Test(
    arguments: [
      ("", ["has no `profiles:`"]), ("profiles: []", ["has no profiles"]), ("profiles: 3", ["is no list"]),
      ("- a\n- b", ["list of `key: value`", "profiles"]), ("surveys: []", ["unknown key 'surveys'", "profiles"]),
      ("profiles: [{columns: [a]}]", ["profile 1", "has no name"]),
      ("profiles: [{name: x}]", ["profile 'x'", "neither `columns:`"]),
      ("profiles: [{name: [x], columns: [a]}]", ["is a list", "a text"]),
      ("profiles: [{name: x, columns: [[a]]}]", ["is a list", "names of columns"]),
      ("profiles: [{name: x, columns: [a], colour: red}]", ["unknown key 'colour'", "not_used"]),
      ("profiles: [{name: x, columns: [a], roles: {speed: a}}]", ["'x', roles, speed", "is no role", "pm_ra"]),
      ("profiles: [{name: x, columns: [a], roles: {ra: 'a:parsec'}}]", ["unit 'parsec'", "arcmin"]),
      ("profiles: [{name: x, columns: [a], roles: {ra: 'a:mag'}}]", ["does not fit", "deg"]),
      ("profiles: [{name: x, columns: [a], roles: {ra: {column: a}}}]", ["is a list", "COLUMN[:UNIT]"]),
      ("profiles: [{name: x, columns: [a], roles: {ra: 10}}]", ["'10'", "cannot be the same for every row"]),
      ("profiles: [{name: x, columns: [a], roles: {sigma: '-1:mas'}}]", ["greater than 0"]),
      ("profiles: [{name: x, columns: [a], roles: {sigma: '2:deg'}}]", ["outside the range"]),
      ("profiles: [{name: x, columns: [a], roles: {epoch: 2016}}]", ["key `epoch`"]),
      ("profiles: [{name: x, columns: [a], roles: {ra: ':deg'}}]", ["':deg'"]),
      ("profiles: [{name: x, columns: [a], epoch: 57170}]", ["x', epoch", "'57170'", "57174:MJD"]),
      ("profiles: [{name: x, columns: [a], epoch: soon}]", ["'soon'", "Julian year"]),
      ("profiles: [{name: x, columns: [a], epoch: '2016:deg'}]", ["'2016:deg'"]),
      ("profiles: [{name: x, columns: [a], psf: -1}]", ["psf", "'-1'", "arcsec"]),
      ("profiles: [{name: x, columns: [a], psf: nan}]", ["'nan'"]),
      ("profiles: [{name: x, columns: [a], not_used: [{columns: b}]}]", ["because"]),
      ("profiles: [{name: x, columns: [a]}, {name: X, columns: [b]}]", ["two profiles named 'X'"]),
      ("profiles: [{name: x, name: y, columns: [a]}]", ["not YAML"]), ("profiles: [", ["not YAML"]),
      ("profiles:\n\t- name: x", ["not YAML"]), ("\u{0}", ["not YAML"]),
      ("a: &x [1]\nb: *x", ["anchor '&x'", "write out"]),
    ] as [(String, [String])])
  func whatIsWrongIsSaid(_ text: String, _ words: [String]) throws {
    let error = try refusal(text)
    #expect(error.code == .usage && "\(error)".contains("p.yaml"), "\(error)")
    #expect(!"\(error)".contains("\n"))
    for word in words { #expect("\(error)".contains(word), "\(error)") }
  }

  /// Files that would take memory or time, or are none, end with one error at once.
  @Test func hugeAndHostileFilesAreRefused() throws {
    #expect("\(try refusal(String(repeating: "# line\n", count: 50_000)))".contains("262144 bytes"))
    let bomb =
      "a0: &a0 [x]\n" + (1...40).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]\n" }.joined() + "? *a40\n: 1\n"
    #expect("\(try refusal(bomb))".contains("anchor"))
    for opening in ["[", "{a: ", "- ", "? "] {
      #expect(try refusal(String(repeating: opening, count: 60_000)).code == .usage)
    }
    let start = ContinuousClock.now
    #expect(throws: StoreError.self) { _ = try SurveyProfiles(file: "/dev/zero") }
    #expect(throws: StoreError.self) { _ = try SurveyProfiles(file: folder.path) }
    #expect(throws: StoreError.self) { _ = try SurveyProfiles(file: folder.path("missing.yaml")) }
    #expect(ContinuousClock.now - start < .seconds(5))
    let invalid = try folder.write(Data([0x61, 0xFF, 0xFE, 0x3A]), to: "bytes.yaml")
    #expect("\(try #require(throws: StoreError.self) { _ = try SurveyProfiles(file: invalid) })".contains("UTF-8"))
  }

  /// Every byte of a sound file is changed in turn: it is read or refused, never more.
  @Test func flippedBytesAreReadOrRefused() throws {
    var bytes = Array(Self.deep.utf8)
    var (read, refused) = (0, 0)
    for place in bytes.indices {
      for byte: UInt8 in [0, 0x20, 0x2A, 0x3A, 0x5B, 0x80, 0xFF] {
        let old = bytes[place]
        bytes[place] = byte
        let path = try folder.write(Data(bytes), to: "flipped.yaml")
        do {
          _ = try SurveyProfiles(file: path)
          read += 1
        } catch is StoreError { refused += 1 }
        bytes[place] = old
      }
    }
    #expect(read > 500 && refused > 500, "\(read), \(refused)")
  }

  @Test func aCatalogueIsAnotherOneWithAnotherProfile() throws {
    let lab = try IngestLab()
    let path = try lab.write([
      ParquetColumn("objid", .int64([1, 2])), ParquetColumn("alpha", .double([0.1, 0.2])),
      ParquetColumn("delta", .double([1, 2])), ParquetColumn("g_auto", .double([15, 16])),
    ])
    func plan(_ text: String) throws -> IngestPlan {
      var options = IngestOptions(paths: [path])
      options.profiles = try known(text)
      return try IngestPlan(options)
    }
    let usual = try plan(Self.deep)
    #expect(try IngestDriver(plan: usual).run(into: lab.database).catalogue.rows == 2)
    #expect(try IngestDriver(plan: plan(Self.deep + "\n")).run(into: lab.database).wasThere)
    let other = try plan(Self.deep.replacing("0.08", with: "0.09"))
    let error = #expect(throws: StoreError.self) { _ = try IngestDriver(plan: other).run(into: lab.database) }
    #expect(error?.message.contains("is there already") == true)
  }
}
