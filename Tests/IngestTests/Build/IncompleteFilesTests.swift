import Ingest
import ParquetFixture
import Testing
import XMDBTestSupport

@Suite struct IncompleteFilesTests {
  @Test func positionThatSomeFilesLackIsRefused() throws {
    let scratch = try Workdir()
    let columns = [
      ParquetColumn("id", .int64([1])), ParquetColumn("ra", .double([1])), ParquetColumn("dec", .double([1])),
      ParquetColumn("sigma", .double([1])),
    ]
    try ParquetFixture.write(columns, to: try scratch.file("a.parquet"))
    try ParquetFixture.write([columns[0], columns[1], columns[3]], to: try scratch.file("b.parquet"))
    let plan = try IngestPlan(IngestOptions(paths: [scratch.path]))
    let error = ingestError { try plan.requireComplete() }
    #expect(error?.code == .schemaMismatch && error?.subject.hasSuffix("b.parquet") == true)
    #expect(error?.message.contains("no column 'dec'") == true)
  }
}
