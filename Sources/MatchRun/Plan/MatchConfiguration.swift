internal import CatalogStore

/// Everything that shapes the answer of a match, besides the catalogues. Threads, units and order of work do not belong
/// here: the answer does not depend on them.
public struct MatchConfiguration: Sendable, Equatable {
  /// To which epoch positions are moved before they are compared.
  public enum Epoch: Sendable, Equatable {
    /// To the epoch of the catalogue whose positions cannot be moved, else the later one; as given when an epoch is unknown.
    case automatic
    /// Nowhere: positions are compared as given.
    case asGiven
    /// To a Julian year.
    case year(Double)
  }

  /// Where the densities of counterparts and of sources without come from.
  public enum Priors: String, Sendable, CaseIterable {
    /// From the separations of all candidate pairs of a region.
    case measured
    /// From counts alone: half the smaller density is taken to be counterparts.
    case counts
  }

  /// Whether magnitudes take part: the likelihoods c and f.
  public var photometry = true
  /// Where the priors come from, whether or not magnitudes take part.
  public var priors = Priors.measured
  /// Every region in which densities are measured holds at least so many sources of either catalogue, where there are.
  public var sourcesPerRegion = 25_000
  /// The epoch of the match.
  public var epoch = Epoch.automatic
  /// F_max: a pair is a candidate while the probability that a true counterpart lies closer is below this. Below 1.
  public var candidateFraction = 0.9999
  /// No candidates are sought beyond this separation, arcsec, however large the quoted errors are.
  public var largestSeparationArcsec = 60.0

  /// The defaults.
  public init() {}

  /// Whether anything has to be measured from pairs before they can be judged.
  var needsMeasurement: Bool { photometry || priors == .measured }

  /// Checks the ranges.
  /// - Throws: `StoreError.usage` that names the setting, what was given and what is allowed.
  public func validate() throws {
    func refuse(_ name: String, _ value: Double, _ allowed: String) -> StoreError {
      StoreError(.usage, name, "is \(value); allowed: \(allowed)")
    }
    guard candidateFraction > 0, candidateFraction < 1 else {
      throw refuse("candidate_fraction", candidateFraction, "more than 0 and less than 1, for example 0.9999")
    }
    guard largestSeparationArcsec > 0, largestSeparationArcsec <= 3600 else {
      throw refuse("largest_separation_arcsec", largestSeparationArcsec, "more than 0, up to 3600")
    }
    guard sourcesPerRegion >= 1000 else {
      throw refuse("region_sources", Double(sourcesPerRegion), "1000 or more")
    }
    if case .year(let year) = epoch, !(year >= 1500 && year <= 2500) {
      throw refuse("epoch", year, "a Julian year between 1500 and 2500, `auto`, or `none`")
    }
  }

  /// The configuration as YAML, with fixed order and spelling: it is recorded with the run and fingerprinted.
  public var yaml: String {
    let epochText: String
    switch epoch {
    case .automatic: epochText = "auto"
    case .asGiven: epochText = "none"
    case .year(let year): epochText = "\(year)"
    }
    return """
      photometry: \(photometry)
      priors: \(priors.rawValue)
      region_sources: \(sourcesPerRegion)
      epoch: \(epochText)
      candidate_fraction: \(candidateFraction)
      largest_separation_arcsec: \(largestSeparationArcsec)

      """
  }
}
