/// Why a row cannot take part in a match; such rows are kept aside. `description` is the stable id in the registry.
public enum ProblemReason: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
  case ok = 0
  /// No right ascension (NULL or NaN).
  case raMissing
  /// No declination (NULL or NaN).
  case decMissing
  /// A coordinate is infinite.
  case positionNotFinite
  /// A right ascension below −360° or above 720°: a placeholder, not an angle.
  case raOutOfRange
  /// A declination outside ±90°.
  case decOutOfRange
  /// No position error (NULL or NaN).
  case errorMissing
  /// A position error of zero or less.
  case errorNotPositive
  /// An infinite position error.
  case errorNotFinite
  /// A correlation of the position errors outside (−1, 1).
  case correlationOutOfRange
  /// A position error outside `RoleRange.positionError`.
  case errorOutOfRange
  /// Axes of the error ellipse that differ more than `RoleRange.axisRatio` allows.
  case errorTooElongated
  /// A position angle of the error ellipse outside `RoleRange.errorAngle`.
  case angleOutOfRange
  /// A proper motion outside `RoleRange.motion`.
  case motionOutOfRange
  /// An error of the proper motion outside `RoleRange.motionError`.
  case motionErrorOutOfRange
  /// An epoch outside `RoleRange.epoch`, infinite ones included.
  case epochOutOfRange
  /// Text for a right ascension that is no angle.
  case raMalformed
  /// Text for a declination that is no angle.
  case decMalformed
  /// The row belongs to another file: its halo column is not 0.
  case inHalo

  /// The stable text id.
  public var description: String {
    switch self {
    case .ok: "ok"
    case .raMissing: "ra_missing"
    case .decMissing: "dec_missing"
    case .positionNotFinite: "position_not_finite"
    case .raOutOfRange: "ra_out_of_range"
    case .decOutOfRange: "dec_out_of_range"
    case .errorMissing: "error_missing"
    case .errorNotPositive: "error_not_positive"
    case .errorNotFinite: "error_not_finite"
    case .correlationOutOfRange: "correlation_out_of_range"
    case .errorOutOfRange: "error_out_of_range"
    case .errorTooElongated: "error_too_elongated"
    case .angleOutOfRange: "error_angle_out_of_range"
    case .motionOutOfRange: "motion_out_of_range"
    case .motionErrorOutOfRange: "motion_error_out_of_range"
    case .epochOutOfRange: "epoch_out_of_range"
    case .raMalformed: "ra_malformed"
    case .decMalformed: "dec_malformed"
    case .inHalo: "in_halo"
    }
  }

  /// One sentence for people.
  public var sentence: String {
    switch self {
    case .ok: "the row is sound"
    case .raMissing: "the right ascension is missing"
    case .decMissing: "the declination is missing"
    case .positionNotFinite: "the position is infinite"
    case .raOutOfRange: "the right ascension is below -360 or above 720 degrees"
    case .decOutOfRange: "the declination is outside -90 … 90 degrees"
    case .errorMissing: "the position error is missing"
    case .errorNotPositive: "the position error is not greater than zero"
    case .errorNotFinite: "the position error is infinite"
    case .correlationOutOfRange: "the correlation of the position errors is not between -1 and 1"
    case .errorOutOfRange: "the position error is outside \(RoleRange.positionError.text)"
    case .errorTooElongated: "one axis of the error ellipse is more than 10000 times the other"
    case .angleOutOfRange: "the position angle of the error ellipse is outside \(RoleRange.errorAngle.text)"
    case .motionOutOfRange: "the proper motion is outside \(RoleRange.motion.text)"
    case .motionErrorOutOfRange: "the error of the proper motion is outside \(RoleRange.motionError.text)"
    case .epochOutOfRange: "the epoch is outside \(RoleRange.epoch.text)"
    case .raMalformed: "the right ascension is text that is no angle, such as 12:34:56.7"
    case .decMalformed: "the declination is text that is no angle, such as -12:34:56.7"
    case .inHalo: "the row belongs to another file, which has it, too: its halo column is not 0"
    }
  }
}
