import ADQL
import CatalogStore
import Testing

@testable import Serve

@Suite struct ResultTests {
  private func text(_ spool: Spool) throws -> String { String(decoding: try spool.read(at: 0, 1 << 22), as: UTF8.self) }

  private func rows() throws -> ResultRows {
    let rows = ResultRows([
      ColumnDefinition("i", .long), ColumnDefinition("f", .float, unit: "mag"), ColumnDefinition("x", nil),
      ColumnDefinition("s", .text, description: "a < b"),
    ])
    func add(_ values: [RowValue]) throws {
      for (column, value) in values.enumerated() { rows.add(value, column: column) }
      try rows.endRow()
    }
    try "a,\"b\" <ü>\n".utf8.withContiguousStorageIfAvailable { bytes in
      try add([.integer(.max), .real(0.1), .integer(3), .text(UnsafeRawBufferPointer(bytes))])
    }
    try add([.null, .real(-.infinity), .real(0.5), .null])
    try rows.flush()
    return rows
  }

  @Test func columnsHaveTypesThatHoldAllTheirValues() throws {
    #expect(try rows().columns.map(\.type) == [.long, .float, .double, .text])
    let odd = ResultRows([ColumnDefinition("a", .long), ColumnDefinition("b", .double)])
    odd.add(.real(0.5), column: 0)
    "x".utf8.withContiguousStorageIfAvailable { odd.add(.text(UnsafeRawBufferPointer($0)), column: 1) }
    try odd.endRow()
    try odd.flush()
    #expect(odd.columns.map(\.type) == [.double, .text])
    #expect(ResultRows([ColumnDefinition("a", nil)]).columns.map(\.type) == [.text])
  }

  @Test func plainFormatsKeepTheValues() throws {
    #expect(
      try text(ResultFormat.csv.write(rows(), ResultNotes()))
        == "i,f,x,s\r\n9223372036854775807,0.1,3,\"a,\"\"b\"\" <ü>\n\"\r\n,-Inf,0.5,\r\n")
    #expect(
      try text(ResultFormat.json.write(rows(), ResultNotes())).hasSuffix(
        "\"data\": [\n[9223372036854775807, 0.1, 3, \"a,\\\"b\\\" <ü>\\n\"],\n[null, null, 0.5, null]\n], \"overflow\": false}\n"
      ))
  }

  @Test func tablesAreWellFormed() throws {
    let document = try text(ResultFormat.tableData.write(rows(), ResultNotes(facts: [("QUERY", "a \"<\" b")])))
    #expect(document.contains("<INFO name=\"QUERY_STATUS\" value=\"OK\"/>"))
    #expect(document.contains("<TD>9223372036854775807</TD>") && document.contains("<TD>-Inf</TD>"))
    #expect(document.contains("a,\"b\" &lt;ü&gt;") || document.contains("a,&quot;b&quot; &lt;ü&gt;"))
    let cut = try rows()
    cut.isCutOff = true
    #expect(try text(ResultFormat.binary2.write(cut, ResultNotes())).contains("value=\"OVERFLOW\""))
    #expect(
      try text(VOTableResult.error("a < b")).contains("<INFO name=\"QUERY_STATUS\" value=\"ERROR\">a &lt; b</INFO>"))
  }

  @Test func manyRowsGoThroughAFile() throws {
    let rows = ResultRows([ColumnDefinition("n", .long)])
    for number in 0..<300_000 {
      rows.add(.integer(Int64(number)), column: 0)
      try rows.endRow()
    }
    try rows.flush()
    #expect(rows.bytes > 2 << 20)
    var next: Int64 = 0
    try rows.forEachRow { row in
      if case .integer(next) = row[0] { next += 1 }
    }
    #expect(next == 300_000)
  }
}
