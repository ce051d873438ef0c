/// How far a source has moved whose motion is not known, over the years between its epoch and that of the match.
public struct SourceDrift: Sendable {
  /// The distribution of its motion.
  public var motion: MotionWidths
  /// τ, of either sign.
  public var years: Double

  /// Makes it.
  public init(_ motion: MotionWidths, years: Double) { (self.motion, self.years) = (motion, years) }

  /// The mean variance per axis, arcsec².
  public var varianceArcsec2: Double { motion.meanSquare / 2 * years * years * 1e-6 }

  /// Calls with each part of it: its weight, and its variance per axis, arcsec².
  func forEach(_ body: (Double, Double) -> Void) {
    for width in motion.first...motion.last where motion[width] > 0 {
      body(motion[width], MotionWidths.varianceArcsec2(of: width, squaredYears: years * years))
    }
  }
}
