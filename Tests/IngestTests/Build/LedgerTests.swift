import CatalogStore
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import Ingest

/// Every row is a source or a problem kept aside with its reason.
@Suite struct LedgerTests {
  private struct Case {
    let ra: Double?
    let dec: Double?
    let sigmaRA: Double?
    var sigmaDec: Double? = 0.2
    var correlation: Double? = 0
    var motion: Double? = 5
    var motionError: Double? = 0.1
    var epoch: Double? = 2000
    var halo: Double? = 0
    let reason: ProblemReason
  }

  private static let cases: [Case] = [
    Case(ra: nil, dec: 1, sigmaRA: 0.1, reason: .raMissing), Case(ra: .nan, dec: nil, sigmaRA: nil, reason: .raMissing),
    Case(ra: 1, dec: nil, sigmaRA: 0.1, reason: .decMissing), Case(ra: 1, dec: .nan, sigmaRA: 0.1, reason: .decMissing),
    Case(ra: .infinity, dec: 1, sigmaRA: 0.1, reason: .positionNotFinite),
    Case(ra: 1, dec: -.infinity, sigmaRA: 0.1, reason: .positionNotFinite),
    Case(ra: -999, dec: 1, sigmaRA: 0.1, reason: .raOutOfRange),
    Case(ra: 1e300, dec: 1, sigmaRA: 0.1, reason: .raOutOfRange),
    Case(ra: 1, dec: 90.0000001, sigmaRA: 0.1, reason: .decOutOfRange),
    Case(ra: 1, dec: -999, sigmaRA: 0.1, reason: .decOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: nil, reason: .errorMissing),
    Case(ra: 1, dec: 1, sigmaRA: .nan, reason: .errorMissing),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, sigmaDec: nil, reason: .errorMissing),
    Case(ra: 1, dec: 1, sigmaRA: 0, reason: .errorNotPositive),
    Case(ra: 1, dec: 1, sigmaRA: -0.1, reason: .errorNotPositive),
    Case(ra: 1, dec: 1, sigmaRA: 1e-200, reason: .errorOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: .infinity, reason: .errorNotFinite),
    Case(ra: 1, dec: 1, sigmaRA: 1e200, reason: .errorOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: 3601, sigmaDec: 3600, reason: .errorOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: 3600, sigmaDec: 3600, reason: .ok),
    Case(ra: 1, dec: 1, sigmaRA: 3600, sigmaDec: 0.01, reason: .errorTooElongated),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, motion: 1.1e5, reason: .motionOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, motion: -1e300, reason: .motionOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, motionError: 1e14, reason: .motionErrorOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, motion: nil, motionError: nil, epoch: nil, reason: .ok),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, motion: .infinity, motionError: -1, reason: .ok),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, motion: 1e30, motionError: 1e20, reason: .ok),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, epoch: .infinity, reason: .epochOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, epoch: 0, reason: .epochOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, epoch: -999, reason: .epochOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, epoch: 9999, reason: .epochOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, correlation: 1, reason: .correlationOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, correlation: -7, reason: .correlationOutOfRange),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, reason: .ok), Case(ra: -10, dec: 90, sigmaRA: 0.1, reason: .ok),
    Case(ra: 370, dec: -90, sigmaRA: 0.1, reason: .ok),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, correlation: nil, reason: .ok),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, halo: 1, reason: .inHalo),
    Case(ra: nil, dec: 1, sigmaRA: nil, halo: -2, reason: .inHalo),
    Case(ra: 1, dec: 1, sigmaRA: 0.1, halo: nil, reason: .ok),
  ]

  private func table(_ cases: [Case]) -> [ParquetColumn] {
    [
      ParquetColumn("source_id", .int64(cases.indices.map { Int64($0) })),
      ParquetColumn("ra", .double(cases.map(\.ra)), unit: "deg"),
      ParquetColumn("dec", .double(cases.map(\.dec)), unit: "deg"),
      ParquetColumn("ra_error", .double(cases.map(\.sigmaRA)), unit: "arcsec"),
      ParquetColumn("dec_error", .double(cases.map(\.sigmaDec)), unit: "arcsec"),
      ParquetColumn("ra_dec_corr", .double(cases.map(\.correlation))),
      ParquetColumn("pmra", .double(cases.map(\.motion)), unit: "mas/yr"),
      ParquetColumn("pmdec", .double(cases.map { _ in 1 }), unit: "mas/yr"),
      ParquetColumn("pm_err", .double(cases.map(\.motionError)), unit: "mas/yr"),
      ParquetColumn("ref_epoch", .double(cases.map(\.epoch)), unit: "yr"),
      ParquetColumn("halo", .double(cases.map(\.halo))),
      ParquetColumn("big", .uint64(cases.indices.map { UInt64.max - UInt64($0) })),
      ParquetColumn("xm_reason", .string(cases.indices.map { "text \($0)" })),
    ]
  }

  @Test func everyReasonIsReportedAndItsRowsAreKept() throws {
    // Position angles belong to ellipses: SourceGeometryTests has them.
    #expect(
      Set(Self.cases.map(\.reason))
        == Set(ProblemReason.allCases).subtracting([.angleOutOfRange, .raMalformed, .decMalformed]))
    let lab = try IngestLab()
    let half = Self.cases.count / 2
    let paths = [
      try lab.write(table(Array(Self.cases[..<half])), to: "first file.parquet"),
      try lab.write(table(Array(Self.cases[half...])), to: "second.parquet"),
    ]
    let info = try lab.ingest(paths) { $0.mappings = ["halo=halo"] }.catalogue
    #expect(info.inputRows == Int64(Self.cases.count))
    #expect(info.rows == Int64(Self.cases.count { $0.reason == .ok }))
    #expect(info.rows + info.problemRows == info.inputRows)
    let counts = Dictionary(grouping: Self.cases.filter { $0.reason != .ok }) { $0.reason.description }.mapValues {
      Int64($0.count)
    }
    #expect(Dictionary(uniqueKeysWithValues: info.problems.map { ($0.reason, $0.rows) }) == counts)
    let kept = try Connection(
      path: lab.database.path + "/" + SkyDatabase.generationPath(catalogue: "c", number: 1) + "/problems.sqlite",
      mode: .immutable
    ).prepare("SELECT xm_file, xm_row, xm_reason, ra, ra_error, big, xm_reason_2 FROM problem ORDER BY xm_file, xm_row")
    for (index, expected) in Self.cases.enumerated() where expected.reason != .ok {
      let (file, row) = index < half ? (paths[0], index) : (paths[1], index - half)
      #expect(try kept.step())
      #expect(
        kept.text(0) == file && kept.int(1) == row + 1 && kept.text(2) == expected.reason.description, "case \(index)")
      #expect(
        same(kept.optionalDouble(3), expected.ra) && same(kept.optionalDouble(4), expected.sigmaRA), "case \(index)")
      #expect(kept.text(5) == "\(UInt64.max - UInt64(row))" && kept.text(6) == "text \(row)", "case \(index)")
    }
    #expect(try !kept.step())
  }

  private func same(_ kept: Double?, _ given: Double?) -> Bool { kept == (given?.isNaN == true ? nil : given) }

  @Test func aCatalogueWithoutProblemsHasNoFileOfThem() throws {
    let lab = try IngestLab()
    var rng = SplitMix64(seed: 1)
    try lab.ingest([lab.write(SampleTable.plain(.sphere(10, using: &rng)))])
    #expect(
      !FileSystem.exists(
        lab.database.path + "/" + SkyDatabase.generationPath(catalogue: "c", number: 1) + "/problems.sqlite"))
  }

  @Test func rowsThatAreAllProblemsMakeAnEmptyCatalogue() throws {
    let lab = try IngestLab()
    let info = try lab.ingest([lab.write(table(Array(Self.cases.prefix(5))))]).catalogue
    #expect(info.rows == 0 && info.problemRows == 5 && info.shards.isEmpty)
    #expect(try lab.contents() == [])
  }

  @Test func aFileWithoutRowsMakesAnEmptyCatalogue() throws {
    let lab = try IngestLab()
    let info = try lab.ingest([lab.write(table([]))]).catalogue
    #expect(info.inputRows == 0 && info.rows == 0 && info.shards.isEmpty)
    #expect(info.largestSigmaArcsec == 0 && info.duplicateIDs == 0)
    #expect(try lab.contents() == [])
    let coverage = try lab.database.registry().coverage(of: info)
    #expect(coverage.areaDegrees2 == 0 && coverage.nodes.isEmpty)
    #expect(try lab.ingest([lab.workdir.path("c.parquet")]).wasThere)
  }

  @Test func anEmptyFileAmongOthersDoesNoHarm() throws {
    let lab = try IngestLab()
    let paths = [
      try lab.write(table([]), to: "a.parquet"), try lab.write(table(Self.cases), to: "b.parquet"),
      try lab.write(table([]), to: "c.parquet"),
    ]
    #expect(try lab.ingest(paths).catalogue.inputRows == Int64(Self.cases.count))
  }

  @Test func positionsAreNormalisedInTheNarrowFormAndKeptInTheWide() throws {
    let lab = try IngestLab()
    var sky = Sky()
    for (ra, dec) in [
      (-10.0, 0.0), (370, 0), (0, 90), (359.999, 90), (123, -90), (-360, 5), (720, 6), (360, 7), (-0.0, 8),
    ] {
      sky.append(ra, dec)
    }
    let info = try lab.ingest([lab.write(SampleTable.plain(sky))]).catalogue
    let sources = try CatalogueReader(database: lab.database, info: info).sources(in: .wholeSky)
    let wide = try lab.values("c", "source_id", "ra").map { (Int($0[0])!, $0[1]) }
    #expect(sources.count == sky.count)
    for (row, (id, text)) in wide.enumerated() {
      let ra = sources.raDegrees[row]
      #expect(ra >= 0 && ra < 360)
      let expected = (sky.raDegrees[id] + 720).truncatingRemainder(dividingBy: 360)
      #expect(abs(ra - expected) < 1e-9, "row \(id)")
      let kept = sky.raDegrees[id] == 0 ? 0.0 : sky.raDegrees[id]
      #expect(text == "r" + String(kept.bitPattern, radix: 16))
    }
  }
}
