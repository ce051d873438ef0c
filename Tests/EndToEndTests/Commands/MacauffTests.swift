import Foundation
import Testing
import XMDBTestSupport

/// Tables and parameters of macauff as input, and its tables of results read back.
@Suite struct MacauffTests {
  /// A source of both catalogues, in one of two chunks, and whether the other chunk has it in its halo.
  private struct Source {
    let number: Int
    let ra: Double
    var chunk: Int { ra < 10 ? 1 : 2 }
    var isNearBorder: Bool { abs(ra - 10) < 0.1 }
  }

  private static let sources = (0..<200).map { Source(number: $0, ra: 9.5 + Double($0) / 200) }
  private static let dec = -1.25

  private let folder: Workdir

  init() throws {
    folder = try Workdir()
    for chunk in [1, 2] {
      let there = Self.sources.filter { $0.chunk == chunk || $0.isNearBorder }
      let a = there.map { "\($0.ra),\(Self.dec),0.05,17.5,,\(1000 + $0.number),1,\($0.chunk == chunk ? 0 : 1)" }
      // b lacks every tenth source, and is given in another order of columns.
      let b = there.filter { $0.number % 10 != 0 }.map {
        "W\($0.number),\($0.ra + 1e-6),\(Self.dec),0.2,0,\($0.chunk == chunk ? 0 : 1),12.5,0.01,-0.02"
      }
      try write(a, "a_\(chunk).csv")
      try write(b, "in/b_\(chunk).csv")
    }
    try folder.write(Data(Self.catalogueA.utf8), to: "cat_a.yaml")
    try folder.write(Data(Self.catalogueB.utf8), to: "in/cat_b.yaml")
    try folder.write(Data(Self.joint.utf8), to: "joint.yaml")
  }

  private func write(_ lines: [String], _ name: String) throws {
    try folder.write(Data(lines.map { $0 + "\n" }.joined().utf8), to: name)
  }

  private static let catalogueA = """
    cat_name: Gaia
    cat_csv_file_path: a_{}.csv
    csv_has_header: False
    filt_names: [G, RP]
    mag_indices: [3, 4]
    pos_and_err_indices: [0, 1, 2]
    best_mag_index_col: 6
    chunk_overlap_col: 7
    auf_region_frame: equatorial
    chunk_id_list: [1, 2]
    apply_proper_motion: False
    ref_epoch_or_index: J2016.0
    cat_col_names: [id, ra, dec, G, RP]
    cat_col_nums: [5, 0, 1, 3, 4]
    extra_col_names: None
    extra_col_nums: None
    """

  private static let catalogueB = """
    cat_name: WISE
    cat_csv_file_path: b_{}.csv
    filt_names: [W1]
    mag_indices: [6]
    pos_and_err_indices: [1, 2, 3]
    best_mag_index_col: 4
    chunk_overlap_col: 5
    chunk_id_list: ['1', '2']
    apply_proper_motion: True
    pm_indices: [7, 8]
    ref_epoch_or_index: 2010-07-02
    cat_col_names: [name, ra, dec, W1]
    cat_col_nums: [0, 1, 2, 6]
    """

  private static let joint = """
    output_save_folder: out
    chunk_id_list: [1, 2]
    match_out_csv_name: match_{}.csv
    nonmatch_out_csv_name: nonmatch_{}.csv
    """

  private func run(_ words: String...) throws -> ProgramResult { try folder.start(words).wait() }

  // MARK: Catalogues

  @Test func chunksAreOneCatalogueWithoutHalos() throws {
    let a = try run("ingest", "cat_a.yaml")
    #expect(a.status == 0, "\(a)")
    let b = try run("ingest", "in/cat_b.yaml")
    #expect(b.status == 0, "\(b)")
    let counts = try run("sql", "SELECT name, rows, problem_rows, epoch_yr FROM xm_catalogues ORDER BY name")
    let halo = Self.sources.filter(\.isNearBorder)
    #expect(counts.output.contains("gaia") && counts.output.contains("200"), "\(counts)")
    #expect(counts.output.contains("\(halo.count)"), "\(counts)")
    let rows = try run("sql", "--format", "csv", "SELECT id, G, RP IS NULL, best_band FROM gaia WHERE id = 1007")
    #expect(rows.output.contains("1007,17.5,1,1"), "\(rows)")
    let epoch = try run("sql", "--format", "csv", "SELECT round(epoch_yr, 4) FROM xm_catalogues WHERE name = 'wise'")
    #expect(epoch.output.contains("2010.4983"), "\(epoch)")
    let roles = try run("info", "wise")
    #expect(
      roles.output.contains("pm_lon") && roles.output.contains("arcsec/yr") && roles.output.contains("in_halo"),
      "\(roles)")
    let matched = try run("match", "gaia", "wise", "--no-photometry", "--quiet")
    #expect(matched.status == 0, "\(matched)")
    let found = try run("sql", "SELECT count(*) FROM xmatch('gaia', 'wise') WHERE 'W' || (a_id - 1000) = b_id")
    #expect(found.output.contains("180"), "\(found)")
    #expect(try run("verify").status == 0)
  }

  @Test func twoFilesOfParametersAreMatched() throws {
    let matched = try run("match", "cat_a.yaml", "in/cat_b.yaml", "--out", "m.csv", "--no-photometry")
    #expect(matched.status == 0, "\(matched)")
    let lines = try String(contentsOfFile: folder.path("m.csv"), encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 181)
  }

  @Test(arguments: [
    ("filt_names: [G, RP]", "filt_names: [G]", "filt_names"), ("cat_name: Gaia\n", "", "cat_name"),
    ("[0, 1, 2]\nbest", "[0, 1]\nbest", "pos_and_err_indices"), ("mag_indices: [3, 4]", "mag_indices: [3, x]", "'x'"),
    ("best_mag_index_col: 6", "best_mag_index_col: None", "best_mag_index_col"),
    ("a_{}.csv", "a.csv", "chunk"), ("J2016.0", "yesterday", "ref_epoch_or_index"),
    ("chunk_overlap_col: 7", "chunk_overlap_col: 70", "column"), ("a_{}.csv", "nothing_{}.csv", "nothing_1.csv"),
  ]) func whatIsWrongIsNamed(_ text: String, _ other: String, _ word: String) throws {
    let changed = Self.catalogueA.replacingOccurrences(of: text, with: other)
    #expect(changed != Self.catalogueA)
    try folder.write(Data(changed.utf8), to: "cat_a.yaml")
    let ended = try run("ingest", "cat_a.yaml")
    #expect(ended.status != 0 && ended.error.contains(word), "\(ended)")
  }

  @Test func suchAFileComesAlone() throws {
    let ended = try run("ingest", "cat_a.yaml", "a_1.csv", "--as", "x")
    #expect(ended.status == 2 && ended.error.contains("comes alone"), "\(ended)")
  }

  // MARK: Results

  /// Tables as macauff writes them: all rows of a chunk, halos too.
  private func writeResults(without lost: Int? = nil) throws {
    for chunk in [1, 2] {
      let there = Self.sources.filter { ($0.chunk == chunk || $0.isNearBorder) && $0.number != lost }
      let (alone, pairs) = (there.filter { $0.number % 10 == 0 }, there.filter { $0.number % 10 != 0 })
      try write(
        pairs.map {
          "\(1000 + $0.number),\($0.ra),\(Self.dec),17.5,,W\($0.number),\($0.ra),\(Self.dec),12.5,0.98,0.1,0,3.5,0,0,0,0,0,0"
        }, "out/match_\(chunk).csv")
      try write(
        alone.map { "\(1000 + $0.number),\($0.ra),\(Self.dec),17.5,,1,,,,0" }, "out/Gaia_nonmatch_\(chunk).csv")
      // No source of b is alone: macauff's file is empty.
      try write([], "out/WISE_nonmatch_\(chunk).csv")
    }
  }

  private func check() throws -> ProgramResult {
    try run(
      "import-results", "joint.yaml", "cat_a.yaml", "in/cat_b.yaml", "--catalogue-a", "gaia", "--catalogue-b", "wise")
  }

  @Test func resultsAreReadWithoutHalos() throws {
    for name in ["cat_a.yaml", "in/cat_b.yaml"] { #expect(try run("ingest", name).status == 0) }
    try writeResults()
    let whole = try check()
    let halo = Self.sources.filter(\.isNearBorder).count
    #expect(whole.status == 0 && whole.output.contains("\(halo) rows of halos"), "\(whole)")
    #expect(whole.output.contains("180 pairs") && whole.output.contains("20 of gaia"), "\(whole)")
    // Near the border, so that both chunks lack it.
    try writeResults(without: 101)
    let lost = try check()
    #expect(
      lost.status == 1 && lost.output.contains("1 lost (1101)") && lost.output.contains("1 lost (W101)"), "\(lost)")
  }
}
