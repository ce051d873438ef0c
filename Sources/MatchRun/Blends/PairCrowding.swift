public import CatalogStore
internal import Glibc
public import Indexing
internal import Match

/// What hidden neighbours have to do with the evidence of one candidate pair.
public struct PairCrowding: Sendable {
  /// One source of the pair.
  public struct Side: Sendable {
    /// The density of its catalogue around it, deg⁻².
    public var densityPerDegree2: Double
    /// The root mean square of the pull of hidden neighbours along one axis, arcsec; NaN: not modelled.
    public var rmsArcsec: Double
    /// What neighbours do to it if the two sources are one object.
    public var contamination: Contamination
  }

  /// The source of a.
  public var a: Side
  /// The source of b.
  public var b: Side
  /// log₁₀ of G, deg⁻², if nothing pulled the two and neither had drifted.
  public var log10DensityUnpulled: Double
  /// log₁₀ of what magnitudes add to R as they were measured: without the light of the bright neighbours that the separation
  /// speaks for.
  public var etaAsMeasured: Double
}

extension MatchBlends {
  /// What hidden neighbours have to do with a pair; nil for a source that is not there, and for methods without a model of pairs.
  /// - Parameters:
  ///   - a: The rowid of the source of a, and a small part of the sky that holds it.
  ///   - b: Likewise of b.
  /// - Throws: `StoreError` when a shard cannot be read; what `stop` throws.
  public func crowding(
    a: (rowid: Int64, sky: PixelRangeSet), b: (rowid: Int64, sky: PixelRangeSet), stop: inout StopCheck
  ) throws -> PairCrowding? {
    let reader = NeighbourhoodReader(plan.inputs)
    let placedA = try reader.placed(isA: true, in: a.sky, stop: &stop)
    let placedB = try reader.placed(isA: false, in: b.sky, stop: &stop)
    guard plan.searchReach != nil, let i = placedA.columns.rowid.firstIndex(of: a.rowid),
      let j = placedB.columns.rowid.firstIndex(of: b.rowid)
    else { return nil }
    let regions = [placedA.columns.healpix29[i], placedB.columns.healpix29[j]].map { plan.regions.region(of: $0) }
    var models = models
    try models.require(regions.map { Int32($0) }, stop: &stop)
    let (one, other) = (placedA.states[i], placedB.states[j])
    let distance = separation(
      ra1Degrees: one.raDegrees, dec1Degrees: one.decDegrees, ra2Degrees: other.raDegrees,
      dec2Degrees: other.decDegrees)
    let evidence = plan.likelihood.evidence(one, other, separationArcsec: distance.arcseconds)
    let kinds = NeighbourhoodKinds(placedA, placedB, plan.inputs)
    let pair = kinds.pair(i, j, level: evidence.level, logDensity: evidence.logDensity)
    var pulls = kinds.pulls(i, j, level: evidence.level)
    pulls?.cleanA = nil
    pulls?.cleanB = nil
    guard let asMeasured = models.verdict(on: pair, pulls: pulls, ofA: regions[0], ofB: regions[1]),
      let unpulled = models.verdict(on: pair, pulls: nil, ofA: regions[0], ofB: regions[1]),
      let judge = models.judge(of: regions[0])
    else { return nil }
    let found = judge.contamination(
      level: pair.level, spreadArcsec2: pair.spreadArcsec2, drift: kinds.drift(i, j),
      a: placedA.pulls?.mixtures(i) ?? .none, b: placedB.pulls?.mixtures(j) ?? .none)
    let densities = kinds.densities(i, j)
    return PairCrowding(
      a: Self.side(placedA.pulls, i, densities.a, above1: found.a1, above10: found.a10),
      b: Self.side(placedB.pulls, j, densities.b, above1: found.b1, above10: found.b10),
      log10DensityUnpulled: unpulled.logDensity / M_LN10,
      etaAsMeasured: (asMeasured.both - asMeasured.position) / M_LN10)
  }

  private static func side(
    _ pulls: SourcePulls?, _ row: Int, _ density: Double, above1: Double, above10: Double
  ) -> PairCrowding.Side {
    PairCrowding.Side(
      densityPerDegree2: density, rmsArcsec: pulls?.varianceArcsec2(row).squareRoot() ?? .nan,
      contamination: pulls.map { Contamination(meanFlux: $0.meanFlux(row), above1: above1, above10: above10) }
        ?? .unknown)
  }
}
