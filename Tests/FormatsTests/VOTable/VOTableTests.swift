import Formats
import Foundation
import Testing
import XMDBTestSupport

@Suite struct VOTableTests {
  private func read(_ text: String, batchRows: Int = 7) throws -> (TableSource, [[Cell]]) {
    let folder = try Workdir()
    let source = try TableSource(paths: [try folder.write(Data(text.utf8), to: "x.vot")])
    return (source, try source.everything(batchRows: batchRows))
  }

  private func failure(_ text: String) throws -> FormatError? { formatError { _ = try read(text) } }

  private func document(_ fields: String, _ data: String, before: String = "", after: String = "") -> String {
    """
    <?xml version="1.0"?><VOTABLE version="1.4"><RESOURCE>\(before)<TABLE>\(fields)<DATA>\(data)</DATA></TABLE>\(after)
    </RESOURCE></VOTABLE>
    """
  }

  @Test(arguments: ["tabledata", "binary", "binary2"], [1, 3, 100])
  func whatAstropyWroteIsReadToTheBit(_ form: String, _ batchRows: Int) throws {
    // Only the flags of BINARY2 tell an empty text from none; of fixed length it is blank all the same.
    let source = try SmallTable.check("small-\(form).vot", batchRows: batchRows)
    #expect(source.columns.map(\.type) == [.int64, .float64, .float64, .float32, .int64, .bool, .float64, .text])
    #expect(source.columns.map(\.unit) == SmallTable.units && source.columns.map(\.ucd) == SmallTable.ucds)
    #expect(source.columns[0].description == "identifier, 64 bits")
    #expect(source.notes.contains { $0.contains("ra, dec: ICRS, epoch J2016.0") && $0.contains("--epoch 2016.0") })
  }

  @Test func valuesThatStandForNoneAreMissing() throws {
    let (_, cells) = try read(
      document(
        """
        <FIELD name="i" datatype="int"><VALUES null="-99"/></FIELD><FIELD name="b" datatype="boolean"/>
        <FIELD name="d" datatype="double"/><FIELD name="t" datatype="char" arraysize="*"/>
        """,
        """
        <TABLEDATA><TR><TD>-99</TD><TD>?</TD><TD>NaN</TD><TD/></TR><TR><TD> 0x1F </TD><TD>T</TD><TD>-Inf</TD><TD>&lt;a&gt;</TD></TR>
        <TR><TD></TD><TD>false</TD><TD>1e-3</TD><TD><![CDATA[x & y]]></TD></TR><TR/><TR><TD>7</TD></TR></TABLEDATA>
        """))
    #expect(cells[0] == [.missing, .int(31), .missing, .missing, .int(7)])
    #expect(cells[1] == [.missing, .bool(true), .bool(false), .missing, .missing])
    #expect(cells[2] == [.missing, .double(-.infinity), .double(1e-3), .missing, .missing])
    #expect(cells[3] == [.missing, .text("<a>"), .text("x & y"), .missing, .missing])
  }

  @Test func rowsOfVariableLengthAreDivided() throws {
    var bytes: [UInt8] = []
    for row in 0..<50 {
      let text = Array(repeating: UInt8(ascii: "a"), count: row)
      bytes += withUnsafeBytes(of: UInt32(text.count).bigEndian, Array.init) + text
      bytes += withUnsafeBytes(of: UInt32(row % 3).bigEndian, Array.init) + Array(repeating: 0, count: row % 3 * 8)
      bytes += withUnsafeBytes(of: Int64(row).bigEndian, Array.init)
    }
    let fields = """
      <FIELD name="t" datatype="char" arraysize="*"/><FIELD name="v" datatype="double" arraysize="*"/>
      <FIELD name="i" datatype="long"/>
      """
    let text = document(
      fields, "<BINARY><STREAM encoding=\"base64\">\(Data(bytes).base64EncodedString())</STREAM></BINARY>")
    let folder = try Workdir()
    let path = try folder.write(Data(text.utf8), to: "x.vot")
    let error = formatError { _ = try TableSource(paths: [path]) }
    #expect(error?.message.contains("'v' (double[*])") == true, "\(String(describing: error))")
    let cells = try TableSource(paths: [path], excluding: ["v"]).everything(batchRows: 7)
    #expect(cells[1] == (0..<50).map { .int($0) })
    #expect(cells[0] == (0..<50).map { $0 == 0 ? .missing : .text(String(repeating: "a", count: $0)) })
  }

  @Test(arguments: ["", "\n", "\r\n ", "\t"]) func linesOfBase64MayEndAnywhere(_ end: String) throws {
    let texts = ["abc", "", "größer", "x  ", "日本"]
    var bytes: [UInt8] = []
    for row in 0..<500 {
      bytes += withUnsafeBytes(of: Int64(row).bigEndian, Array.init)
      let units = Array(texts[row % 5].utf16.prefix(6)) + Array(repeating: 0, count: 6)
      for unit in units.prefix(6) { bytes += withUnsafeBytes(of: unit.bigEndian, Array.init) }
    }
    let fields = """
      <FIELD name="i" datatype="long"/><FIELD name="t" datatype="unicodeChar" arraysize="6"/>
      """
    var random = SplitMix64(seed: 4)
    for _ in 0..<5 {
      var (text, length) = ("", 0)
      for character in Data(bytes).base64EncodedString() {
        text.append(character)
        length -= 1
        if length <= 0 {
          text += end
          length = Int.random(in: 1...90, using: &random)
        }
      }
      let (_, cells) = try read(document(fields, "<BINARY><STREAM encoding=\"base64\">\(text)</STREAM></BINARY>"))
      #expect(cells[0] == (0..<500).map { .int($0) })
      let expected: [Cell] = [.text("abc"), .missing, .text("größer"), .text("x"), .text("日本")]
      #expect(cells[1] == (0..<500).map { expected[$0 % 5] })
    }
  }

  @Test func prefixesOfNamesAndOldVersionsAreRead() throws {
    let (source, cells) = try read(
      """
      <?xml version="1.0"?><!DOCTYPE VOTABLE SYSTEM "http://us-vo.org/xml/VOTable.dtd">
      <v:VOTABLE version="1.1" xmlns:v="http://www.ivoa.net/xml/VOTable/v1.1"><v:RESOURCE><v:TABLE><v:FIELD name="a"
      datatype="short"/><v:DATA><v:TABLEDATA><v:TR><v:TD>1</v:TD></v:TR></v:TABLEDATA></v:DATA></v:TABLE></v:RESOURCE></v:VOTABLE>
      """)
    #expect(source.columns.map(\.name) == ["a"] && cells == [[.int(1)]])
  }

  @Test func aTableIsTakenByNameOrNumber() throws {
    let one = "<FIELD name=\"a\" datatype=\"int\"/><DATA><TABLEDATA><TR><TD>"
    let end = "</TD></TR></TABLEDATA></DATA></TABLE>"
    let text = "<VOTABLE><RESOURCE><TABLE name=\"x\">\(one)1\(end)<TABLE ID=\"y\">\(one)2\(end)</RESOURCE></VOTABLE>"
    let folder = try Workdir()
    let path = try folder.write(Data(text.utf8), to: "x.vot")
    for (table, value) in [("", 1), ("[x]", 1), ("[1]", 1), ("[y]", 2), ("[2]", 2)] {
      #expect(try TableSource(paths: [path + table]).everything() == [[.int(Int64(value))]])
    }
    #expect(try TableSource(paths: [path]).notes.contains { $0.contains("2 tables") })
    #expect(formatError { _ = try TableSource(paths: [path + "[z]"]) }?.message.contains("1 (x), 2 (y)") == true)
  }

  // MARK: Frames

  @Test(arguments: [
    ("<COOSYS ID=\"s\" system=\"eq_FK4\" equinox=\"B1950\"/>", "eq_FK4 at equinox B1950"),
    ("<COOSYS ID=\"s\" system=\"galactic\"/>", "galactic"),
    ("<COOSYS ID=\"s\" system=\"eq_FK5\" equinox=\"J1975\"/>", "eq_FK5 at equinox J1975"),
    ("<COOSYS ID=\"s\" system=\"eq_FK5\" equinox=\"J2000\"/>", nil), ("<COOSYS ID=\"s\" system=\"ICRS\"/>", nil),
  ]) func framesAreKnownOfTheFields(_ system: String, _ frame: String?) throws {
    let (source, _) = try read(
      document(
        "<FIELD name=\"ra\" datatype=\"double\" ref=\"s\"/><FIELD name=\"x\" datatype=\"double\"/>",
        "<TABLEDATA><TR><TD>1</TD><TD>2</TD></TR></TABLEDATA>", before: system))
    #expect(source.columns[0].frame == frame && source.columns[1].frame == nil)
  }

  @Test func groupsOfSTCGiveTheFrame() throws {
    let group = """
      <GROUP utype="stc:CatalogEntryLocation"><PARAM datatype="char" arraysize="*" name="f"
      utype="stc:AstroCoordSystem.SpaceFrame.CoordRefFrame" value="FK4"/><FIELDref ref="a"/></GROUP>
      """
    let (source, _) = try read(
      document(
        group + "<FIELD ID=\"a\" name=\"ra\" datatype=\"double\"/>", "<TABLEDATA><TR><TD>1</TD></TR></TABLEDATA>"))
    #expect(source.columns[0].frame == "FK4")
  }

  @Test func whatAServiceCutOffIsSaid() throws {
    let (source, _) = try read(
      document(
        "<FIELD name=\"a\" datatype=\"int\"/>", "<TABLEDATA><TR><TD>1</TD></TR></TABLEDATA>",
        after: "<INFO name=\"QUERY_STATUS\" value=\"OVERFLOW\"/>"))
    #expect(source.notes.contains { $0.contains("OVERFLOW") })
    let error = try failure(
      "<VOTABLE><RESOURCE><INFO name=\"QUERY_STATUS\" value=\"ERROR\">no</INFO></RESOURCE></VOTABLE>")
    #expect(error?.message.contains("error of a service") == true)
  }

  // MARK: Refused

  @Test func entitiesAreRefused() throws {
    var declarations = "<!ENTITY a0 \"aaaaaaaaaa\">"
    for level in 1..<12 { declarations += "<!ENTITY a\(level) \"\(String(repeating: "&a\(level - 1);", count: 10))\">" }
    let bomb =
      "<?xml version=\"1.0\"?><!DOCTYPE VOTABLE [\(declarations)]><VOTABLE><RESOURCE>&a11;</RESOURCE></VOTABLE>"
    #expect(try failure(bomb)?.message.contains("entities") == true)
    let outside =
      "<?xml version=\"1.0\"?><!DOCTYPE v [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><VOTABLE>&x;</VOTABLE>"
    #expect(try failure(outside)?.message.contains("entities") == true)
  }

  @Test func depthAndLengthAreBounded() throws {
    #expect(try failure(String(repeating: "<a>", count: 100_000))?.message.contains("deep") == true)
    let long = "<VOTABLE><INFO name=\"\(String(repeating: "x", count: 20_000_000))\"/></VOTABLE>"
    #expect(try failure(long)?.message.contains("tag of more than") == true)
    let size = document("<FIELD name=\"a\" datatype=\"double\" arraysize=\"99999999999x9\"/>", "")
    #expect(try failure(size)?.message.contains("does not know") == true)
  }

  @Test(arguments: [
    "<STREAM href=\"http://example.org/x\"/>", "<STREAM href=\"file:///etc/passwd\"/>",
    "<STREAM encoding=\"gzip\">AAAA</STREAM>", "<STREAM encoding=\"base64\">A!</STREAM>",
    "<STREAM encoding=\"base64\">AAAA</STREAM>",
  ]) func dataElsewhereOrOddAreRefused(_ stream: String) throws {
    #expect(try failure(document("<FIELD name=\"a\" datatype=\"int\"/>", "<BINARY>\(stream)</BINARY>")) != nil)
  }

  @Test(arguments: ["<html><body/></html>", "<?xml version=\"1.0\"?><VOTABLE/>"]) func otherXMLIsRefused(_ text: String)
    throws
  {
    #expect(try failure(text) != nil)
  }

  @Test func anOddValueIsRefusedByRowAndField() throws {
    let error = try failure(
      document(
        "<FIELD name=\"a\" datatype=\"int\"/>", "<TABLEDATA><TR><TD>1</TD></TR><TR><TD>1.5</TD></TR></TABLEDATA>"))
    #expect(error?.message.contains("row 2 has '1.5' in field 'a'") == true, "\(String(describing: error))")
    let lines = try failure(
      document("<FIELD name=\"a\" datatype=\"int\"/>", "<TABLEDATA><TR><TD>x\ny</TD></TR></TABLEDATA>"))
    #expect(lines?.message.contains("'x y'") == true, "\(String(describing: lines))")
  }

  @Test(arguments: ["tabledata", "binary", "binary2"]) func truncatedFilesAreRefused(_ form: String) throws {
    try Malformed.truncate("small-\(form).vot", step: 3, mayRead: true)
    let folder = try Workdir()
    let whole = try Data(contentsOf: URL(fileURLWithPath: SmallTable.path("small-\(form).vot")))
    #expect(try Malformed.read(whole.dropLast(12), as: "x.vot", in: folder)?.code == .truncated)
  }

  @Test(arguments: ["tabledata", "binary", "binary2"], [UInt64(1), 2, 3])
  func flippedBytesNeverCrash(_ form: String, seed: UInt64) throws {
    try Malformed.flip("small-\(form).vot", seed: seed, times: 500)
  }
}
