internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// Sources of one catalogue at the epoch of the match: moved positions and grown errors, with how far each one looks.
struct PlacedSources {
  let columns: SourceColumns
  /// Positions at the epoch of the match, degrees.
  private(set) var raDegrees: [Double]
  private(set) var decDegrees: [Double]
  /// Covariance of each position, arcsec².
  private(set) var covariances: [PositionCovariance]
  /// Largest 1-σ error, arcsec.
  private(set) var sigmaArcsec: [Double]
  /// How far each source looks, arcsec; reaches add in quadrature.
  private(set) var reachArcsec: [Double]
  /// The photometric class of each source, or `MagnitudeClasses.none`.
  private(set) var photometricClass: [Int32]
  /// What to know of each source by itself.
  private(set) var flags: [MatchFlags]

  var count: Int { columns.count }

  /// - Throws: `StoreError.damaged` for sources that cannot be: rows outside the ranges of `CatalogueLimits`, as older programs
  ///   let through, or a shard that was changed.
  init(_ columns: SourceColumns, plan: MatchPlan, isA: Bool) throws {
    self.columns = columns
    raDegrees = columns.raDegrees
    decDegrees = columns.decDegrees
    let (x, y, xy) = (columns.varianceX, columns.varianceY, columns.covarianceXY)
    covariances = (0..<columns.count).map { PositionCovariance(xx: x[$0], yy: y[$0], xy: xy?[$0] ?? 0) }
    sigmaArcsec = []
    reachArcsec = []
    let (info, classes) = isA ? (plan.a, plan.classesA) : (plan.b, plan.classesB)
    photometricClass = Self.classes(of: columns, classes)
    flags = Array(repeating: [], count: columns.count)
    if classes.count > 0 {
      for row in flags.indices where photometricClass[row] < 0 { flags[row].insert(.noMagnitude) }
    }
    if info.epochRange == nil { for row in flags.indices { flags[row].insert(.epochUnknown) } }
    if let target = plan.epoch.targetYears { move(to: target, info, isA: isA) }
    look(plan.configuration)
    try requirePossible(info)
  }

  private static func classes(of columns: SourceColumns, _ classes: MagnitudeClasses) -> [Int32] {
    let layout = columns.layout
    guard classes.count > 0 else { return Array(repeating: MagnitudeClasses.none, count: columns.count) }
    return classes.classes(
      magnitudes: layout.bands.indices.map(columns.magnitudes),
      bestBand: layout.hasBestBand ? columns.columns[layout.bestBandOffset] : nil, count: columns.count)
  }

  /// Moves the positions that have a known motion and lets their errors grow; marks the others.
  private mutating func move(to target: Double, _ info: CatalogueInfo, isA: Bool) {
    let layout = columns.layout
    let unknown: MatchFlags = isA ? .unknownMotionA : .unknownMotionB
    for row in 0..<count {
      let own = layout.hasEpoch ? columns.columns[layout.epochOffset][row] : (info.epochYears ?? .nan)
      if own.isNaN {
        flags[row].insert(.epochUnknown)
        continue
      }
      let years = target - own
      if years == 0 { continue }
      guard let motion = knownMotion(row) else {
        flags[row].insert(unknown)
        continue
      }
      let (ra, dec) = (raDegrees[row], decDegrees[row])
      (raDegrees[row], decDegrees[row]) = moved(raDegrees: ra, decDegrees: dec, motion: motion, byYears: years)
      grow(row, years)
      covariances[row] = PairGeometry.carried(
        covariances[row], ra1: ra, dec1: dec, ra2: raDegrees[row], dec2: decDegrees[row])
    }
  }

  private func knownMotion(_ row: Int) -> ProperMotion? {
    let layout = columns.layout
    guard layout.hasMotion else { return nil }
    return .ifKnown(
      raMasPerYear: columns.columns[layout.motionOffset][row],
      decMasPerYear: columns.columns[layout.motionOffset + 1][row])
  }

  private mutating func grow(_ row: Int, _ years: Double) {
    let offset = columns.layout.motionOffset
    let (sigmaX, sigmaY) = (columns.columns[offset + 2][row], columns.columns[offset + 3][row])
    if sigmaX.isFinite {
      covariances[row].xx = ErrorGrowth.variance(
        positionArcsec2: covariances[row].xx, motionSigmaMasPerYear: sigmaX, years: years)
    }
    if sigmaY.isFinite {
      covariances[row].yy = ErrorGrowth.variance(
        positionArcsec2: covariances[row].yy, motionSigmaMasPerYear: sigmaY, years: years)
    }
  }

  /// Whatever comes later trusts these: positions on the sphere, finite errors that are not negative, places along the curve, and
  /// nothing beyond the summary of the catalogue, from which the halo and the reach of the search follow.
  private func requirePossible(_ info: CatalogueInfo) throws {
    let summary = SourceSummary(info)
    var previous: Int64 = 0
    for row in 0..<count {
      let (covariance, index, rank) = (covariances[row], columns.healpix29[row], columns.rank[row])
      guard raDegrees[row].isFinite, abs(decDegrees[row]) <= 90, covariance.xx >= 0, covariance.yy >= 0,
        covariance.determinant >= 0, reachArcsec[row] >= 0, reachArcsec[row].isFinite, index >= previous,
        index < Healpix29.count, rank >= 0, rank < info.rows, summary.covers(columns, row)
      else {
        throw StoreError(
          .damaged, info.name,
          "its source of rank \(rank) cannot be: at \(raDegrees[row]), \(decDegrees[row]) with an error of "
            + "\(sigmaArcsec[row]) arcsec at the epoch of the match; run `xmdb verify \(info.name)`, then ingest the "
            + "catalogue again with --replace, which keeps impossible rows aside")
      }
      previous = index
    }
  }

  /// The same sources somewhere else on the sky.
  func shifted(by shift: SkyShift) -> PlacedSources {
    var copy = self
    for row in 0..<count {
      let (ra, dec) = shift.moved(raDegrees[row], decDegrees[row])
      (copy.raDegrees[row], copy.decDegrees[row]) = (ra, dec)
      copy.covariances[row] = PairGeometry.carried(
        covariances[row], ra1: raDegrees[row], dec1: decDegrees[row], ra2: ra, dec2: dec)
    }
    return copy
  }

  private mutating func look(_ configuration: MatchConfiguration) {
    let limit = GaussianAUF.chiSquaredLimit(fraction: configuration.candidateFraction)
    let farthest = configuration.largestSeparationArcsec
    // Reaches add in quadrature: where two exceed the largest separation together, one exceeds this.
    let suspicious = farthest / 2.0.squareRoot()
    sigmaArcsec = covariances.map { $0.largestSigma }
    reachArcsec = covariances.map { GaussianAUF.reachArcsec(of: $0, chiSquaredLimit: limit) }
    for row in reachArcsec.indices where reachArcsec[row] > suspicious {
      reachArcsec[row] = min(reachArcsec[row], farthest)
      flags[row].insert(.radiusLimited)
    }
  }
}
