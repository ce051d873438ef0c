import CatalogStore
import MatchRun
import Simulation

/// Bands as options name them: `G,BP:0.4,RP:-0.6`.
enum BandList {
  static func parse(_ text: String, _ option: String) throws -> [SimulatedBand] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { entry in
      let parts = entry.split(separator: ":", omittingEmptySubsequences: false)
      let offset = parts.count > 1 ? Double(parts[1]) : 0
      guard (1...2).contains(parts.count), let offset else {
        throw StoreError(.usage, option, "has '\(entry)'; allowed: a name, or name:offset in mag, such as BP:0.4")
      }
      return SimulatedBand(String(parts[0]), offset: offset)
    }
  }
  /// The width of the PSF in a band that only one survey has, by the band's name; or in `survey band`.
  static func fwhmArcsec(of band: String, _ letter: String) throws -> Double {
    let known = try SurveyBands().all.filter { $0.name.lowercased() == band.lowercased() }
    if known.count == 1 { return known[0].psfFWHMArcsec }
    let surveys = known.map(\.survey).joined(separator: ", ")
    throw StoreError(
      .usage, "--fwhm-" + letter,
      "is needed: the band '\(band)' is "
        + (known.isEmpty ? "of no known survey" : "one of several surveys (\(surveys))")
        + "; give the full width of the PSF at half maximum in arcsec")
  }
}
