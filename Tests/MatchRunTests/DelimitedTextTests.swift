import CSQLiteBoot
import CatalogStore
import Testing
import XMDBTestSupport

@testable import MatchRun

@Suite struct DelimitedTextTests {
  init() { _ = xsql_bootstrap() }

  private func field(_ sql: String) throws -> (text: String, length: Int) {
    let connection = try Connection(path: ":memory:", mode: .create)
    let statement = try connection.prepare("SELECT \(sql)")
    try #require(try statement.step())
    var text = DelimitedText()
    let length = text.field(statement, 0)
    return (String(decoding: text.bytes, as: UTF8.self), length)
  }

  @Test(arguments: [
    ("NULL", "\\N"), ("0", "0"), ("-1", "-1"), ("9223372036854775807", "9223372036854775807"),
    ("-9223372036854775808", "-9223372036854775808"), ("0.1", "0.1"), ("-1e300 * 1e10", "-inf"),
    ("123456789.123456789", "123456789.12345679"), ("'plain'", "plain"), ("''", ""), ("'a,b\\c'", "a\\,b\\\\c"),
    ("char(9) || char(10) || char(13)", "\\t\\n\\r"), ("'Sterne, größer'", "Sterne\\, größer"), ("'größer'", "größer"),
    ("x'00a9ff'", "00a9ff"),
  ])
  func valuesHaveTheFormThatDatabasesLoad(_ sql: String, _ expected: String) throws {
    let field = try field(sql)
    #expect(field.text == expected)
    #expect(field.length == expected.utf8.count)
  }

  @Test func linesAreCommasAndLineEnds() throws {
    var text = DelimitedText()
    for _ in 0..<2 {
      text.field("a")
      text.field("b,c")
      text.endLine()
    }
    #expect(text.take() == Array("a,b\\,c\na,b\\,c\n".utf8))
    #expect(text.bytes.isEmpty)
  }
}
