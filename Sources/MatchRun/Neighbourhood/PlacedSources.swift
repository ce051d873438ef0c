internal import CatalogStore
internal import Indexing
internal import Match

/// Sources of one catalogue at the epoch of the match: moved positions and grown errors, with how far each one looks.
struct PlacedSources {
  let columns: SourceColumns
  /// Positions and errors at the epoch of the match.
  private(set) var states: SourceStates
  /// Largest 1-σ error, arcsec.
  private(set) var sigmaArcsec: [Double]
  /// The photometric class of each source, or `MagnitudeClasses.none`.
  private(set) var photometricClass: [Int32]
  /// How hidden neighbours pull the sources; nil where that is not known.
  let pulls: SourcePulls?
  /// How far sources have drifted whose motion is not known; nil where none has.
  let drifts: SourceDrifts?
  /// How far they are displaced by either, of `PullClasses`; empty where neither is known.
  let pullClasses: [UInt8]
  /// What to know of each source by itself.
  private(set) var flags: [MatchFlags]

  var count: Int { columns.count }

  /// - Throws: `StoreError.damaged` for sources that cannot be: rows outside the ranges of `CatalogueLimits`, as older programs
  ///   let through, or a shard that was changed.
  init(_ columns: SourceColumns, _ inputs: MatchInputs, isA: Bool) throws {
    self.columns = columns
    var covariances = columns.covariances
    let side = isA ? inputs.a : inputs.b
    try side.correct(&covariances, of: columns, in: inputs.database)
    states = SourceStates(
      raDegrees: columns.raDegrees, decDegrees: columns.decDegrees, covariances: covariances)
    sigmaArcsec = []
    let (info, classes) = (side.info, side.classes)
    photometricClass = Self.classes(of: columns, classes)
    pulls = try side.crowding.map {
      try SourcePulls(columns, $0, meanDensityPerDegree2: side.meanDensityPerDegree2)
    }
    let given = states
    drifts = try inputs.motions.flatMap {
      try SourceDrifts(columns, info, given, $0, isA: isA)
    }
    // Whatever piece of sky this is, and whether anything drifts in it.
    pullClasses =
      pulls == nil && inputs.motions == nil ? [] : Self.pullClasses(pulls, drifts, count: columns.count)
    flags = Array(repeating: [], count: columns.count)
    if classes.count > 0 {
      for row in flags.indices where photometricClass[row] < 0 { flags[row].insert(.noMagnitude) }
    }
    if info.epochRange == nil { for row in flags.indices { flags[row].insert(.epochUnknown) } }
    markDrifts(isA: isA)
    if let target = inputs.targetYears { move(to: target, info, isA: isA) }
    if !isA, !inputs.frame.isNone { rotate(by: inputs.frame) }
    sigmaArcsec = states.covariances.map { $0.largestSigma }
    for row in states.look(inputs.likelihood, inputs.limits) { flags[row].insert(.radiusLimited) }
    try requirePossible(info)
  }

  private static func pullClasses(_ pulls: SourcePulls?, _ drifts: SourceDrifts?, count: Int) -> [UInt8] {
    (0..<count).map { row in
      let drift = drifts?.drift(row)?.varianceArcsec2 ?? 0
      return UInt8(PullClasses.place(varianceArcsec2: drift + (pulls?.varianceArcsec2(row) ?? 0)))
    }
  }

  private static func classes(of columns: SourceColumns, _ classes: MagnitudeClasses) -> [Int32] {
    guard classes.count > 0 else { return Array(repeating: MagnitudeClasses.none, count: columns.count) }
    return classes.classes(
      magnitudes: columns.magnitudes, bestBand: columns[.bestBand], count: columns.count)
  }

  private mutating func markDrifts(isA: Bool) {
    guard let drifts else { return }
    for row in 0..<count where drifts.years[row] != 0 { flags[row].insert(isA ? .unknownMotionA : .unknownMotionB) }
  }

  /// Moves the positions that have a known motion and lets their errors grow; marks the others.
  private mutating func move(to target: Double, _ info: CatalogueInfo, isA: Bool) {
    let unknown: MatchFlags = isA ? .unknownMotionA : .unknownMotionB
    let (epochs, motions) = (columns[.epoch], SourceMotions(columns))
    for row in 0..<count {
      let own = epochs?[row] ?? info.epochYears ?? .nan
      if own.isNaN {
        flags[row].insert(.epochUnknown)
      } else if target == own {
        continue
      } else if let moved = motions?.model(row, states[row]).state(afterYears: target - own) {
        states[row] = moved
      } else {
        flags[row].insert(unknown)
      }
    }
  }

  /// Brings all positions into another frame. Errors stay: east and north turn by less than they are known.
  private mutating func rotate(by frame: FrameRotation) {
    for row in 0..<count {
      var state = states[row]
      (state.raDegrees, state.decDegrees) = frame.moved(raDegrees: state.raDegrees, decDegrees: state.decDegrees)
      states[row] = state
    }
  }

  /// Whatever comes later trusts these: positions on the sphere, finite errors that are not negative, places along the curve, and
  /// nothing beyond the summary of the catalogue, from which the halo and the reach of the search follow.
  private func requirePossible(_ info: CatalogueInfo) throws {
    let excess = SourceSummary(info).firstExcess(columns)
    var previous: Int64 = 0
    let densities = columns[.density]
    for row in 0..<count {
      let (state, reach, index, rowid) = (
        states[row], states.reachArcsec[row], columns.healpix29[row], columns.rowid[row]
      )
      guard state.raDegrees.isFinite, abs(state.decDegrees) <= 90, state.covariance.xx >= 0, state.covariance.yy >= 0,
        state.covariance.determinant >= 0, reach >= 0, reach.isFinite, index >= previous,
        index < Healpix29.count, rowid >= 0, rowid < info.rows, row != excess,
        densities.map({ $0[row] > 0 && $0[row].isFinite }) ?? true
      else {
        throw StoreError(
          .damaged, info.name,
          "its source of rowid \(rowid) cannot be: at \(state.raDegrees), \(state.decDegrees) with an error of "
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
      let state = states[row]
      let (ra, dec) = shift.moved(state.raDegrees, state.decDegrees)
      copy.states[row] = SourceState(
        raDegrees: ra, decDegrees: dec,
        covariance: PairGeometry.carried(
          state.covariance, ra1: state.raDegrees, dec1: state.decDegrees, ra2: ra, dec2: dec))
    }
    return copy
  }
}

extension SourceColumns {
  /// Errors of positions as they are quoted.
  var covariances: [PositionCovariance] {
    let (x, y, xy) = (varianceX, varianceY, covarianceXY)
    return (0..<count).map { PositionCovariance(xx: x[$0], yy: y[$0], xy: xy?[$0] ?? 0) }
  }
}
