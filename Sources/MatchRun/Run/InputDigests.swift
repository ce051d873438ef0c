internal import CatalogStore
internal import Indexing
internal import Match

// A unit's counts and rows are functions of the sources in and around it, of what the coverage maps say there, of the
// densities of its regions, and of the configuration. These digests hold all of that, so that equal ones mean equal
// answers: a run after a catalogue was replaced takes over what has not changed.

extension MatchPlan {
  /// A digest of all that the counts of a unit follow from.
  func digest(ofCountsIn core: PixelRangeSet, _ sources: SourcePair) -> Fingerprint {
    var hasher = Fingerprint.Hasher()
    hasher.update(settings)
    add(sources, to: &hasher)
    for region in regions(of: [sources.a, sources.b]) { hasher.update("\(regions.regions[Int(region)].pixel)") }
    return hasher.finish()
  }

  /// A digest of all that the rows of a unit follow from, except the ranks of its sources.
  func digest(
    ofRowsFrom sources: SourcePair, _ models: [RegionModels.Model]
  ) -> Fingerprint {
    var hasher = Fingerprint.Hasher()
    hasher.update(settings)
    add(sources, to: &hasher)
    for region in regions(of: [sources.a, sources.b]) { hasher.update("\(regions.regions[Int(region)].pixel)") }
    for model in models { model.add(to: &hasher) }
    return hasher.finish()
  }

  /// What holds everywhere: the configuration and what follows from the catalogues as a whole.
  func describeSettings() -> String {
    let epochs = [a, b].map { $0.epochRange == nil ? "unknown" : "\($0.epochYears ?? .nan)" }
    return [
      Program.version, configuration.yaml + likelihoodText, "\(epoch.targetYears ?? .nan)",
      epochs.joined(separator: " "), "\(runClasses)", "\(zones.count)",
    ].joined(separator: "\n")
  }

  private func add(_ sources: SourcePair, to hasher: inout Fingerprint.Hasher) {
    hasher.update(sources.a)
    hasher.update(SkyFlags.flags(of: sources.a.healpix29, own: coverageA, other: coverageB).map(\.rawValue))
    hasher.update(sources.b)
    hasher.update(SkyFlags.flags(of: sources.b.healpix29, own: coverageB, other: coverageA).map(\.rawValue))
  }

  /// The regions in which some sources lie, along the curve.
  func regions(of sources: [SourceColumns]) -> [Int32] {
    var found: Set<Int32> = []
    for columns in sources {
      var end: Int64 = 0
      for index in columns.healpix29 where index >= end {
        let region = regions.region(of: index)
        found.insert(Int32(region))
        end = regions.regions[region].pixel.range29.upperBound
      }
    }
    return found.sorted()
  }
}

extension RegionModels.Model {
  fileprivate func add(to hasher: inout Fingerprint.Hasher) {
    for priors in [priors] + (bandPriors?.table ?? []) {
      hasher.update([priors.counterpartsPerDegree2, priors.unmatchedAPerDegree2, priors.unmatchedBPerDegree2])
    }
    if let photometry {
      for shares in [photometry.counterparts, photometry.fieldA, photometry.fieldB] { hasher.update(shares) }
    }
    hasher.update([flags.rawValue])
  }
}
