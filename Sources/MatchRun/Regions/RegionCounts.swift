internal import CatalogStore
internal import Indexing
internal import Match
internal import Survivors

/// What is counted of a region: integers that add up, whatever the method.
enum RegionCounts: Sendable {
  case survivors(SurvivorCounts)
  case kinds(PairKindCounts)

  /// - Precondition: Both of the same method and plan.
  static func += (sum: inout RegionCounts, part: RegionCounts) {
    switch (sum, part) {
    case (.survivors(var counts), .survivors(let more)):
      counts += more
      sum = .survivors(counts)
    case (.kinds(var counts), .kinds(let more)):
      counts += more
      sum = .kinds(counts)
    default: preconditionFailure("RegionCounts: counts of two methods cannot be added")
    }
  }
}

extension RegionCounts {
  /// Whether nothing is gained by adding more regions: kinds take memory, and a few regions say what there is to say.
  func suffice(regionSources: Int) -> Bool {
    guard case .kinds(let counts) = self else { return false }
    return counts.sourcesA.total.saturatingAdd(counts.sourcesB.total) >= Int64(20 * regionSources)
  }
}

/// Counts what the regions of a plan are measured from, by the method of its configuration.
struct RegionCounter {
  private let method: Method

  private enum Method {
    case survivors(SurvivorStatistics)
    case kinds(KindStatistics)
  }

  /// A counter for a plan; use one per thread for many chunks.
  init(plan: MatchPlan) {
    method =
      switch plan.configuration.method {
      case .survivors: .survivors(SurvivorStatistics(plan: plan))
      case .mixture: .kinds(KindStatistics(plan: plan))
      }
  }

  /// The counts of the regions that a chunk touches.
  func counts(of chunk: MatchChunk, stop: inout StopCheck) throws -> [Int: RegionCounts] {
    try counts(in: PixelRangeSet(pixels: [chunk.pixel]), order: chunk.pixel.order, stop: &stop)
  }

  /// The counts of the regions in a part of the sky.
  /// - Parameter order: The order of the pixel that holds it.
  func counts(in core: PixelRangeSet, order: Int, stop: inout StopCheck) throws -> [Int: RegionCounts] {
    switch method {
    case .survivors(let statistics):
      return try statistics.counts(in: core, order: order, stop: &stop).mapValues { .survivors($0) }
    case .kinds(let statistics):
      let sources = try statistics.sources(in: core, order: order, stop: &stop)
      return try statistics.counts(in: core, of: sources, stop: &stop).mapValues { .kinds($0) }
    }
  }

  /// The counts of a chunk with a digest of all that they follow from; nil in place of the counts when `known` says that
  /// there are some with that digest. The report's method has no digests.
  func counts(
    of chunk: MatchChunk, stop: inout StopCheck, unless known: (Fingerprint) -> Bool
  ) throws -> (counts: [Int: RegionCounts]?, digest: Fingerprint?) {
    let core = PixelRangeSet(pixels: [chunk.pixel])
    switch method {
    case .survivors: return (try counts(of: chunk, stop: &stop), nil)
    case .kinds(let statistics):
      let sources = try statistics.sources(in: core, order: chunk.pixel.order, stop: &stop)
      let digest = statistics.digests.ofCounts(from: sources)
      if known(digest) { return (nil, digest) }
      return (try statistics.counts(in: core, of: sources, stop: &stop).mapValues { .kinds($0) }, digest)
    }
  }
}

extension MatchPlan {
  /// Counts of nothing, for the method of this match.
  var emptyCounts: RegionCounts {
    switch configuration.method {
    case .survivors: .survivors(SurvivorCounts(design: survivorDesign))
    case .mixture: .kinds(PairKindCounts())
    }
  }
}
