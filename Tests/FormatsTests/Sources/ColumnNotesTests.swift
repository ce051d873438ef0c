import Formats
import ParquetFixture
import Testing
import XMDBTestSupport

/// Units, UCDs and descriptions come from the fields or from the VOTable header of VOParquet.
struct ColumnNotesTests {
  @Test func fieldMetadataIsRead() throws {
    let scratch = try Workdir()
    let path = try scratch.file("x.parquet")
    try ParquetFixture.write(
      [
        ParquetColumn("ra", .double([1]), unit: "deg", ucd: "pos.eq.ra;meta.main", description: "Right ascension"),
        ParquetColumn("n", .int64([1])),
      ], to: path)
    let columns = try TableSource(paths: [path]).columns
    #expect(columns[0].unit == "deg")
    #expect(columns[0].ucd == "pos.eq.ra;meta.main")
    #expect(columns[0].description == "Right ascension")
    #expect(columns[1].unit == nil && columns[1].ucd == nil && columns[1].description == nil)
  }

  @Test func votableHeaderIsRead() throws {
    let header = """
      <?xml version='1.0'?><VOTABLE version="1.4"><RESOURCE><TABLE>
      <FIELD name="ra" ID="c1" datatype="double" unit="deg" ucd="pos.eq.ra;meta.main">
        <DESCRIPTION>Right   ascension
          at Ep=2016.0 &amp; so on &#945; &gt; 0</DESCRIPTION></FIELD>
      <FIELD ucd='phot.mag;em.opt.V' datatype="float" name='v &lt;mag>' unit="mag"/>
      <vot:FIELD name="plain" datatype="long"><VALUES null="-1"/></vot:FIELD>
      <FIELD name="cdata"><DESCRIPTION><![CDATA[a < b]]></DESCRIPTION></FIELD>
      <FIELD name="open" unit="m
      """
    let notes = try columns(named: ["ra", "v <mag>", "plain", "cdata", "open"], header: header)
    #expect(notes[0].unit == "deg" && notes[0].ucd == "pos.eq.ra;meta.main")
    #expect(notes[0].description == "Right ascension at Ep=2016.0 & so on α > 0")
    #expect(notes[1].unit == "mag" && notes[1].ucd == "phot.mag;em.opt.V" && notes[1].description == nil)
    #expect(notes[2].unit == nil && notes[2].description == nil)
    #expect(notes[3].description == "a < b")
    #expect(notes[4].unit == nil)
  }

  @Test(arguments: [
    "", "<", "<FIELD", "<FIELD ", "<FIELD name", "<FIELD name=", "<FIELD name='", "<FIELD name='x' ",
    "<FIELD name='x'>", "<FIELD name='x'><DESCRIPTION", "<FIELD name='x'><DESCRIPTION>", "&&&<FIELD name='&#;'/>",
    "<FIELD name='x' unit='&#x110000;&#xD800;&bogus;&'/>",
  ])
  func brokenHeaderIsPassedOver(_ header: String) throws {
    #expect(try columns(named: ["x"], header: header).count == 1)
  }

  @Test(
    .timeLimit(.minutes(3)),
    arguments: ["", "</FIELD>", "<DESCRIPTION>", "<DESCRIPTION>d</DESCRIPTION></FIELD>", " unit="])
  func headerOfAHundredThousandFieldsIsReadInTimeOfItsLength(_ rest: String) throws {
    let fields = (0..<100_000).map { "<FIELD name='column\($0)' datatype='double' unit='arcsec'>\(rest)" }.joined()
    let notes = try columns(named: ["column0", "column99999"], header: fields)
    #expect(notes.map(\.unit) == ["arcsec", "arcsec"])
  }

  private func columns(named names: [String], header: String) throws -> [TableColumn] {
    let scratch = try Workdir()
    let path = try scratch.file("x.parquet")
    var options = ParquetFixture.Options()
    options.footer = ("IVOA.VOTable-Parquet.content", header)
    try ParquetFixture.write(names.map { ParquetColumn($0, .int64([1])) }, to: path, options: options)
    return try TableSource(paths: [path]).columns
  }
}
