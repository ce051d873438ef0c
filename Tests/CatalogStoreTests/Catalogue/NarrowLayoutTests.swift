import Testing
import XMDBTestSupport

@testable import CatalogStore

@Suite struct NarrowLayoutTests {
  private static let bandLists: [[String]] = [
    [], ["G"], ["G", "BP", "RP"], ["W 1", "a,b", "100%", "%20", "=", "é", "g r,i"], (0..<40).map { "b\($0)" },
  ]

  static let all: [NarrowLayout] = [NarrowLayout.IDKind.none, .integer, .text].flatMap { id in
    (0..<32).flatMap { bits in
      bandLists.map { bands in
        SampleLayout(
          isCircular: bits & 1 != 0, hasMotion: bits & 2 != 0, hasEpoch: bits & 4 != 0, bands: bands,
          hasBestBand: bits & 8 != 0, hasMore: bits & 16 != 0
        ).layout(id)
      }
    }
  }

  @Test func everyLayoutSurvivesItsText() {
    for layout in Self.all { #expect(NarrowLayout(text: layout.text) == layout, "\(layout.text)") }
  }

  @Test func theTextOfOlderDatabasesIsKnownAsOutdated() throws {
    let layout = try #require(NarrowLayout(text: "id=integer circular motion epoch best bands=G,BP,RP"))
    #expect(layout.isOutdated && layout.isCircular && layout.has(.pmRA) && layout.bands == ["G", "BP", "RP"])
    #expect(NarrowLayout(text: layout.text)?.isOutdated == false)
  }

  @Test(arguments: [
    "", "circular", "id=real", "id=", "bands=G", "id=none ra_deg/f64",
    "id=none ra_deg/f64 dec_deg/f64 variance_x_arcsec2/f16",
    "id=none ra_deg/f64 dec_deg/f64 variance_x_arcsec2/f64 mag/f64",
    "id=none ra_deg/f64 dec_deg/f64 variance_x_arcsec2/f64 colour/f64",
    "id=none ra_deg/f64 dec_deg/f64 variance_x_arcsec2/f64 mag.G/f64 mag.G/f32",
  ])
  func anUnknownTextIsNoLayout(text: String) { #expect(NarrowLayout(text: text) == nil) }

  @Test func quantitiesAreFoundAtTheirColumns() {
    for layout in Self.all {
      let names = layout.columnNames
      #expect(names.count == layout.width && Set(names.map { $0.lowercased() }).count == names.count)
      for (place, column) in layout.columns.enumerated() { #expect(layout.place(of: column.quantity) == place) }
      #expect(layout.columns.starts(with: layout.forMatching.columns), "a match passes over what it does not read")
    }
  }

  @Test func bandsThatDifferInCaseOnlyGetColumnsOfTheirOwn() {
    let bands = ["g", "G", "G_2", "K"].map { NarrowColumn(.magnitude(band: $0), .float32) }
    #expect(NarrowLayout(id: .none, bands).columnNames.suffix(4) == ["mag_g", "mag_G_2", "mag_G_2_2", "mag_K"])
  }

  @Test func aMagnitudeAndAnErrorOfTheSameNameGetColumnsOfTheirOwn() {
    let layout = NarrowLayout(
      id: .none, [NarrowColumn(.magnitude(band: "error_G")), NarrowColumn(.magnitudeError(band: "G"))])
    #expect(layout.columnNames.suffix(2) == ["mag_error_G", "mag_error_G_2"])
  }
}
