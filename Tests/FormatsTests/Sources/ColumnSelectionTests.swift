import Formats
import ParquetFixture
import Testing
import XMDBTestSupport

/// Columns are taken and left out by name and by pattern, and names that SQL cannot tell apart are refused for the true reason.
struct ColumnSelectionTests {
  private func opened(_ names: [String], _ change: (inout ColumnSelection) -> Void) throws -> TableSource {
    let scratch = try Workdir()
    let path = try scratch.file("x.parquet")
    try ParquetFixture.write(names.map { ParquetColumn($0, .int64([1])) }, to: path)
    var selection = ColumnSelection()
    change(&selection)
    return try TableSource(paths: [path], selection: selection)
  }

  private static let names = ["id", "r_a", "r_b", "i_a", "r", "x*", "xy"]

  @Test(arguments: [
    (["r_*"], ["id", "i_a", "r", "x*", "xy"]), (["?_a"], ["id", "r_b", "r", "x*", "xy"]), (["*"], []),
    (["r*", "i*"], ["x*", "xy"]), (["x*"], ["id", "r_a", "r_b", "i_a", "r", "xy"]),
    (["?*_*?"], ["id", "r", "x*", "xy"]),
  ])
  func patternsLeaveOutAllThatFitThem(_ patterns: [String], _ rest: [String]) throws {
    #expect(try opened(Self.names) { $0.excluding = patterns }.columns.map(\.name) == rest)
  }

  @Test func onlyTakesWhatIsNamedInTheOrderOfTheFile() throws {
    let taken = try opened(Self.names) {
      $0.only = ["r_*", "id"]
      $0.excluding = ["*_b"]
    }
    #expect(taken.columns.map(\.name) == ["id", "r_a"])
  }

  @Test func patternThatFitsNothingIsRefused() throws {
    for option in ["--exclude q*", "--only q*"] {
      let error = formatError {
        _ = try opened(Self.names) { if option.hasPrefix("--only") { $0.only = ["q*"] } else { $0.excluding = ["q*"] } }
      }
      #expect(error?.code == .usage && error?.subject == option)
    }
    let error = formatError { _ = try opened(Self.names) { $0.excluding = ["ID"] } }
    #expect(error?.message.contains("did you mean 'id'?") == true)
  }

  @Test func hostilePatternIsComparedQuickly() throws {
    let name = String(repeating: "a", count: 5000)
    let pattern = String(repeating: "a*", count: 500) + "b"
    #expect(formatError { _ = try opened([name]) { $0.excluding = [pattern] } }?.code == .usage)
  }

  @Test(arguments: [
    (["FOO", "foo"], "SQL does not tell case apart"), (["caf\u{e9}", "cafe\u{301}"], "two Unicode forms"),
    (["x", "x"], "two columns are named 'x'"),
  ])
  func namesThatCannotStandTogetherAreRefusedForTheTrueReason(_ names: [String], _ reason: String) throws {
    let error = formatError { _ = try opened(names) { _ in } }
    #expect(error?.code == .unsupported)
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "no error")")
  }

  @Test func oneOfTwoUnicodeFormsCanBeLeftOut() throws {
    let names = try opened(["caf\u{e9}", "cafe\u{301}"]) { $0.excluding = ["cafe\u{301}"] }.columns.map(\.name)
    #expect(names.map { Array($0.utf8) } == [Array("caf\u{e9}".utf8)])
  }
}
