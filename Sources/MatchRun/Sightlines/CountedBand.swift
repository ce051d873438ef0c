public import CatalogStore

/// The band of a catalogue in which its hidden neighbours are counted.
public enum CountedBand {
  /// Names by which a file of counts may call it, the best first.
  /// - Parameter psf: How the PSF of the catalogue is set.
  /// - Throws: `StoreError.usage` for a setting that cannot be followed, or a band of no survey that is known.
  public static func names(of info: CatalogueInfo, psf: PSFSetting) throws -> [String] {
    let psf = psf.resolved(for: info)
    guard psf != .none else {
      throw StoreError(
        .usage, "counts of \(info.name)", "are given, but its hidden neighbours are left out; leave out one of both")
    }
    guard let band = try CatalogueBand(of: info, SurveyBands(), psf: psf) else {
      throw StoreError(
        .usage, "counts of \(info.name)", "are given, but no magnitudes of it are known: nothing hidden can be counted")
    }
    if band.names.isEmpty { throw band.noKnownBand(of: info) }
    return band.names
  }
}
