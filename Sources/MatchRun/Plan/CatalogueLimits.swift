internal import CatalogStore

/// What a match believes of the registry's summary of a catalogue.
///
/// Ingest keeps rows with impossible values aside. A summary outside these ranges comes from an older program or from
/// damage: it is refused before anything is computed from it. The ranges are wider than those of ingest, so that
/// rounding and moving never matter.
struct CatalogueLimits {
  private let info: CatalogueInfo

  /// Sources of a catalogue.
  static let rows: ClosedRange<Double> = 0...0x1p40
  /// Largest 1-σ position error, arcsec.
  static let sigmaArcsec: ClosedRange<Double> = 0...10_000
  /// Largest proper motion, and largest error of one, mas/yr.
  static let motionMasPerYear: ClosedRange<Double> = 0...1_000_000
  /// Epochs, Julian years.
  static let epochYears: ClosedRange<Double> = 1500...2500

  /// Looks at everything that a plan is computed from.
  /// - Throws: `StoreError.damaged` that says what is impossible, and what is possible; `.usage` for a catalogue in an older form.
  static func check(_ info: CatalogueInfo, _ coverage: CoverageMap) throws {
    try info.requireReadable()
    let limits = CatalogueLimits(info: info)
    try limits.require(Double(info.rows), "number of sources", rows, "")
    try limits.require(info.largestSigmaArcsec, "largest position error", sigmaArcsec, " arcsec")
    try limits.require(info.largestMotionMasPerYear, "largest proper motion", motionMasPerYear, " mas/yr")
    try limits.require(info.largestSigmaMotionMasPerYear, "largest error of a motion", motionMasPerYear, " mas/yr")
    try limits.require(Double(info.knownMotions), "number of known motions", 0...Double(info.rows), "")
    for epoch in [info.epochYears, info.epochRange?.lowerBound, info.epochRange?.upperBound, info.medianEpochYears] {
      if let epoch { try limits.require(epoch, "epoch", epochYears, "") }
    }
    try limits.requireCovered(coverage)
    try limits.requireContiguous(info.shards)
  }

  /// NaN is in no range.
  private func require(_ value: Double, _ what: String, _ range: ClosedRange<Double>, _ unit: String) throws {
    if range.contains(value) { return }
    throw damaged(
      "its \(what) is \(value)\(unit) in the registry; possible: \(range.lowerBound) to \(range.upperBound)\(unit)")
  }

  /// Every source lies in one node of the map.
  private func requireCovered(_ coverage: CoverageMap) throws {
    var sum: Int64 = 0
    for node in coverage.nodes {
      guard node.count >= 0, node.count <= info.rows - sum else {
        throw damaged("its coverage map holds more than its \(info.rows) sources")
      }
      sum += node.count
    }
    if sum < info.rows { throw damaged("its coverage map holds \(sum) of its \(info.rows) sources") }
  }

  /// Shards hold the rowids one after the other.
  private func requireContiguous(_ shards: [ShardInfo]) throws {
    var next: Int64 = 0
    for shard in shards {
      guard shard.firstRowid == next, shard.rows >= 0, shard.rows <= info.rows - next else {
        throw damaged("its shards do not hold its \(info.rows) sources one after the other")
      }
      next += shard.rows
    }
    if next < info.rows { throw damaged("its shards hold \(next) of its \(info.rows) sources") }
  }

  private func damaged(_ text: String) -> StoreError {
    StoreError(
      .damaged, info.name,
      text + "; run `xmdb verify \(info.name)`, then ingest the catalogue again with --replace, which keeps impossible "
        + "rows aside")
  }
}
