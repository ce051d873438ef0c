import Formats
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

/// What astropy says about columns is read: units, UCDs, descriptions, masks; whatever else stands there does no harm.
struct AstropyNotesTests {
  private func opened(_ columns: [ParquetColumn], yaml: String, _ scratch: Workdir) throws -> TableSource {
    let path = try scratch.file("x.parquet")
    var options = ParquetFixture.Options()
    options.footer = ("table_meta_yaml", yaml)
    try ParquetFixture.write(columns, to: path, options: options)
    return try TableSource(paths: [path])
  }

  private func opened(_ yaml: String) throws -> TableSource {
    try opened([ParquetColumn("ra", .double([1]))], yaml: yaml, Workdir())
  }

  @Test func unitsUCDsAndDescriptionsAreRead() throws {
    let yaml = """
      datatype:
      - {name: id, datatype: int64}
      - name: ra
        unit: deg
        datatype: float64
        description: 'right ascension: J2000'
        meta: !!omap
        - {ucd: pos.eq.ra}
      - {name: v, unit: !astropy.units.Unit {unit: mas}, datatype: float64, meta: {UCD: phot.mag}}
      - {name: b, unit: '', datatype: string}
      meta: !!omap
      - comments: ['*', "? x"]
      - __serialized_columns__:
          ra: {__class__: astropy.units.quantity.Quantity, unit: &id001 !astropy.units.Unit {unit: deg}}
          dec: *id001
      """
    let scratch = try Workdir()
    let columns = try opened(
      [
        ParquetColumn("id", .int64([1])), ParquetColumn("ra", .double([1])),
        ParquetColumn("v", .double([1]), unit: "arcsec"), ParquetColumn("b", .binary([[65]])),
      ], yaml: yaml, scratch
    )
    #expect(columns.columns.map(\.unit) == [nil, "deg", "arcsec", nil], "what a field says itself wins")
    #expect(columns.columns.map(\.ucd) == [nil, "pos.eq.ra", "phot.mag", nil])
    #expect(columns.columns[1].description == "right ascension: J2000")
    #expect(try columns.everything(columns: [3]) == [[.text("A")]], "astropy writes text as bytes")
    #expect(columns.warnings.isEmpty)
  }

  @Test func valuesUnderAMaskAreMissing() throws {
    let scratch = try Workdir()
    let source = try opened(
      [
        ParquetColumn("g", .double([1, 2, nil, 4])), ParquetColumn("g.mask", .bool([false, true, false, nil])),
        ParquetColumn("n", .int64([.max, .max, 3, 4])), ParquetColumn("n.mask", .bool([true, true, true, true])),
        ParquetColumn("t", .string(["a", "b", "c", "d"])), ParquetColumn("t.mask", .bool([true, false, false, true])),
        ParquetColumn("q.mask", .bool([true, false, true, false])),
        ParquetColumn("t.mask.mask", .int64([1, 2, 3, 4])),
      ], yaml: "datatype: []", scratch)
    #expect(source.columns.map(\.name) == ["g", "n", "t", "q.mask", "t.mask.mask"])
    for batchRows in [1, 3, 100] {
      let cells = try source.everything(batchRows: batchRows)
      #expect(cells[0] == [.double(1), .missing, .missing, .double(4)])
      #expect(cells[1] == [.missing, .missing, .missing, .missing])
      #expect(cells[2] == [.missing, .text("b"), .text("c"), .missing])
      #expect(cells[3] == [.bool(true), .bool(false), .bool(true), .bool(false)])
    }
    #expect(source.notes.contains { $0.contains("g.mask, n.mask, t.mask") }, "\(source.notes)")
    let path = scratch.path + "/x.parquet"
    let chosen = try TableSource(paths: [path], excluding: ["*.mask"])
    #expect(chosen.columns.map(\.name) == ["g", "n", "t"])
    #expect(try chosen.everything(columns: [2]) == [[.missing, .text("b"), .text("c"), .missing]])
  }

  /// What is no list of columns, or not to be read, is said; the columns stay as they are.
  @Test(arguments: [
    ("", "has no list"), ("datatype: 7", "has no list"), ("x: [", "is not YAML"),
    ("datatype:\n- {name: ra, name: ra}", "not YAML"),
    ("datatype:\n- &a {name: ra}\n- {? *a : 1}", "no plain words"),
    ("datatype:\n- &a [1]\n- {*a : 1}", "no plain words"),
    ("datatype:\n- &a [1]\n- {[*a]: 1}", "no plain words"), ("datatype:\n- *undefined", "is not YAML"),
    ("datatype: [" + String(repeating: "[", count: 100_000), "is not YAML"),
    ("datatype:\n" + String(repeating: "- {name: x, unit: deg}\n", count: 400_000), "takes 9200010 bytes"),
  ])
  func oddHeaderIsPassedOverAndSaid(_ yaml: String, _ reason: String) throws {
    let source = try opened(yaml)
    #expect(source.columns.map(\.name) == ["ra"] && source.columns[0].unit == nil)
    #expect(source.warnings.count == 1 && source.warnings.first?.contains(reason) == true, "\(source.warnings)")
  }

  @Test(
    .timeLimit(.minutes(3)),
    arguments: [
      // Each alias stands for ten of the one before.
      "datatype:\n- &a0 [1]\n"
        + (1..<40).map { i in "- &a\(i) [" + Array(repeating: "*a\(i - 1)", count: 10).joined(separator: ",") + "]\n" }
        .joined() + "- {name: ra, unit: *a39, meta: *a39, description: *a39}\n",
      "datatype:\n- {name: ra, unit: !!python/object/apply:os.system [id], datatype: !!binary '?'}\n",
      "datatype:\n" + String(repeating: "- {name: x, unit: \"\\uD83D\\u0000\"}\n", count: 1000),
      "datatype:\n- {name: ra, " + (0..<100_000).map { "k\($0): 1" }.joined(separator: ", ") + "}\n",
    ])
  func hostileHeaderTakesLittleTimeAndMemory(_ yaml: String) throws {
    #expect(try opened(yaml).columns[0].unit == nil)
  }
}
