import Formats
import Foundation
import Testing
import XMDBTestSupport

@Suite struct FITSTests {
  @Test(arguments: ["small.fits", "small.fits.gz"]) func whatAstropyWroteIsReadToTheBit(_ name: String) throws {
    let source = try SmallTable.check(name)
    #expect(source.columns.map(\.type) == [.int64, .float64, .float64, .float32, .int64, .bool, .float64, .text])
    #expect(source.columns.map(\.unit) == SmallTable.units && source.columns.map(\.ucd) == SmallTable.ucds)
    #expect(source.columns[0].description == "identifier, 64 bits" && source.columns[4].fileType == "I")
  }

  private static let scalars = ["u64", "u32", "u16", "i8", "u8", "scaled", "null64", "wide"]

  private func types(_ name: String) throws -> [Cell] {
    var selection = ColumnSelection()
    selection.only = [name]
    return try TableSource(paths: [SmallTable.path("types.fits")], selection: selection).everything(batchRows: 2)[0]
  }

  @Test func integersKeepAllTheirBitsWhateverTheirOffset() throws {
    #expect(try types("u64") == [.uint(0), .uint(1 << 63), .uint(.max)])
    #expect(try types("u32") == [.int(0), .int(1 << 31), .int(4_294_967_295)])
    #expect(try types("u16") == [.int(0), .int(32768), .int(65535)])
    #expect(try types("i8") == [.int(-128), .int(0), .int(127)])
    #expect(try types("u8") == [.int(0), .int(128), .int(255)])
  }

  @Test func valuesEqualToTNULLAreMissingAndScaledOnesAreDoubles() throws {
    #expect(try types("scaled") == [.missing, .double(6.5), .double(-1 * 0.01 + 5)])
    #expect(try types("null64") == [.missing, .int(.max), .int(9_007_199_254_740_993)])
    #expect(try types("wide") == [.text("abc"), .missing, .text("0123456789")])
  }

  @Test func columnsOfArraysAreRefusedByName() throws {
    let error = formatError { _ = try TableSource(paths: [SmallTable.path("types.fits")]) }
    #expect(error?.code == .unsupported)
    for word in ["'vector' (3E)", "'bits' (3X)", "'list' (PJ", "--exclude vector"] {
      #expect(error?.message.contains(word) == true, "\(error!)")
    }
    let rest = try TableSource(paths: [SmallTable.path("types.fits")], excluding: ["vector", "bits", "list"])
    #expect(rest.columns.map(\.name) == Self.scalars)
  }

  @Test func tablesOfTextAreReadToTheLastDigit() throws {
    let source = try TableSource(paths: [SmallTable.path("ascii.fits")])
    #expect(source.columns.map(\.type) == [.int64, .float64, .float64, .text] && source.columns[1].unit == "deg")
    let cells = try source.everything(batchRows: 2)
    #expect(cells[0] == [.int(1), .int(-2), .int(5_853_498_713_190_525_696)])
    #expect(cells[1] == [.double(0.1), .double(359.99999999999994), .double(1e-300)])
    #expect(cells[2] == [.double(1.5), .double(-2.25), .double(3)])
    #expect(cells[3] == [.text("a"), .text("b c"), .text("vwxyz")])
  }

  @Test(arguments: [("[OTHER]", 3), ("[other]", 3), ("[2]", 3), ("[1]", 7), ("[STARS]", 7)])
  func aTableIsTakenByNameOrNumber(_ table: String, _ rows: Int64) throws {
    #expect(try TableSource(paths: [SmallTable.path("small.fits") + table]).rowCount == rows)
  }

  @Test func anUnknownTableIsRefusedWithThoseThatThereAre() throws {
    let error = formatError { _ = try TableSource(paths: [SmallTable.path("small.fits") + "[3]"]) }
    #expect(error?.code == .usage && error?.message.contains("1 (STARS), 2 (OTHER)") == true, "\(error!)")
  }

  /// cfitsio reads filters, commands and addresses out of names of files, unless it is kept from it.
  @Test(arguments: [
    "small.fits[STARS][ra > 100]", "small.fits[1][col x=ra]", "small.fits+1", "|cat small.fits",
    "small.fits(copy.fits)",
    "mem://small.fits", "https://example.org/small.fits", "small.fits[pix sin(X)]",
  ]) func theLanguageOfFileNamesIsOutOfReach(_ name: String) throws {
    let folder = try Workdir()
    try folder.write(Data(contentsOf: URL(fileURLWithPath: SmallTable.path("small.fits"))), to: "small.fits")
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(formatError { _ = try TableSource(paths: [folder.path + "/" + name]) } != nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == before)
  }

  @Test func aFileMayHaveTheNameOfAFilter() throws {
    let folder = try Workdir()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: SmallTable.path("small.fits")))
    let path = try folder.write(bytes, to: "small[ra > 100].fits")
    #expect(try TableSource(paths: [path]).rowCount == 7)
  }

  @Test func anOldFrameIsKnownOfTheColumns() throws {
    let folder = try Workdir()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: SmallTable.path("small.fits")))
    let text = String(decoding: bytes, as: Unicode.ASCII.self)
    let old = "EXTNAME = 'STARS   '           / extension name"
    let card = try #require(text.range(of: old))
    let start = text.distance(from: text.startIndex, to: card.lowerBound)
    var changed = bytes
    changed.replaceSubrange(
      start..<start + old.count, with: Data("RADESYS = 'FK4     '           / reference     ".utf8.prefix(old.count)))
    let source = try TableSource(paths: [try folder.write(changed, to: "x.fits")])
    #expect(source.columns[1].frame?.hasPrefix("FK4") == true)
  }

  @Test func aFileOfImagesHasNoTable() throws {
    let folder = try Workdir()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: SmallTable.path("small.fits"))).prefix(2880)
    let error = formatError { _ = try TableSource(paths: [try folder.write(bytes, to: "x.fits")]) }
    #expect(error?.code == .unsupported && error?.message.contains("no table") == true, "\(String(describing: error))")
  }

  @Test(.timeLimit(.minutes(2))) func truncatedFilesAreRefused() throws {
    let folder = try Workdir()
    let whole = try Data(contentsOf: URL(fileURLWithPath: SmallTable.path("small.fits")))
    let table = try TableSource(paths: [SmallTable.path("small.fits")])
    #expect(table.rowCount == 7)
    // The table ends at 8640 with what fills its last block; its rows end before.
    for length in stride(from: 0, to: 5760 + 7 * 60, by: 7) {
      #expect(try Malformed.read(whole.prefix(length), as: "x.fits", in: folder) != nil, "cut at \(length)")
    }
    try Malformed.truncate("small.fits.gz")
    try Malformed.truncate("ascii.fits", step: 3, mayRead: true)
  }

  @Test(arguments: [UInt64(1), 2, 3]) func flippedBytesNeverCrash(seed: UInt64) throws {
    // Headers are where a change matters.
    try Malformed.flip("small.fits", seed: seed, times: 400, within: 0..<8640)
    try Malformed.flip("types.fits", seed: seed, times: 400, within: 2880..<8640)
    try Malformed.flip("ascii.fits", seed: seed, times: 400, within: 2880..<8640)
    try Malformed.flip("small.fits.gz", seed: seed, times: 100)
  }
}
