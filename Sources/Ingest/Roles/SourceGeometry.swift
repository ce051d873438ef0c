internal import CatalogStore
public import Formats

/// The match columns of one batch in canonical units, with a verdict per row.
///
/// Made once per ingest and filled batch by batch; all arrays keep their memory. NaN means unknown.
///
///     var geometry = SourceGeometry(assignment)
///     try source.forEachBatch { batch in
///       geometry.load(batch)
///       // geometry.raDegrees[row] … geometry.verdicts[row]
///     }
public struct SourceGeometry: Sendable {
  /// The assignment that is followed.
  public let assignment: RoleAssignment
  /// The rows loaded last; every array below has this many elements (or none, where its role is not assigned).
  public private(set) var count = 0

  /// Right ascension in [0, 360) degrees. Meaningless where the verdict is about it.
  public private(set) var raDegrees: [Double] = []
  /// Declination in degrees.
  public private(set) var decDegrees: [Double] = []
  /// Covariance of the position error in the tangent plane, x east, y north: variance along right ascension, arcsec².
  public private(set) var covarianceXX: [Double] = []
  /// Variance along declination, arcsec².
  public private(set) var covarianceYY: [Double] = []
  /// Covariance of the two, arcsec².
  public private(set) var covarianceXY: [Double] = []
  /// Proper motion in mas/yr, cos δ included. Both components are known, or both NaN. Empty without motion columns.
  public private(set) var pmRA: [Double] = []
  /// Proper motion along declination, mas/yr.
  public private(set) var pmDec: [Double] = []
  /// 1-σ errors of the motion in mas/yr; NaN unless finite and greater than zero. Empty without motion columns.
  public private(set) var sigmaPMRA: [Double] = []
  /// 1-σ error of the motion along declination, mas/yr.
  public private(set) var sigmaPMDec: [Double] = []
  /// Correlation of the two errors of the motion, NaN where unknown. Empty without a column.
  public private(set) var correlationPM: [Double] = []
  /// Parallax in mas. Empty without a column.
  public private(set) var parallax: [Double] = []
  /// Epoch in Julian years; NaN where unknown. Empty if the epoch is not known at all.
  public private(set) var epoch: [Double] = []
  /// One array per band of `assignment.bands`: magnitudes, NaN where unknown or outside `RoleRange.magnitude`.
  public private(set) var magnitudes: [[Double]]
  /// Errors of the magnitudes; NaN unless greater than zero. Empty for bands without one.
  public private(set) var magnitudeErrors: [[Double]]
  /// Signal to noise by band, NaN where unknown. Empty for bands without one.
  public private(set) var snrs: [[Double]]
  /// Index into `assignment.bands`, or −1 where unknown or out of range. Empty without a column.
  public private(set) var bestBand: [Int32] = []
  /// Whether each row is sound, and if not, the first thing that is wrong with it.
  public private(set) var verdicts: [ProblemReason] = []
  /// Sound rows so far, over all batches, whose correlation was missing; they are taken as uncorrelated.
  public private(set) var rowsWithoutCorrelation: Int64 = 0
  /// Sound rows so far whose motion, or an error of it, was given as a placeholder or as infinite; it is unknown.
  public private(set) var rowsWithPlaceholderMotion: Int64 = 0

  private let loader: RoleLoader
  private let bands: [RoleAssignment.Band]
  private let form: RoleAssignment.PositionError
  private let conversion: FrameConversion
  private var errorA: [Double] = []
  private var errorB: [Double] = []
  private var errorC: [Double] = []

  /// Follows an assignment.
  ///
  /// - Parameters:
  ///   - assignment: What `RoleAssignment` recognised.
  ///   - batchColumns: The columns asked of `forEachBatch`, in that order; nil when all were.
  /// - Precondition: `assignment` has ra, dec and a position error, and `batchColumns` all columns with a role.
  public init(_ assignment: RoleAssignment, batchColumns: [Int]? = nil) {
    precondition(assignment[.ra] != nil && assignment[.dec] != nil, "requireComplete must be asked first")
    self.assignment = assignment
    bands = assignment.bands
    form = assignment.positionError
    conversion = FrameConversion(assignment.frame)
    loader = RoleLoader(assignment, batchColumns: batchColumns)
    magnitudes = Array(repeating: [], count: bands.count)
    magnitudeErrors = magnitudes
    snrs = magnitudes
  }

  /// Converts a batch. The arrays hold its rows until the next call.
  ///
  /// - Complexity: O(rows × roles), without allocation once the arrays have their size.
  public mutating func load(_ batch: borrowing RecordBatch) {
    count = batch.rowCount
    loadPositions(batch)
    loadMotions(batch)
    loadPhotometry(batch)
    if assignment.frame != .icrs { turn() }
    judgeHalo(batch)
  }
}

extension SourceGeometry {
  private mutating func loadPositions(_ batch: borrowing RecordBatch) {
    let flawedRA = loadCoordinate(.ra, batch, into: &raDegrees)
    let flawedDec = loadCoordinate(.dec, batch, into: &decDegrees)
    verdicts.removeAll(keepingCapacity: true)
    for row in 0..<count { verdicts.append(PositionCheck.verdict(ra: raDegrees[row], dec: decDegrees[row])) }
    for row in flawedDec where verdicts[row] == .decMissing { verdicts[row] = .decMalformed }
    for row in flawedRA { verdicts[row] = .raMalformed }
    for row in 0..<count { raDegrees[row] = PositionCheck.normalised(raDegrees[row]) }
    covarianceXX.resize(to: count)
    covarianceYY.resize(to: count)
    covarianceXY.resize(to: count)
    switch form {
    case .circular: loadCircular(batch)
    case .axes(let correlation): loadAxes(batch, correlation)
    case .ellipse: loadEllipse(batch)
    case .missing: for row in 0..<count { set(row, .failure(.errorMissing)) }
    }
  }

  /// Loads right ascension or declination in degrees.
  /// - Returns: Rows whose text is no angle.
  private func loadCoordinate(
    _ role: ColumnRole, _ batch: borrowing RecordBatch, into output: inout [Double]
  ) -> [Int] {
    guard let binding = assignment[role], binding.isText, let position = loader.position(role) else {
      loader.load(role, batch, into: &output)
      return []
    }
    var flawed: [Int] = []
    TextPositions.load(batch.columns[position], binding.unit, rows: batch.rowCount, into: &output) {
      flawed.append($0)
    }
    return flawed
  }

  private mutating func set(_ row: Int, _ error: ErrorCovariance.Outcome) {
    switch error {
    case .success(let covariance):
      covarianceXX[row] = covariance.xx
      covarianceYY[row] = covariance.yy
      covarianceXY[row] = covariance.xy
    case .failure(let reason):
      covarianceXX[row] = .nan
      covarianceYY[row] = .nan
      covarianceXY[row] = .nan
      judge(row, reason)
    }
  }

  private mutating func loadCircular(_ batch: borrowing RecordBatch) {
    loader.load(.sigma, batch, into: &errorA)
    for row in 0..<count { set(row, ErrorCovariance.circular(errorA[row])) }
  }

  private mutating func loadAxes(_ batch: borrowing RecordBatch, _ correlation: RoleAssignment.Correlation) {
    loader.load(.sigmaRA, batch, into: &errorA)
    loader.load(.sigmaDec, batch, into: &errorB)
    loader.load(.corrRADec, batch, into: &errorC)
    for row in 0..<count {
      let third = correlation == .none ? 0 : errorC[row]
      set(row, ErrorCovariance.axes(errorA[row], errorB[row], third.isNaN ? 0 : third, correlation))
      if third.isNaN, verdicts[row] == .ok { rowsWithoutCorrelation += 1 }
    }
  }

  private mutating func loadEllipse(_ batch: borrowing RecordBatch) {
    loader.load(.sigmaMajor, batch, into: &errorA)
    loader.load(.sigmaMinor, batch, into: &errorB)
    loader.load(.sigmaPA, batch, into: &errorC)
    for row in 0..<count {
      set(row, ErrorCovariance.ellipse(errorA[row], errorB[row], positionAngleDegrees: errorC[row]))
    }
  }

  private mutating func loadMotions(_ batch: borrowing RecordBatch) {
    loader.load(.epoch, batch, into: &epoch)
    for row in epoch.indices where !epoch[row].isNaN && !RoleRange.epoch.contains(epoch[row]) {
      judge(row, .epochOutOfRange)
    }
    loader.load(.parallax, batch, into: &parallax)
    parallax.keep(RoleRange.parallax)
    guard assignment[.pmRA] != nil else { return }
    loader.load(.pmRA, batch, into: &pmRA)
    loader.load(.pmDec, batch, into: &pmDec)
    let isCircular = assignment[.sigmaPM] != nil
    loader.load(isCircular ? .sigmaPM : .sigmaPMRA, batch, into: &sigmaPMRA)
    loader.load(isCircular ? .sigmaPM : .sigmaPMDec, batch, into: &sigmaPMDec)
    sigmaPMRA.resize(to: count)
    sigmaPMDec.resize(to: count)
    for row in 0..<count { judgeMotion(row) }
    loader.load(.corrPM, batch, into: &correlationPM)
    for row in correlationPM.indices where !(abs(correlationPM[row]) < 1) { correlationPM[row] = .nan }
  }

  /// Sets aside what belongs to another file, whatever else is wrong with it.
  private mutating func judgeHalo(_ batch: borrowing RecordBatch) {
    guard assignment[.halo] != nil else { return }
    loader.load(.halo, batch, into: &errorA)
    for row in 0..<count where !errorA[row].isNaN && errorA[row] != 0 { verdicts[row] = .inHalo }
  }

  /// Makes NaN of what is unknown, and judges what is not.
  private mutating func judgeMotion(_ row: Int) {
    let motion = MotionCheck(
      pmRA: pmRA[row], pmDec: pmDec[row], sigmaRA: sigmaPMRA[row], sigmaDec: sigmaPMDec[row],
      unit: loader.scale(.pmRA), errorUnit: loader.scale(assignment[.sigmaPM] == nil ? .sigmaPMRA : .sigmaPM))
    (pmRA[row], pmDec[row]) = (motion.pmRA, motion.pmDec)
    (sigmaPMRA[row], sigmaPMDec[row]) = (motion.sigmaRA, motion.sigmaDec)
    if motion.verdict != .ok { judge(row, motion.verdict) }
    if motion.hasPlaceholder, verdicts[row] == .ok { rowsWithPlaceholderMotion += 1 }
  }

  /// Keeps the first thing that is wrong with a row.
  private mutating func judge(_ row: Int, _ reason: ProblemReason) {
    if verdicts[row] == .ok { verdicts[row] = reason }
  }

  private mutating func loadPhotometry(_ batch: borrowing RecordBatch) {
    for (index, band) in bands.enumerated() {
      loader.load(band.magnitude.role, batch, into: &magnitudes[index])
      if let error = band.error { loader.load(error.role, batch, into: &magnitudeErrors[index]) }
      if let snr = band.snr { loader.load(snr.role, batch, into: &snrs[index]) }
      if band.magnitude.unit.quantity == .flux {
        Photometry.magnitudes(fluxes: &magnitudes[index], errors: &magnitudeErrors[index])
      }
      magnitudes[index].keep(RoleRange.magnitude)
      magnitudeErrors[index].keep(RoleRange.magnitudeError)
      for row in magnitudeErrors[index].indices where magnitudeErrors[index][row] == 0 {
        magnitudeErrors[index][row] = .nan
      }
      snrs[index].keep(RoleRange.snr)
    }
    guard assignment[.bestBand] != nil else { return }
    loader.load(.bestBand, batch, into: &errorA)
    bestBand.removeAll(keepingCapacity: true)
    for row in 0..<count {
      let value = errorA[row]
      bestBand.append(value >= 0 && value < Double(bands.count) ? Int32(value) : -1)
    }
  }
}

extension SourceGeometry {
  /// Turns what was loaded from the frame of the file into ICRS: positions, their covariances, motions and theirs.
  private mutating func turn() {
    let hasCovariance = form != .circular && form != .missing
    let hasPair = !pmRA.isEmpty && assignment[.sigmaPM] == nil
    if hasPair { correlationPM.resize(to: count) }
    for row in 0..<count {
      let (lon, lat) = (raDegrees[row], decDegrees[row])
      guard lon.isFinite, abs(lat) <= 90 else {
        (raDegrees[row], decDegrees[row]) = (.nan, .nan)
        continue
      }
      let known = epoch.isEmpty || !RoleRange.epoch.contains(epoch[row]) ? conversion.assumedEpoch : epoch[row]
      let turned = conversion.turned(lonDegrees: lon, latDegrees: lat, epoch: known)
      (raDegrees[row], decDegrees[row]) = (turned.raDegrees, turned.decDegrees)
      if hasCovariance {
        (covarianceXX[row], covarianceYY[row], covarianceXY[row]) = turned.covariance(
          xx: covarianceXX[row], yy: covarianceYY[row], xy: covarianceXY[row])
      }
      if !pmRA.isEmpty, pmRA[row].isFinite, pmDec[row].isFinite {
        (pmRA[row], pmDec[row]) = conversion.motion(
          lonDegrees: lon, latDegrees: lat, epoch: known, pmRA[row], pmDec[row])
      }
      if hasPair { turnMotionError(row, turned) }
    }
  }

  /// One error of a motion alone cannot be turned: both are unknown then. A correlation that is not known is none.
  private mutating func turnMotionError(_ row: Int, _ turned: FrameConversion.Turned) {
    let (x, y) = (sigmaPMRA[row], sigmaPMDec[row])
    let given = correlationPM[row].isFinite ? correlationPM[row] : 0
    let (xx, yy, xy) = turned.covariance(xx: x * x, yy: y * y, xy: given * x * y)
    (sigmaPMRA[row], sigmaPMDec[row]) = (xx.squareRoot(), yy.squareRoot())
    correlationPM[row] = xy / (sigmaPMRA[row] * sigmaPMDec[row])
  }

  /// The values of a column of the narrow form; NaN for densities, which are known when all rows are sorted.
  func values(of quantity: NarrowColumn.Quantity) -> [Double] {
    switch quantity {
    case .ra: raDegrees
    case .dec: decDegrees
    case .varianceX: covarianceXX
    case .varianceY: covarianceYY
    case .covarianceXY: covarianceXY
    case .pmRA: pmRA
    case .pmDec: pmDec
    case .sigmaPMRA: sigmaPMRA
    case .sigmaPMDec: sigmaPMDec
    case .correlationPM: correlationPM
    case .epoch: epoch
    case .bestBand: bestBand.map { $0 < 0 ? .nan : Double($0) }
    case .density: Array(repeating: .nan, count: count)
    case .parallax: parallax
    case .magnitude(let band): photometry(band, magnitudes)
    case .magnitudeError(let band): photometry(band, magnitudeErrors)
    case .snr(let band): photometry(band, snrs)
    }
  }

  private func photometry(_ band: String, _ values: [[Double]]) -> [Double] {
    bands.firstIndex { $0.name == band }.map { values[$0] } ?? []
  }
}

extension [Double] {
  /// Makes the array this long; new elements are NaN.
  mutating func resize(to count: Int) {
    if self.count > count { removeLast(self.count - count) }
    while self.count < count { append(.nan) }
  }

  /// Makes NaN of what lies outside the range.
  mutating func keep(_ range: RoleRange) {
    for row in indices where !range.contains(self[row]) { self[row] = .nan }
  }
}
