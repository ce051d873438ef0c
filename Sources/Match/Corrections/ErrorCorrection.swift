internal import Glibc

/// How true errors follow from quoted ones.
public enum ErrorRelation: UInt8, Sendable, Hashable, CaseIterable {
  /// σ² = (m σ_quoted)² + n².
  case quadratic = 0
  /// σ = m σ_quoted + n.
  case linear = 1
}

/// What a catalogue's quoted errors have to become so that its separations from a better catalogue are explained.
///
/// The quoted error may be of a position, arcsec, or of a magnitude: m is then in arcsec per magnitude.
public struct ErrorCorrection: Sendable, Hashable {
  /// The relation that m and n belong to.
  public let relation: ErrorRelation
  /// m.
  public let factor: Double
  /// n, arcsec.
  public let floorArcsec: Double

  /// Errors as they are quoted.
  public static let none = ErrorCorrection(relation: .quadratic, factor: 1, floorArcsec: 0)

  /// Makes one; numbers that are negative or not finite are refused with nil.
  public init?(checked relation: ErrorRelation, factor: Double, floorArcsec: Double) {
    guard factor >= 0, factor.isFinite, floorArcsec >= 0, floorArcsec.isFinite else { return nil }
    self.init(relation: relation, factor: factor, floorArcsec: floorArcsec)
  }

  init(relation: ErrorRelation, factor: Double, floorArcsec: Double) {
    (self.relation, self.factor, self.floorArcsec) = (relation, factor, floorArcsec)
  }

  /// σ of a quoted error, arcsec.
  @inlinable
  public func sigmaArcsec(quoted: Double) -> Double {
    let scaled = factor * quoted
    return relation == .linear
      ? scaled + floorArcsec : (scaled * scaled + floorArcsec * floorArcsec).squareRoot()
  }

  /// The same correction of an error with axes: C becomes m² C and a part that is the same in every direction, as large as the circular error of the same
  /// area asks for. In the quadratic relation that part is n². No axis becomes longer than if its length were that of a circular error.
  @inlinable
  public func covariance(quoted: PositionCovariance) -> PositionCovariance {
    let variance = (quoted.xx * quoted.yy - quoted.xy * quoted.xy).squareRoot()
    guard variance >= 0 else { return quoted }
    let (square, sigma) = (factor * factor, sigmaArcsec(quoted: variance.squareRoot()))
    let even = relation == .quadratic ? floorArcsec * floorArcsec : sigma * sigma - square * variance
    return PositionCovariance(xx: square * quoted.xx + even, yy: square * quoted.yy + even, xy: square * quoted.xy)
  }
}
