import Foundation
import Testing

@testable import Match

@Suite struct SurveyBandsTests {
  @Test func theDataFileHasTheBandsOfTheSurveys() {
    let names = Dictionary(grouping: Bands.all, by: \.survey).mapValues { $0.map(\.name) }
    let expected = [
      "gaia": ["G", "BP", "RP"], "2mass": ["J", "H", "Ks"], "wise": ["W1", "W2", "W3", "W4"],
      "spitzer": ["I1", "I2", "I3", "I4"], "sdss": ["u", "g", "r", "i", "z"], "lsst": ["u", "g", "r", "i", "z", "y"],
      "panstarrs": ["g", "r", "i", "z", "y"], "vista": ["Z", "Y", "J", "H", "Ks"], "euclid": ["VIS", "Y", "J", "H"],
      "hsc": ["g", "r", "i", "z", "y"],
    ]
    #expect(names == expected)
    #expect(Set(Bands.all.map { "\($0.survey) \($0.name)" }).count == Bands.all.count)
  }

  @Test func extinctionFallsWithWavelengthWithinASurvey() {
    for (survey, bands) in Dictionary(grouping: Bands.all, by: \.survey) {
      let sorted = bands.filter { $0.band.wavelengthMicron < 4 }.sorted {
        $0.band.wavelengthMicron < $1.band.wavelengthMicron
      }
      for (a, b) in zip(sorted, sorted.dropFirst()) {
        #expect(a.band.extinctionRatio > b.band.extinctionRatio, "\(survey) \(a.name) \(b.name)")
      }
    }
  }

  @Test func namedFiltersAreKnownAndLieAtTheirWavelengths() throws {
    for band in Bands.all {
      guard let filter = band.band.galaxyFilter else { continue }
      let row = try #require(KCorrectionData.rows.first { $0.filter == filter }, "\(filter)")
      #expect(abs(row.wavelengthAngstrom / 1e4 / band.band.wavelengthMicron - 1) < 0.06, "\(filter)")
    }
  }

  @Test(arguments: [
    #"{"survey":"x","band":"y","wavelength_um":-1,"ab_offset_mag":0,"extinction_ratio":0,"psf_fwhm_arcsec":1}"#,
    #"{"survey":"x","band":"y","wavelength_um":1,"ab_offset_mag":0,"extinction_ratio":0,"psf_fwhm_arcsec":0}"#,
    #"{"survey":"x","band":"y","wavelength_um":1,"ab_offset_mag":0,"extinction_ratio":0}"#,
    #"{"survey":"x","band":"y","wavelength_um":1,"ab_offset_mag":0,"extinction_ratio":0,"psf_fwhm_arcsec":1,"stellar_column":"q"}"#,
    #"{"survey":"x","band":"y","wavelength_um":"1","ab_offset_mag":0,"extinction_ratio":0,"psf_fwhm_arcsec":1}"#,
  ])
  func bandsThatMakeNoSenseAreRefused(json: String) {
    #expect(throws: (any Error).self) { try JSONDecoder().decode(SurveyBand.self, from: Data(json.utf8)) }
  }
}
