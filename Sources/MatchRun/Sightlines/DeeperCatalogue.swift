internal import CatalogStore
internal import Indexing
internal import Match

/// The other catalogue of a match as the count of hidden neighbours beyond the end of one.
///
/// It is taken where it sees the same light (wavelengths that differ by at most 10 %), is complete to at least half a magnitude fainter, has
/// galaxies if the other one has, and covers at least half of its sky; both are small enough that their counts are those of one field.
struct DeeperCatalogue: Sendable {
  /// Its counts, in the magnitudes of the other.
  let counts: DeeperCounts
  /// How catalogue and band are called.
  let name: String

  /// The part of the sky that it must cover.
  private static let leastShare = 0.5

  /// Nil where it does not go deeper, or tells nothing of the other.
  /// - Parameter band: That in which neighbours of the other are counted.
  init?(
    _ info: CatalogueInfo, _ coverage: CoverageMap, beside other: CatalogueInfo, _ otherCoverage: CoverageMap,
    _ band: CatalogueBand, _ bands: SurveyBands
  ) {
    guard let wanted = band.band, CatalogueCrowding.isSmall(coverage), CatalogueCrowding.isSmall(otherCoverage),
      let completeness = CatalogueCrowding.completeness(of: other, band: band.place, otherCoverage)
    else { return nil }
    let common = CommonCoverage(coverage, otherCoverage, in: 0..<Healpix29.count)
    guard common.areaDegrees2 >= Self.leastShare * otherCoverage.areaDegrees2 else { return nil }
    let found = CatalogueBand.known(of: info, bands).compactMap { place, own -> (DeeperCounts, SurveyBand)? in
      guard (own.survey == "gaia") == (wanted.survey == "gaia"),
        let observed = CatalogueCrowding.observed(info.magnitudes[place], coverage),
        let counts = DeeperCounts(observed, in: own.band, as: wanted.band, beyond: completeness)
      else { return nil }
      return (counts, own)
    }
    guard let best = found.max(by: { $0.0.range.completenessMagnitude < $1.0.range.completenessMagnitude }) else {
      return nil
    }
    counts = best.0
    name = "\(info.name) (\(best.1.survey) \(best.1.name))"
  }

  /// What counts follow from, besides the catalogue.
  var text: String {
    " deeper \(counts.observed.areaDeg2) \(counts.observed.grid.first) \(counts.observed.counts)"
  }

  /// What a user is told.
  var note: String {
    "; beyond, up to \((counts.range.completenessMagnitude * 100).rounded() / 100) mag, by \(name), which goes deeper"
  }
}
