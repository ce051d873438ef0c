import Glibc
import Indexing

extension SkyObject {
  /// Where it is after so many Julian years, and its motion there.
  ///
  /// Velocity v and direction are fixed in space: q = p + v t, and the motion at q is the part of v / |q| across q, along the
  /// east and north of that place.
  @inline(__always)
  func moved(byYears years: Double) -> (place: (raDegrees: Double, decDegrees: Double), motion: ProperMotion) {
    if years == 0 || (motion.raMasPerYear == 0 && motion.decMasPerYear == 0) {
      return ((raDegrees, decDegrees), motion)
    }
    let place = Indexing.moved(raDegrees: raDegrees, decDegrees: decDegrees, motion: motion, byYears: years)
    let (east, north) = Self.axes(raDegrees, decDegrees)
    let velocity = east * motion.raMasPerYear + north * motion.decMasPerYear
    let (newEast, newNorth) = Self.axes(place.raDegrees, place.decDegrees)
    let travelled = velocity * (years * .pi / 648_000_000)
    let distance = (1 + (travelled * travelled).sum()).squareRoot()
    return (
      place,
      ProperMotion(
        raMasPerYear: (velocity * newEast).sum() / distance, decMasPerYear: (velocity * newNorth).sum() / distance)
    )
  }

  /// The unit vectors eastward and northward.
  private static func axes(_ raDegrees: Double, _ decDegrees: Double) -> (east: SIMD3<Double>, north: SIMD3<Double>) {
    let (ra, dec) = (raDegrees * .pi / 180, decDegrees * .pi / 180)
    return (
      SIMD3(-sin(ra), cos(ra), 0), SIMD3(-sin(dec) * cos(ra), -sin(dec) * sin(ra), cos(dec))
    )
  }
}
