import Glibc
import Indexing

/// A small step on the sphere, arcsec eastward and northward.
struct TangentOffset {
  let eastArcsec: Double
  let northArcsec: Double

  init(eastArcsec: Double, northArcsec: Double) {
    self.eastArcsec = eastArcsec
    self.northArcsec = northArcsec
  }

  /// A distance in a direction, radians from east through north.
  init(distanceArcsec: Double, angle: Double) {
    self.init(eastArcsec: distanceArcsec * cos(angle), northArcsec: distanceArcsec * sin(angle))
  }

  /// The position this far away along the great circle: a step is a motion of one year.
  @inline(__always)
  func applied(toRADegrees ra: Double, decDegrees dec: Double) -> (raDegrees: Double, decDegrees: Double) {
    moved(
      raDegrees: ra, decDegrees: dec,
      motion: ProperMotion(raMasPerYear: eastArcsec * 1000, decMasPerYear: northArcsec * 1000), byYears: 1)
  }

  /// The same as a position.
  func applied(to position: SkyPosition) -> SkyPosition {
    let moved = applied(toRADegrees: position.raDegrees, decDegrees: position.decDegrees)
    // `moved` gives valid positions only.
    return SkyPosition(raDegrees: moved.raDegrees, decDegrees: moved.decDegrees)!
  }
}
