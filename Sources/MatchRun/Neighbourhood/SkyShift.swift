internal import Glibc
internal import Indexing

/// A displacement of every source by the same distance, in the same direction from north, along great circles.
struct SkyShift: Sendable, Equatable {
  /// The distance, arcsec.
  let distanceArcsec: Double
  /// From north through east, degrees.
  let positionAngleDegrees: Double

  /// So many shifts of one distance, in directions that divide the circle evenly.
  static func directions(_ count: Int, distanceArcsec: Double) -> [SkyShift] {
    (0..<count).map {
      SkyShift(distanceArcsec: distanceArcsec, positionAngleDegrees: 360 * Double($0) / Double(count))
    }
  }

  /// Where a position comes to lie.
  func moved(_ raDegrees: Double, _ decDegrees: Double) -> (raDegrees: Double, decDegrees: Double) {
    let angle = positionAngleDegrees * .pi / 180
    return Indexing.moved(
      raDegrees: raDegrees, decDegrees: decDegrees,
      motion: ProperMotion(
        raMasPerYear: 1000 * distanceArcsec * sin(angle), decMasPerYear: 1000 * distanceArcsec * cos(angle)), byYears: 1
    )
  }

  /// The way back, but for what north turns on the way.
  var reversed: SkyShift {
    SkyShift(distanceArcsec: distanceArcsec, positionAngleDegrees: positionAngleDegrees + 180)
  }
}
