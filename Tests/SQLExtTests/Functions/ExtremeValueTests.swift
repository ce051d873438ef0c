import CSQLiteBoot
import CatalogStore
import Formats
import Indexing
import Ingest
import MatchRun
import Testing
import XMDBTestSupport

@testable import SQLExt

/// Every role is given every kind of extreme: the row is a source or kept aside with a reason, the other rows' answers are the
/// same to the bit, and neither a match nor SQL nor a calibration ends the process.
@Suite struct ExtremeValueTests {
  /// How position errors are told.
  enum Form: String, CaseIterable, Sendable { case circular, axes, ellipse }

  private static let extremes: [Double] = [
    0, -0.0, -1, .leastNonzeroMagnitude, 1e-300, 1e-9, 89.9999, 99, 999, 9999, -999, 1e5, -1e5, 1e10, 1e14, 1e30, 1e300,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity, -.infinity, .nan, Double(Int64.max),
    Double(Int64.min), 2500, 1500,
  ]

  /// A column: name, unit, and the value of a sound row.
  private typealias Column = (name: String, unit: String?, sound: Double)

  /// The columns of a catalogue.
  private static func columns(_ form: Form) -> [Column] {
    let error: [Column] =
      switch form {
      case .circular: [("pos_err", "arcsec", 0.2)]
      case .axes: [("sigra", "arcsec", 0.2), ("sigdec", "arcsec", 0.15), ("ra_dec_corr", nil, 0.3)]
      case .ellipse: [("err_maj", "arcsec", 0.2), ("err_min", "arcsec", 0.1), ("err_ang", "deg", 30)]
      }
    let motionError: [Column] =
      form == .circular ? [("pm_err", "mas/yr", 0.2)] : [("e_pmra", "mas/yr", 0.2), ("e_pmdec", "mas/yr", 0.3)]
    let others: [Column] = [
      ("pmra", "mas/yr", 3), ("pmdec", "mas/yr", -4), ("parallax", "mas", 1), ("ref_epoch", "yr", 2016),
      ("g_mag", "mag", 18), ("g_mag_err", "mag", 0.1), ("g_snr", nil, 10), ("flux", "nJy", 1000), ("best_band", nil, 0),
    ]
    return error + motionError + others
  }

  private struct Row {
    var ra: Double
    var dec: Double
    var changed: (column: String, value: Double)?
  }

  private let workdir: Workdir
  private let database: SkyDatabase

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir("extremes")
    database = try SkyDatabase.openOrCreate(at: workdir.path("sky.xmdb"))
  }

  /// Sources of two fields, and rows with one extreme each among them.
  private func rows(_ form: Form, sound: Int, rng: inout SplitMix64) -> (a: [Row], b: [Row], changed: [Row]) {
    let sky = Sky.cap(sound, raDegrees: 40, decDegrees: 50, radiusDegrees: 0.2, using: &rng)
    let a = zip(sky.raDegrees, sky.decDegrees).map { Row(ra: $0, dec: $1) }
    let b = a.map { Row(ra: $0.ra + rng.uniform(-1e-4, 1e-4), dec: $0.dec + rng.uniform(-5e-5, 5e-5)) }
    let changed = (["ra", "dec"] + Self.columns(form).map(\.name)).flatMap { column in
      Self.extremes.map { value in
        var row = a[rng.below(a.count)]
        row.ra += rng.uniform(-1e-3, 1e-3)
        if column == "ra" { row.ra = value } else if column == "dec" { row.dec = value }
        row.changed = (column, value)
        return row
      }
    }
    return (a, b, changed)
  }

  /// - Parameter whole: Writes all columns as 64-bit integers, the values rounded up and held to their range.
  private func write(_ rows: [Row], ids: [Int64], _ form: Form, to name: String, whole: Bool = false) throws -> String {
    let path = workdir.path(name)
    let position: [Column] = [("ra", "deg", 0), ("dec", "deg", 0)]
    let columns = position + Self.columns(form)
    let fields =
      [TableColumn("id", .int64)] + columns.map { TableColumn($0.0, whole ? .int64 : .float64, unit: $0.1) }
    let writer = try ParquetWriter(path: path, columns: fields)
    let values: [ColumnData] = columns.map { name, _, sound in
      let numbers = rows.map { row -> Double in
        if name == "ra" { return row.ra }
        if name == "dec" { return row.dec }
        let usual = whole && name == "ra_dec_corr" ? 0 : sound
        return row.changed?.column == name ? row.changed?.value ?? usual : usual
      }
      return whole
        ? .int64(numbers.map { Int64(exactly: $0.rounded(.up)) ?? ($0 < 0 ? .min : .max) }) : .float64(numbers)
    }
    try writer.append([.int64(ids)] + values)
    try writer.publish()
    return path
  }

  @discardableResult
  private func ingest(_ path: String, as name: String) throws -> CatalogueInfo {
    var options = IngestOptions(paths: [path])
    options.name = name
    options.mappings = ["mag:f=flux:nJy", "mag:g=g_mag", "mag_error:g=g_mag_err", "snr:g=g_snr"]
    options.replace = true
    return try IngestDriver(plan: IngestPlan(options)).run(into: database).catalogue
  }

  /// The answers about the sound rows of a: matches, non-matches and pairs, in the order of their ids.
  private func answers(_ host: SQLHost) throws -> [String] {
    try host.rows(
      "SELECT a_id, b_id, separation_arcsec, match_p, pair_p, flags FROM xmatch('a', 'b') ORDER BY a_id")
      + host.rows("SELECT id, alone_p, flags FROM xm_nonmatches('a', 'b', 'a') ORDER BY id")
      + host.rows(
        "SELECT a_id, b_id, chi2, log10_density, n_a, n_b, n_c, pair_p FROM xm_pairs('a', 'b') ORDER BY a_id, b_id")
  }

  private func match() throws {
    let plan = try MatchPlan(database: database, a: "a", b: "b", sourcesPerChunk: 200)
    _ = try MatchDriver(plan: plan, threads: 2).run()
  }

  /// Everything that a host can ask of the pair.
  private func askEverything(_ host: SQLHost, rows: Int64) throws {
    #expect(try host.number("SELECT count(*) FROM a") == Double(rows))
    for column in try host.rows("SELECT name FROM pragma_table_info('a')") {
      _ = try host.rows("SELECT min(\"\(column)\"), max(\"\(column)\"), avg(\"\(column)\") FROM a")
    }
    let matched = try host.number("SELECT count(*) FROM xmatch('a', 'b')")
    let alone = try host.number("SELECT count(*) FROM xm_nonmatches('a', 'b', 'a')")
    #expect(matched + alone == Double(rows), "every source is in exactly one row")
    _ = try host.rows("SELECT * FROM xm_cone('a', 40, 50, 1)")
    _ = try host.rows("SELECT * FROM xm_what_if('a', 'b', 0.5)")
    _ = try host.rows("SELECT * FROM xm_priors('a', 'b')")
    for id in try host.rows("SELECT id FROM a ORDER BY id LIMIT 5") {
      _ = try host.rows("SELECT * FROM xm_explain('a', 'b', \(id))")
    }
  }

  private func calibrate() throws {
    var options = Calibration.Options()
    options.shifts = 2
    options.threads = 1
    _ = try Calibration(FinishedRun(database: database, a: "a", b: "b"), options).answers()
  }

  @Test(arguments: Form.allCases) func noExtremeEndsAnythingOrChangesOtherRows(_ form: Form) throws {
    var rng = SplitMix64(seed: 97)
    let (a, b, changed) = rows(form, sound: 150, rng: &rng)
    let ids = Array(0..<Int64(a.count + changed.count))
    try ingest(write(b, ids: b.indices.map { Int64($0) }, form, to: "b.parquet"), as: "b")
    let all = try ingest(write(a + changed, ids: ids, form, to: "all.parquet"), as: "a")
    #expect(all.rows + all.problemRows == Int64(ids.count) && all.problemRows > 60)
    let host = try SQLHost(databasePath: database.path)
    try askEverything(host, rows: all.rows)
    try match()
    try askEverything(host, rows: all.rows)
    try calibrate()

    // Again with those only that are kept aside, and with none: the same answers to the bit.
    let kept = Set(try host.rows("SELECT id FROM a").compactMap { Int64($0) })
    let aside = changed.indices.filter { !kept.contains(Int64(a.count + $0)) }
    let soundIDs = a.indices.map { Int64($0) }
    let mixed = try ingest(
      write(
        a + aside.map { changed[$0] }, ids: soundIDs + aside.map { Int64(a.count + $0) }, form, to: "mixed.parquet"),
      as: "a")
    #expect(mixed.rows == Int64(a.count) && mixed.problemRows == Int64(aside.count))
    try match()
    let withThem = try answers(SQLHost(databasePath: database.path))
    let alone = try ingest(write(a, ids: soundIDs, form, to: "sound.parquet"), as: "a")
    #expect(alone.rows == mixed.rows && alone.problemRows == 0)
    try match()
    #expect(try answers(SQLHost(databasePath: database.path)) == withThem)
    #expect(withThem.count > 200)
  }

  @Test func integersOfEverySizeAreExtremesToo() throws {
    var rng = SplitMix64(seed: 98)
    for form in Form.allCases {
      let (a, b, changed) = rows(form, sound: 40, rng: &rng)
      let ids = (0..<a.count + changed.count).map { $0 == 0 ? Int64.min : $0 == 1 ? .max : Int64($0) }
      // The sky is in whole degrees, so a spot is dense.
      try ingest(write(b, ids: b.indices.map { Int64($0) }, form, to: "b.parquet"), as: "b")
      let all = try ingest(write(a + changed, ids: ids, form, to: "whole.parquet", whole: true), as: "a")
      #expect(all.rows + all.problemRows == Int64(ids.count))
      let host = try SQLHost(databasePath: database.path)
      try askEverything(host, rows: all.rows)
      try match()
      try askEverything(host, rows: all.rows)
    }
  }

  @Test func textPlaysNoNumericRole() throws {
    let path = workdir.path("text.parquet")
    let names = ["id", "ra", "dec", "pos_err", "word"]
    let writer = try ParquetWriter(
      path: path,
      columns: names.map {
        TableColumn($0, $0 == "word" ? .text : .float64, unit: $0 == "ra" || $0 == "dec" ? "deg" : nil)
      })
    try writer.append([.float64([1]), .float64([1]), .float64([2]), .float64([0.1]), .text(["1e300"])])
    try writer.publish()
    // Text of positions is sexagesimal: its values are judged row by row.
    let roles =
      ColumnRole.unbanded.filter { ![.id, .ra, .dec].contains($0) } + [
        .mag(band: "G"), .magError(band: "G"), .snr(band: "G"),
      ]
    for role in roles {
      var options = IngestOptions(paths: [path])
      options.mappings = ["\(role)=word"]
      #expect(throws: IngestError.self, "\(role)") { _ = try IngestPlan(options) }
    }
  }
}
