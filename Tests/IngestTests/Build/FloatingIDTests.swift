import CatalogStore
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import Ingest

/// Identifiers stored as floating point: kept exactly, or refused; never lost in silence.
@Suite struct FloatingIDTests {
  private func ingest(
    _ values: ParquetColumn.Values, _ lab: IngestLab, _ mappings: [String] = []
  ) throws -> IngestDriver.Outcome {
    let column = ParquetColumn("source_id", values)
    var sky = Sky()
    for row in 0..<column.count { sky.append(Double(row), 10) }
    return try lab.ingest([lab.write([column] + SampleTable.plain(sky).dropFirst())]) { $0.mappings = mappings }
  }

  private func ids(_ lab: IngestLab) throws -> [SourceID] {
    let info = try lab.database.registry().catalogue("c")
    let sources = try CatalogueReader(database: lab.database, info: info).sources(in: .wholeSky)
    return sources.raDegrees.indices.sorted { sources.raDegrees[$0] < sources.raDegrees[$1] }.map {
      sources.ids.id(at: $0)
    }
  }

  @Test(arguments: [[], ["id=source_id"]]) func exactIntegersAreIDs(_ mappings: [String]) throws {
    let lab = try IngestLab()
    let given: [Double?] = [0x1p53, -0x1p53, 0, -0.0, 431_594_980_053, nil, .nan, 431_594_980_053]
    let outcome = try ingest(.double(given), lab, mappings)
    let expected: [Int64?] = [1 << 53, -(1 << 53), 0, 0, 431_594_980_053, nil, nil, 431_594_980_053]
    #expect(try ids(lab) == expected.map { $0.map { .integer($0) } ?? .null })
    #expect(outcome.catalogue.nullIDs == 2 && outcome.catalogue.duplicateIDs == 4)
    #expect(outcome.repeatedIDs == ["0", "431594980053"])
    #expect(outcome.catalogue.layout.id == .integer && outcome.catalogue.columns[0].type == "int64")
    let wide = try lab.values("c", "source_id").flatMap { $0 }
    #expect(Set(wide) == Set(expected.map { $0.map { "\($0)" } ?? "NULL" }))
  }

  @Test(arguments: [
    0x1p53 + 2, -0x1p54, 6.917528997577384e18, 0.5, 1e300, .infinity, -.infinity, .leastNonzeroMagnitude,
  ])
  func otherValuesAreRefusedWithTheReason(_ value: Double) throws {
    for mappings in [[], ["id=source_id"]] {
      let lab = try IngestLab()
      let error = try #require(ingestError { _ = try ingest(.double([1, nil, value]), lab, mappings) })
      #expect(error.code == .unsupported && error.subject == "column 'source_id'", "\(error)")
      #expect(error.message.contains("row 3 holds \(value)") && error.message.contains("9007199254740992"), "\(error)")
      #expect(error.message.contains("--map id=none"))
      #expect(try lab.database.registry().findCatalogue("c") == nil)
      #expect(try ingest(.double([1, nil, value]), lab, ["id=none"]).catalogue.layout.id == .none)
    }
  }

  @Test func singlePrecisionKeepsLess() throws {
    let lab = try IngestLab()
    _ = try ingest(.float([16_777_216, nil, 7]), lab)
    #expect(try ids(lab) == [.integer(16_777_216), .null, .integer(7)])
    let other = try IngestLab()
    let error = try #require(ingestError { _ = try ingest(.float([16_777_218]), other) })
    #expect(error.message.contains("float32 keeps integers up to 16777216"), "\(error)")
  }

  @Test func rowsKeptAsideHaveTheirIDsToo() throws {
    let lab = try IngestLab()
    let columns = [
      ParquetColumn("source_id", .double([7, 8])), ParquetColumn("ra", .double([1, nil]), unit: "deg"),
      ParquetColumn("dec", .double([1, 1]), unit: "deg"), ParquetColumn("pos_err", .double([1, 1]), unit: "arcsec"),
    ]
    try lab.ingest([lab.write(columns)])
    let kept = try Connection(
      path: lab.database.path + "/" + SkyDatabase.generationPath(catalogue: "c", number: 1) + "/problems.sqlite",
      mode: .immutable
    ).prepare("SELECT source_id, typeof(source_id) FROM problem")
    #expect(try kept.step())
    #expect(kept.int64(0) == 8 && kept.text(1) == "integer")
  }
}
