import Testing

@testable import CatalogStore

@Suite struct NarrowLayoutTests {
  private static let bandLists: [[String]] = [
    [], ["G"], ["G", "BP", "RP"], ["W 1", "a,b", "100%", "%20", "=", "é", "g r,i"], (0..<40).map { "b\($0)" },
  ]

  static let all: [NarrowLayout] = [NarrowLayout.IDKind.none, .integer, .text].flatMap { id in
    (0..<16).flatMap { bits in
      bandLists.map { bands in
        NarrowLayout(
          id: id, isCircular: bits & 1 != 0, hasMotion: bits & 2 != 0, hasEpoch: bits & 4 != 0, bands: bands,
          hasBestBand: bits & 8 != 0)
      }
    }
  }

  @Test func everyLayoutSurvivesItsText() {
    for layout in Self.all { #expect(NarrowLayout(text: layout.text) == layout, "\(layout.text)") }
  }

  @Test func theTextOfShippedDatabasesIsUnderstood() {
    let layout = NarrowLayout(text: "id=integer circular motion epoch best bands=G,BP,RP")
    #expect(
      layout
        == NarrowLayout(
          id: .integer, isCircular: true, hasMotion: true, hasEpoch: true, bands: ["G", "BP", "RP"], hasBestBand: true))
  }

  @Test(arguments: ["", "circular", "id=real", "id=", "bands=G"])
  func aTextWithoutAnIDKindIsNoLayout(text: String) { #expect(NarrowLayout(text: text) == nil) }

  @Test func offsetsPointAtTheirColumns() {
    for layout in Self.all {
      let names = layout.columnNames
      #expect(names.count == layout.width)
      #expect(Set(names.map { $0.lowercased() }).count == names.count)
      if layout.hasMotion { #expect(names[layout.motionOffset] == "pm_ra_mas_yr") }
      if layout.hasEpoch { #expect(names[layout.epochOffset] == "epoch_yr") }
      if let band = layout.bands.first { #expect(names[layout.bandOffset] == "mag_" + band) }
      if layout.hasBestBand { #expect(names[layout.bestBandOffset] == "best_band") }
    }
  }

  @Test func bandsThatDifferInCaseOnlyGetColumnsOfTheirOwn() {
    let layout = NarrowLayout(
      id: .none, isCircular: true, hasMotion: false, hasEpoch: false, bands: ["g", "G", "G_2", "K"], hasBestBand: false)
    #expect(layout.columnNames.suffix(4) == ["mag_g", "mag_G_2", "mag_G_2_2", "mag_K"])
  }
}
