internal import Glibc

/// A Gaussian in proper motion, with a weight.
///
/// x goes with longitude, multiplied by the cosine of the latitude, y with latitude: Galactic or equatorial, as its owner says.
public struct MotionGaussian: Sendable, Hashable {
  /// The share of all sources that it stands for.
  public var weight: Double
  /// The mean, mas/yr.
  public var meanX: Double
  public var meanY: Double
  /// The covariance, (mas/yr)².
  public var xx: Double
  public var yy: Double
  public var xy: Double

  /// Makes one.
  public init(weight: Double, meanX: Double, meanY: Double, xx: Double, yy: Double, xy: Double) {
    self.weight = weight
    (self.meanX, self.meanY) = (meanX, meanY)
    (self.xx, self.yy, self.xy) = (xx, yy, xy)
  }

  /// xx·yy − xy², (mas/yr)⁴.
  public var determinant: Double { xx * yy - xy * xy }

  /// The correlation of both components; 0 where one does not vary.
  public var correlation: Double {
    let scale = (xx * yy).squareRoot()
    return scale > 0 ? xy / scale : 0
  }

  /// ⟨|μ|²⟩, (mas/yr)².
  public var meanSquare: Double { meanX * meanX + meanY * meanY + xx + yy }

  /// The variance along the major axis, (mas/yr)².
  var largestVariance: Double { 0.5 * (xx + yy) + hypot(0.5 * (xx - yy), xy) }

  /// Whether it is a distribution: finite, a weight that is not negative, a covariance that is positive definite.
  var isPossible: Bool {
    weight >= 0 && weight.isFinite && meanX.isFinite && meanY.isFinite && xx > 0 && yy > 0 && xx.isFinite
      && yy.isFinite && determinant > 0
  }

  /// The density of its own distribution, without the weight, at a point: (mas/yr)⁻², as a logarithm.
  @inline(__always)
  func logDensity(_ x: Double, _ y: Double) -> Double {
    let (dx, dy, det) = (x - meanX, y - meanY, determinant)
    let square = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / det
    return -0.5 * (square + log(det)) - 1.8378770664093453
  }

  /// The same in axes that are turned: x' = c x + s y, y' = −s x + c y.
  public func turned(cosine c: Double, sine s: Double) -> MotionGaussian {
    MotionGaussian(
      weight: weight, meanX: c * meanX + s * meanY, meanY: c * meanY - s * meanX,
      xx: c * c * xx + 2 * c * s * xy + s * s * yy, yy: s * s * xx - 2 * c * s * xy + c * c * yy,
      xy: c * s * (yy - xx) + (c * c - s * s) * xy)
  }

  /// The one Gaussian with the weight, mean and covariance of both together.
  func merged(with other: MotionGaussian) -> MotionGaussian {
    let sum = weight + other.weight
    let share = sum > 0 ? other.weight / sum : 0.5
    return merged(with: other, weight: sum, share: share)
  }

  /// Likewise, with the other's share of both given.
  @inline(__always)
  func merged(with other: MotionGaussian, weight sum: Double, share: Double) -> MotionGaussian {
    let (own, both) = (1 - share, share * (1 - share))
    let (dx, dy) = (other.meanX - meanX, other.meanY - meanY)
    return MotionGaussian(
      weight: sum, meanX: meanX + share * dx, meanY: meanY + share * dy,
      xx: own * xx + share * other.xx + both * dx * dx, yy: own * yy + share * other.yy + both * dy * dy,
      xy: own * xy + share * other.xy + both * dx * dy)
  }
}
