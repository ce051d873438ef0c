public import CatalogStore
internal import Indexing

/// The blends of a match: which other sources of one catalogue lie inside the PSF of a matched source of the other, and whose flux is whose.
///
/// Copies share what was learnt.
public final class MatchBlends: Sendable {
  /// The match.
  public let plan: MatchPlan
  let models: RegionModels
  /// The catalogues whose PSF is known.
  let settings: [BlendSetting]
  private let learnt = Guarded<[BlendShares?]?>(nil)

  /// Those of a match that nobody has run.
  public convenience init(_ match: LiveMatch) { self.init(match.plan, match.models) }

  /// Those of a finished run.
  /// - Throws: `StoreError.usage` for a run that another program has made.
  public convenience init(database: SkyDatabase, run number: Int64) throws {
    let run = try FinishedRun(database: database, number: number, at: .byRegion)
    guard run.plan.fingerprint.description == run.info.fingerprint else {
      throw StoreError(
        .usage, "run \(number)",
        "was made by another version of xmdb, or with corrections that are gone; match again to see its blends")
    }
    self.init(run.plan, run.models)
  }

  private init(_ plan: MatchPlan, _ models: RegionModels) {
    settings = [false, true].compactMap { BlendSetting(plan, blurredIsA: $0) }
    self.plan = plan.readingMagnitudeErrors
    self.models = models
  }

  /// Whether no PSF is known, so that nothing is known of blends.
  public var isEmpty: Bool { settings.isEmpty }

  /// How flux is shared in the blurred sources of each setting; nil where magnitudes do not tell.
  /// - Complexity: about a second the first time.
  func shares(_ matcher: inout ChunkMatcher, stop: inout StopCheck) throws -> [BlendShares?] {
    if let known = learnt.withLock({ $0 }) { return known }
    var found: [BlendShares?] = []
    for setting in settings {
      let sample = try BlendSample(plan, setting, &matcher, stop: &stop)
      found.append(try BlendShares(learntFrom: sample.examples, setting, stop: &stop))
    }
    let all = found
    learnt.withLock { $0 = all }
    return all
  }
}
