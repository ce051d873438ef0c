import CatalogStore
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import Ingest

/// An identifier is kept exactly; repeated ones are reported, not merged.
@Suite struct IdentifierTests {
  private func ingest(_ values: ParquetColumn.Values, _ lab: IngestLab, spillBytes: Int = 1 << 20) throws
    -> IngestDriver.Outcome
  {
    let column = ParquetColumn("source_id", values)
    var sky = Sky()
    for row in 0..<column.count { sky.append(Double(row) * 7 / 11, 10) }
    return try lab.ingest([lab.write([column] + SampleTable.plain(sky).dropFirst())], spillBytes: spillBytes)
  }

  /// The ids by row of the input: the right ascension tells the row.
  private func kept(_ lab: IngestLab) throws -> [SourceID] {
    let info = try lab.database.registry().catalogue("c")
    let sources = try CatalogueReader(database: lab.database, info: info).sources(in: .wholeSky)
    let rows = sources.raDegrees.map { Int(($0 * 11 / 7).rounded()) }
    return rows.indices.sorted { rows[$0] < rows[$1] }.map { sources.ids.id(at: $0) }
  }

  @Test func integersAreKeptExactly() throws {
    let lab = try IngestLab()
    let ids: [Int64?] = [.max, .min, 0, -1, nil, (1 << 53) + 1, .max - 1, nil]
    let info = try ingest(.int64(ids), lab).catalogue
    #expect(try kept(lab) == ids.map { $0.map { .integer($0) } ?? .null })
    #expect(info.nullIDs == 2 && info.duplicateIDs == 0 && info.layout.id == .integer)
    #expect(info.shards.map(\.smallestID).contains(.integer(.min)))
  }

  @Test func smallUnsignedIntegersAreIntegers() throws {
    let lab = try IngestLab()
    let info = try ingest(.uint64([5, nil, UInt64(Int64.max), 5]), lab).catalogue
    #expect(try kept(lab) == [.integer(5), .null, .integer(.max), .integer(5)])
    #expect(info.layout.id == .integer && info.duplicateIDs == 2)
  }

  @Test func unsignedIntegersBeyondTheSignedAreTextAndTheirRepeatsAreFound() throws {
    let lab = try IngestLab()
    let ids: [UInt64?] = [5, nil, .max, 1 << 63, 5, .max, 12, 5]
    let outcome = try ingest(.uint64(ids), lab)
    #expect(try kept(lab) == ids.map { $0.map { .text("\($0)") } ?? .null })
    #expect(outcome.catalogue.layout.id == .text)
    #expect(outcome.catalogue.duplicateIDs == 5)
    #expect(outcome.repeatedIDs == ["5", "\(UInt64.max)"])
    #expect(try lab.values("c", "source_id").flatMap { $0 }.contains("'\(UInt64.max)'"))
  }

  @Test func textsAreKeptExactly() throws {
    let lab = try IngestLab()
    let ids: [String?] = [
      "", "a", "A", "a ", "é", "e\u{301}", "a\0b", nil, "007", "7", String(repeating: "long", count: 5000), "☆𝔘",
    ]
    let outcome = try ingest(.string(ids), lab, spillBytes: 30_000)
    #expect(try kept(lab).map(bytes) == ids.map { $0.map { Array($0.utf8) } })
    #expect(outcome.catalogue.nullIDs == 1 && outcome.catalogue.duplicateIDs == 0)
  }

  private func bytes(_ id: SourceID) -> [UInt8]? {
    switch id {
    case .text(let text): Array(text.utf8)
    case .integer(let value): Array("integer \(value)".utf8)
    case .null: nil
    }
  }

  @Test func repeatedTextsAreReportedWithExamples() throws {
    let lab = try IngestLab()
    let ids = (0..<100).map { "id-\($0 % 70)" } + ["x\0y", "x\0y", "x\0z"]
    let outcome = try ingest(.string(ids), lab)
    #expect(outcome.catalogue.rows == 103)
    #expect(outcome.catalogue.duplicateIDs == 62)
    #expect(outcome.repeatedIDs.count == 20)
    #expect(outcome.repeatedIDs == (0..<30).map { "id-\($0)" }.sorted().prefix(20).map { $0 })
  }

  @Test func repeatedIntegersAreReportedInOrder() throws {
    let lab = try IngestLab()
    let outcome = try ingest(.int64([3, -7, 3, .min, .min, -7, -7, 100]), lab)
    #expect(outcome.catalogue.duplicateIDs == 7)
    #expect(outcome.repeatedIDs == ["\(Int64.min)", "-7", "3"])
  }

  @Test func aCatalogueMayHaveNoIdentifier() throws {
    let lab = try IngestLab()
    var rng = SplitMix64(seed: 2)
    let columns = Array(SampleTable.plain(.sphere(50, using: &rng)).dropFirst())
    let info = try lab.ingest([lab.write(columns)]).catalogue
    #expect(info.layout.id == .none && info.nullIDs == 0 && info.duplicateIDs == 0)
    #expect(try lab.contents().count == 50)
    #expect(info.shards.allSatisfy { $0.smallestID == .null && $0.largestID == .null })
  }

  @Test func idsOfProblemRowsDoNotCount() throws {
    let lab = try IngestLab()
    let columns = [
      ParquetColumn("source_id", .int64([1, 1, nil])), ParquetColumn("ra", .double([1, nil, nil]), unit: "deg"),
      ParquetColumn("dec", .double([1, 1, 1]), unit: "deg"),
      ParquetColumn("pos_err", .double([1, 1, 1]), unit: "arcsec"),
    ]
    let info = try lab.ingest([lab.write(columns)]).catalogue
    #expect(info.rows == 1 && info.duplicateIDs == 0 && info.nullIDs == 0)
  }
}
