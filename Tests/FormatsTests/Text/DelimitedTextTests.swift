import CSQLiteBoot
import CatalogStore
import Formats
import Testing
import XMDBTestSupport

@Suite struct DelimitedTextTests {
  init() { _ = xsql_bootstrap() }

  private func field(_ sql: String, _ style: DelimitedText.Style = .loaded) throws -> (text: String, length: Int) {
    let connection = try Connection(path: ":memory:", mode: .create)
    let statement = try connection.prepare("SELECT \(sql)")
    try #require(try statement.step())
    var text = DelimitedText(style)
    let length = text.field(statement.value(0))
    return (String(decoding: text.bytes, as: UTF8.self), length)
  }

  @Test(arguments: [
    ("NULL", "\\N"), ("0", "0"), ("-1", "-1"), ("9223372036854775807", "9223372036854775807"),
    ("-9223372036854775808", "-9223372036854775808"), ("0.1", "0.1"), ("-1e300 * 1e10", "-inf"),
    ("123456789.123456789", "123456789.12345679"), ("'plain'", "plain"), ("''", ""), ("'a,b\\c'", "a\\,b\\\\c"),
    ("char(9) || char(10) || char(13)", "\\t\\n\\r"), ("'Sterne, größer'", "Sterne\\, größer"), ("'größer'", "größer"),
    ("x'00a9ff'", "00a9ff"), ("'\\N'", "\\\\N"), ("'\\.'", "\\\\."), ("'\"q\"'", "\"q\""),
    ("'a' || char(0) || 'b'", "a\u{0}b"),
  ])
  func valuesHaveTheFormThatDatabasesLoad(_ sql: String, _ expected: String) throws {
    let field = try field(sql)
    #expect(field.text == expected)
    #expect(field.length == expected.utf8.count)
  }

  @Test(arguments: [
    ("NULL", ""), ("''", "\"\""), ("-7", "-7"), ("0.1", "0.1"), ("'a b'", "a b"), ("' a'", "\" a\""),
    ("'a,b'", "\"a,b\""),
    ("'\"q\"'", "\"\"\"q\"\"\""), ("'\"' || char(769)", "\"\"\"\u{301}\""), ("char(10)", "\"\n\""),
    ("char(13)", "\"\r\""),
    ("'\\.'", "\"\\.\""), ("x'00a9ff'", "00a9ff"), ("'größer'", "größer"),
  ])
  func quotedValuesFollowRFC4180(_ sql: String, _ expected: String) throws {
    #expect(try field(sql, .quoted).text == expected)
  }

  @Test func numbersAreThoseOfTheStandardLibrary() throws {
    var random = SplitMix64(seed: 9)
    var text = DelimitedText(.quoted)
    let reals =
      [0, -0.0, 1, 1e16, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, .infinity, 123_456_789.123_456_789]
      + (0..<10_000).map { _ in Double(bitPattern: random.next()) }.filter { !$0.isNaN }
    for value in reals {
      text.field(.real(value))
      text.endLine()
      #expect(text.take() == Array("\(value)\n".utf8))
    }
  }

  @Test func linesAreCommasAndLineEnds() throws {
    var text = DelimitedText(.loaded)
    for _ in 0..<2 {
      text.field("a")
      text.field("b,c")
      text.endLine()
    }
    #expect(text.take() == Array("a,b\\,c\na,b\\,c\n".utf8))
    #expect(text.bytes.isEmpty)
  }

  /// What a database that loads such a file makes of it: rows of fields, nil for NULL.
  private struct Loader {
    /// What a character after a backslash stands for, where not for itself.
    let escapes: [Unicode.Scalar: Unicode.Scalar]
    /// Whether a line `\.` ends the data.
    let hasEndMark: Bool

    /// `LOAD DATA … FIELDS TERMINATED BY ',' ESCAPED BY '\\' LINES TERMINATED BY '\n'`, MySQL 8.4 manual, 15.2.9.
    static let mysql = Loader(
      escapes: ["0": "\0", "b": "\u{8}", "n": "\n", "r": "\r", "t": "\t", "Z": "\u{1a}"], hasEndMark: false)
    /// `COPY … WITH (FORMAT text, DELIMITER ',')`, PostgreSQL 15 manual, COPY, Text Format. (No digits follow our backslashes.)
    static let postgreSQL = Loader(
      escapes: ["b": "\u{8}", "f": "\u{c}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{b}"], hasEndMark: true)

    func rows(_ text: String) -> [[String?]] {
      var (rows, row, raw) = ([[String?]](), [String?](), [Unicode.Scalar]())
      var scalars = text.unicodeScalars.makeIterator()
      while let scalar = scalars.next() {
        switch scalar {
        case "\\":
          raw.append(scalar)
          if let next = scalars.next() { raw.append(next) }
        case ",", "\n":
          if hasEndMark && scalar == "\n" && row.isEmpty && raw == ["\\", "."] { return rows }
          row.append(value(raw))
          raw = []
          if scalar == "\n" {
            rows.append(row)
            row = []
          }
        default: raw.append(scalar)
        }
      }
      return rows
    }

    private func value(_ raw: [Unicode.Scalar]) -> String? {
      if raw == ["\\", "N"] { return nil }
      var (text, rest) = (String.UnicodeScalarView(), raw[...])
      while let scalar = rest.popFirst() {
        let next = scalar == "\\" ? rest.popFirst() : nil
        text.append(next.map { escapes[$0] ?? $0 } ?? scalar)
      }
      return String(text)
    }
  }

  @Test(arguments: 1...20)
  func databasesReadBackWhatWasWritten(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let parts = [
      ",", "\\", "\n", "\r", "\t", "\"", "'", "N", ".", "n", " ", "\u{0}", "\u{8}", "\u{1a}", "é", "\u{2028}", "7",
    ]
    let rows = (0..<50).map { _ in
      (0..<3).map { _ -> String? in
        let length = Int.random(in: 0...4, using: &random)
        if length == 4 { return nil }
        return (0..<length).map { _ in parts.randomElement(using: &random)! }.joined()
      }
    }
    let connection = try Connection(path: ":memory:", mode: .create)
    let statement = try connection.prepare("SELECT ?1, ?2, ?3")
    var text = DelimitedText(.loaded)
    for row in rows {
      for (column, value) in row.enumerated() { statement.bind(column + 1, value) }
      try #require(try statement.step())
      for column in 0..<3 { text.field(statement.value(column)) }
      text.endLine()
      statement.reset()
    }
    let file = String(decoding: text.bytes, as: UTF8.self)
    #expect(file.utf8.filter { $0 == UInt8(ascii: "\n") }.count == rows.count, "a line is a row; seed \(seed)")
    #expect(Loader.mysql.rows(file) == rows, "seed \(seed)")
    #expect(Loader.postgreSQL.rows(file) == rows, "seed \(seed)")
  }

  @Test func integersOfEveryLengthAreWritten() {
    var numbers: [Int64] = [0, .min, .max]
    var power: Int64 = 1
    for _ in 0..<18 {
      power *= 10
      numbers += [power - 1, power, power + 1, 1 - power, -power, -power - 1]
    }
    for number in numbers {
      var text = DelimitedText(.loaded)
      text.field(number)
      #expect(String(decoding: text.bytes, as: UTF8.self) == "\(number)")
    }
  }
}
