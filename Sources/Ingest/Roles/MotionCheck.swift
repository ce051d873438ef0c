/// The proper motion of a row: known in both components or unknown, with a verdict.
///
/// Unknown, and the row stays: a component that is missing or infinite; the placeholders of `Placeholders`; an error that is
/// zero or less, infinite, or a number of nines such as 999.
struct MotionCheck {
  private(set) var pmRA: Double
  private(set) var pmDec: Double
  private(set) var sigmaRA: Double
  private(set) var sigmaDec: Double
  /// Whether something was given that is no measurement.
  private(set) var hasPlaceholder = false
  private(set) var verdict = ProblemReason.ok

  /// All in mas/yr.
  /// - Parameters:
  ///   - unit: The unit of the file's motions in mas/yr, in which placeholders are written.
  ///   - errorUnit: Likewise of their errors.
  init(pmRA: Double, pmDec: Double, sigmaRA: Double, sigmaDec: Double, unit: Double, errorUnit: Double) {
    self.pmRA = pmRA
    self.pmDec = pmDec
    self.sigmaRA = Self.error(sigmaRA, errorUnit)
    self.sigmaDec = Self.error(sigmaDec, errorUnit)
    hasPlaceholder = Self.isInvalid(sigmaRA, self.sigmaRA) || Self.isInvalid(sigmaDec, self.sigmaDec)
    settleMotion(unit)
    if !Self.isWithin(self.pmRA, .motion) || !Self.isWithin(self.pmDec, .motion) {
      verdict = .motionOutOfRange
    } else if !Self.isWithin(self.sigmaRA, .motionError) || !Self.isWithin(self.sigmaDec, .motionError) {
      verdict = .motionErrorOutOfRange
    }
  }

  private mutating func settleMotion(_ unit: Double) {
    let isInfinite = pmRA.isInfinite || pmDec.isInfinite
    guard pmRA.isFinite, pmDec.isFinite, !isPlaceholder(unit) else {
      hasPlaceholder = hasPlaceholder || isInfinite || (pmRA.isFinite && pmDec.isFinite)
      pmRA = .nan
      pmDec = .nan
      return
    }
  }

  /// Both components the same number of nines, without an error that tells otherwise; a measured motion is never so.
  private func isPlaceholder(_ unit: Double) -> Bool {
    pmRA == pmDec && sigmaRA.isNaN && sigmaDec.isNaN && Placeholders.nines.contains { $0 * unit == pmRA }
  }

  private static func isInvalid(_ given: Double, _ taken: Double) -> Bool { !given.isNaN && taken.isNaN }

  private static func error(_ sigma: Double, _ unit: Double) -> Double {
    guard sigma > 0, sigma < .infinity else { return .nan }
    return Placeholders.nines.contains { $0 * unit == sigma && $0 >= 999 } ? .nan : sigma
  }

  private static func isWithin(_ value: Double, _ range: RoleRange) -> Bool { value.isNaN || range.contains(value) }
}
