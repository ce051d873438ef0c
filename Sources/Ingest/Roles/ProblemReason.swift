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
  /// A position error of zero or less, or so small that its square is zero.
  case errorNotPositive
  /// An infinite position error, or one whose square is.
  case errorNotFinite
  /// A correlation of the position errors outside (−1, 1).
  case correlationOutOfRange

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
    }
  }
}
