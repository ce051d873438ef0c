import CatalogStore
import ParquetFixture
import Testing

@testable import Ingest

/// The narrow form has every number that a match may need, in the precision of the file.
@Suite struct NarrowColumnTests {
  private static let gaia: [ParquetColumn] = [
    ParquetColumn("source_id", .int64([1, 2])), ParquetColumn("ra", .double([10, 20])),
    ParquetColumn("dec", .double([0, 0])), ParquetColumn("ra_error", .float([0.1, 0.2])),
    ParquetColumn("dec_error", .float([0.1, 0.2])), ParquetColumn("ra_dec_corr", .float([0.5, 0])),
    ParquetColumn("pmra", .double([1.1, nil])), ParquetColumn("pmdec", .double([-2.2, nil])),
    ParquetColumn("pmra_error", .float([0.1, nil])), ParquetColumn("pmdec_error", .float([0.3, nil])),
    ParquetColumn("pmra_pmdec_corr", .float([-0.25, 1])), ParquetColumn("parallax", .double([0.7, nil])),
    ParquetColumn("ref_epoch", .double([2016, 2016])), ParquetColumn("phot_g_mean_mag", .float([15.1, nil])),
    ParquetColumn("phot_g_mean_flux_over_error", .float([1234.5, nil])), ParquetColumn("ruwe", .float([1, 1])),
  ]

  @Test func everyQuantityIsThereInThePrecisionOfTheFile() throws {
    let lab = try IngestLab()
    try lab.ingest([lab.write(Self.gaia)])
    let info = try lab.database.registry().catalogue("c")
    #expect(
      info.layout.columns == [
        NarrowColumn(.ra), NarrowColumn(.dec), NarrowColumn(.varianceX), NarrowColumn(.varianceY),
        NarrowColumn(.covarianceXY), NarrowColumn(.pmRA), NarrowColumn(.pmDec), NarrowColumn(.sigmaPMRA, .float32),
        NarrowColumn(.sigmaPMDec, .float32), NarrowColumn(.correlationPM, .float32), NarrowColumn(.epoch),
        NarrowColumn(.magnitude(band: "G"), .float32), NarrowColumn(.density, .float32), NarrowColumn(.parallax),
        NarrowColumn(.snr(band: "G"), .float32),
      ])
    let sources = try CatalogueReader(database: lab.database, info: info).sources(in: .wholeSky)
    let (one, two) = sources.ids.id(at: 0) == .integer(1) ? (0, 1) : (1, 0)
    func value(_ quantity: NarrowColumn.Quantity, _ row: Int) -> Double? { sources[quantity]?[row] }
    #expect(value(.sigmaPMDec, one) == Double(Float(0.3)) && value(.correlationPM, one) == -0.25)
    #expect(value(.magnitude(band: "G"), one) == Double(Float(15.1)) && value(.snr(band: "G"), one) == 1234.5)
    #expect(value(.parallax, one) == 0.7 && value(.pmRA, one) == 1.1)
    for quantity: NarrowColumn.Quantity in [.pmRA, .correlationPM, .parallax, .magnitude(band: "G"), .snr(band: "G")] {
      #expect(value(quantity, two)?.isNaN == true, "\(quantity)")
    }
  }

  @Test func aMatchDoesNotReadWhatItDoesNotNeed() throws {
    let lab = try IngestLab()
    try lab.ingest([lab.write(Self.gaia)])
    let info = try lab.database.registry().catalogue("c")
    let wanted = info.layout.forMatching
    let some = try CatalogueReader(database: lab.database, info: info, reading: wanted).sources(in: .wholeSky)
    let all = try CatalogueReader(database: lab.database, info: info).sources(in: .wholeSky)
    #expect(some[.parallax] == nil && some.columns.count == wanted.width)
    for (place, column) in wanted.columns.enumerated() {
      #expect(some.columns[place].map(\.bitPattern) == all[column.quantity]?.map(\.bitPattern), "\(column)")
    }
  }

  @Test func aNumberInAnotherUnitKeepsItsPrecision() throws {
    let lab = try IngestLab()
    try lab.ingest([
      lab.write([
        ParquetColumn("ra", .double([10])), ParquetColumn("dec", .double([0])), ParquetColumn("sigma", .double([0.1])),
        ParquetColumn("flux_g", .float([3e6]), unit: "nJy"), ParquetColumn("plx", .float([0.001]), unit: "arcsec"),
      ])
    ]) { $0.mappings = ["mag:g=flux_g:nJy", "parallax=plx:arcsec"] }
    let layout = try lab.database.registry().catalogue("c").layout
    #expect(
      layout.columns.suffix(3) == [
        NarrowColumn(.magnitude(band: "g")), NarrowColumn(.density, .float32), NarrowColumn(.parallax),
      ])
  }
}
