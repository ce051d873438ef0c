internal import CatalogStore
internal import Indexing
internal import Match

/// Digests of what the counts and rows of a chunk follow from: the sources in and around it, what the coverage maps say there, the
/// densities of its regions, and the configuration.
///
/// Equal ones mean equal answers: a run after a catalogue was replaced takes over what has not changed.
struct InputDigests: Sendable {
  private let plan: MatchPlan
  /// What holds everywhere: the configuration and what follows from the catalogues as a whole.
  private let settings: String

  init(_ plan: MatchPlan) {
    self.plan = plan
    let epochs = [plan.a, plan.b].map { $0.epochRange == nil ? "unknown" : "\($0.epochYears ?? .nan)" }
    settings = [
      Program.version, "rows 7", plan.configuration.yaml + plan.likelihoodText, "\(plan.epoch.targetYears ?? .nan)",
      epochs.joined(separator: " "), "\(plan.runClasses)",
    ].joined(separator: "\n")
  }

  /// A digest of all that the counts of a chunk follow from.
  func ofCounts(from sources: SourcePair) -> Fingerprint { hasher(of: sources).finish() }

  /// A digest of all that the rows of a chunk follow from, except the rowids of its sources.
  /// - Parameter models: Those of `regions(of:)`.
  func ofRows(from sources: SourcePair, _ models: [RegionModels.Model]) -> Fingerprint {
    var hasher = hasher(of: sources)
    for model in models { model.add(to: &hasher) }
    hasher.update("\(plan.duplicates)")
    return hasher.finish()
  }

  private func hasher(of sources: SourcePair) -> Fingerprint.Hasher {
    var hasher = Fingerprint.Hasher()
    hasher.update(settings)
    add(sources.a, own: plan.coverageA, other: plan.coverageB, to: &hasher)
    add(sources.b, own: plan.coverageB, other: plan.coverageA, to: &hasher)
    for region in regions(of: sources) { hasher.update("\(plan.regions.regions[Int(region)].pixel)") }
    return hasher
  }

  private func add(_ sources: SourceColumns, own: CoverageMap, other: CoverageMap, to hasher: inout Fingerprint.Hasher)
  {
    hasher.update(sources)
    hasher.update(SkyFlags.flags(of: sources.healpix29, own: own, other: other).map(\.rawValue))
  }

  /// The regions in which some sources lie, along the curve.
  func regions(of sources: SourcePair) -> [Int32] {
    var found: Set<Int32> = []
    for columns in [sources.a, sources.b] {
      var end: Int64 = 0
      for index in columns.healpix29 where index >= end {
        let region = plan.regions.region(of: index)
        found.insert(Int32(region))
        end = plan.regions.regions[region].pixel.range29.upperBound
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
    if let pairs { hasher.update(pairs.model.payload) }
    hasher.update([flags.rawValue])
  }
}
