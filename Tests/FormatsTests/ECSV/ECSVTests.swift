import Formats
import Foundation
import Testing
import XMDBTestSupport

@Suite struct ECSVTests {
  private func read(_ header: String, _ rows: String) throws -> (TableSource, [[Cell]]) {
    let folder = try Workdir()
    let lines = "%ECSV 1.0\n---\n" + header
    let text = lines.split(separator: "\n").map { "# \($0)\n" }.joined() + rows
    let source = try TableSource(paths: [try folder.write(Data(text.utf8), to: "x.ecsv")])
    return (source, try source.everything())
  }

  @Test(arguments: ["small.ecsv", "small-comma.ecsv"]) func whatAstropyWroteIsReadToTheBit(_ name: String) throws {
    // Between commas astropy writes no quotes around an empty text.
    let source = try SmallTable.check(name, emptyText: name == "small.ecsv" ? .text("") : .missing)
    #expect(source.columns.map(\.type) == [.int64, .float64, .float64, .float32, .int64, .bool, .float64, .text])
    #expect(source.columns.map(\.unit) == SmallTable.units && source.columns.map(\.ucd) == SmallTable.ucds)
    #expect(source.columns[0].description == "identifier, 64 bits" && source.columns[4].fileType == "int16")
  }

  @Test func theTypesAreThoseOfTheHeader() throws {
    let (source, cells) = try read(
      """
      delimiter: ','
      datatype:
      - {name: t, datatype: string}
      - {name: u, datatype: uint64}
      - {name: d, datatype: float64, unit: mas / yr}
      - {name: none, datatype: int32}
      """, "t,u,d,none\n1,2,3,\n007,18446744073709551615,nan,\n")
    #expect(source.columns.map(\.type) == [.text, .uint64, .float64, .int64] && source.columns[2].unit == "mas / yr")
    #expect(cells[0] == [.text("1"), .text("007")] && cells[1] == [.uint(2), .uint(.max)])
    #expect(cells[2] == [.double(3), .missing] && cells[3] == [.missing, .missing])
  }

  @Test func masksBesideColumnsAreApplied() throws {
    let (source, cells) = try read(
      "datatype:\n- {name: a, datatype: int64}\n- {name: a.mask, datatype: bool}\n", "a a.mask\n1 False\n2 True\n")
    #expect(source.columns.map(\.name) == ["a"] && cells == [[.int(1), .missing]])
  }

  @Test func columnsOfArraysAreRefusedByName() throws {
    let error = formatError {
      _ = try read(
        "datatype:\n- {name: a, datatype: string, subtype: 'float64[3]'}\n- {name: b, datatype: int64}\n",
        "a b\n\"[1,2,3]\" 1\n")
    }
    #expect(
      error?.code == .unsupported && error?.message.contains("'a' (float64[3])") == true, "\(String(describing: error))"
    )
  }

  @Test(arguments: [
    ("datatype:\n- {name: a, datatype: int64}\n- {name: b, datatype: int64}\n", "a b\n1 x\n", "is int64"),
    ("datatype:\n- {name: a, datatype: int64}\n- {name: c, datatype: int64}\n", "a b\n1 2\n", "line of names"),
    ("datatype:\n- {name: a, datatype: int64}\n", "a b\n1 2\n", "2 columns"),
    ("datatype: nothing\n", "a b\n1 2\n", "datatype"), ("- [\n", "a b\n1 2\n", "YAML"),
    ("delimiter: '::'\ndatatype:\n- {name: a, datatype: int64}\n", "a\n1\n", "delimiter"),
  ]) func headersThatDoNotFitAreRefused(_ header: String, _ rows: String, _ word: String) throws {
    let error = formatError { _ = try read(header, rows) }
    #expect(error?.message.contains(word) == true, "\(String(describing: error))")
  }

  @Test func truncatedFilesAreReadOrRefused() throws { try Malformed.truncate("small.ecsv", mayRead: true) }

  @Test(arguments: [UInt64(1), 2, 3]) func flippedBytesNeverCrash(seed: UInt64) throws {
    try Malformed.flip("small.ecsv", seed: seed, times: 1000)
  }
}
