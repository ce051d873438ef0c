import CSQLiteBoot
import CatalogStore
import Indexing
import Match
import Testing

@testable import MatchRun

/// Which band of a catalogue its hidden neighbours are counted in, and how wide its PSF is.
@Suite struct CatalogueBandTests {
  init() { _ = xsql_bootstrap() }

  /// A catalogue with so many sources in bands, each read from a column.
  private func catalogue(_ bands: [(name: String, column: String, sources: Int64)]) -> CatalogueInfo {
    var info = CatalogueInfo(
      name: "c", inputsFingerprint: "",
      layout: NarrowLayout(id: .none, bands.map { NarrowColumn(.magnitude(band: $0.name)) })
    )
    for band in bands {
      var histogram = MagnitudeHistogram()
      histogram.add(band.sources, inBin: 150)
      info.magnitudes.append(histogram)
      info.roles.append(RoleInfo(role: "mag:\(band.name)", column: band.column, constant: nil, unit: "mag", reason: ""))
    }
    return info
  }

  private func band(
    _ bands: [(name: String, column: String, sources: Int64)], psf: PSFSetting = .automatic
  ) throws -> CatalogueBand? {
    try CatalogueBand(of: catalogue(bands), SurveyBands(), psf: psf)
  }

  @Test func aBandIsKnownByItsColumn() throws {
    let found = try #require(try band([("one", "w1mpro", 10), ("two", "w2mpro", 5)]))
    #expect(found.name == "wise W1" && found.place == 0)
    #expect(found.pointSpread?.fwhmArcsec == 6.1)
  }

  @Test func theKnownBandWithMostSourcesIsTaken() throws {
    let found = try #require(try band([("x", "x", 100), ("one", "w1mpro", 5), ("two", "w2mpro", 10)]))
    #expect(found.name == "wise W2" && found.place == 2)
    let equal = try #require(try band([("one", "w1mpro", 10), ("two", "w2mpro", 10)]))
    #expect(equal.name == "wise W1")
  }

  @Test func aNameThatOnlyOneSurveyHasIsKnown() throws {
    #expect(try band([("W1", "brightness", 10)])?.name == "wise W1")
    #expect(try band([("G", "mag_G", 10)])?.name == "gaia G")
    // Several surveys have a g.
    let several = try #require(try band([("g", "mag_g", 10)]))
    #expect(several.band == nil && several.pointSpread == nil)
  }

  @Test func withoutMagnitudesThereIsNone() throws {
    #expect(try band([]) == nil)
    #expect(try band([("W1", "w1mpro", 0)]) == nil)
  }

  @Test func settingsAreFollowed() throws {
    let bands: [(name: String, column: String, sources: Int64)] = [("w", "mag_w", 20), ("W2", "mag_W2", 10)]
    #expect(try band(bands, psf: .none) == nil)
    #expect(try band(bands, psf: .fwhm(2.5))?.pointSpread?.fwhmArcsec == 2.5)
    let named = try #require(try band(bands, psf: .band("wise w2")))
    #expect(named.place == 1 && named.pointSpread?.fwhmArcsec == 6.4)
    let elsewhere = try #require(try band(bands, psf: .band("2mass J")))
    #expect(elsewhere.place == 1 && elsewhere.name == "2mass J")
    #expect(throws: StoreError.self) { try band(bands, psf: .band("nothing")) }
    for width in [0, -1, 1e9, Double.nan] {
      #expect(throws: StoreError.self) { try band(bands, psf: .fwhm(width)) }
    }
  }

  @Test func settingsReadAndWriteTheSameText() {
    for setting in [PSFSetting.automatic, .none, .fwhm(6.1), .band("wise W1")] {
      #expect(PSFSetting(text: setting.text) == setting)
    }
  }

  @Test func whatSeparationsSayCountsWhereNoWidthIsKnown() throws {
    let unknown = try #require(try band([("w", "mag_w", 20)]))
    let measured = try #require(unknown.resolved(.hidden(radiusArcsec: 7.2)).pointSpread)
    #expect(abs(measured.circleArcsec - 7.2) < 1e-9)
    #expect(unknown.resolved(.resolved).pointSpread == nil && unknown.resolved(.unknown).pointSpread == nil)
    let known = try #require(try band([("W1", "w1mpro", 20)]))
    #expect(known.resolved(.hidden(radiusArcsec: 4)).pointSpread?.fwhmArcsec == 6.1)
    #expect(known.resolved(.resolved).pointSpread == nil)
  }
}
