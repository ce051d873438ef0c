import Foundation
import Testing

@testable import Indexing

/// A small rotation of the sphere against Rodrigues' formula.
@Suite struct FrameRotationTests {
  /// r cos φ + (k × r) sin φ + k (k · r)(1 − cos φ).
  private func rotated(_ r: SIMD3<Double>, _ vectorArcsec: SIMD3<Double>) -> SIMD3<Double> {
    let vector = vectorArcsec * (Double.pi / 648_000)
    let angle = (vector * vector).sum().squareRoot()
    let k = vector / angle
    let cross = SIMD3(k.y * r.z - k.z * r.y, k.z * r.x - k.x * r.z, k.x * r.y - k.y * r.x)
    let dot = (k * r).sum()
    return r * cos(angle) + cross * sin(angle) + k * (dot * (1 - cos(angle)))
  }

  @Test(arguments: [(0.0, 0.0), (123.4, 56.7), (359.9999, -89.9999), (10, 89.5), (200, -30)])
  func movesAPositionAsTheSphereTurns(ra: Double, dec: Double) throws {
    let rotation = FrameRotation(vectorArcsec: SIMD3(0.3, -1.2, 0.7))
    let position = try #require(SkyPosition(raDegrees: ra, decDegrees: dec))
    let expected = try #require(SkyPosition(along: rotated(position.unitVector, rotation.vectorArcsec)))
    let moved = rotation.moved(raDegrees: ra, decDegrees: dec)
    let error = separation(
      ra1Degrees: moved.raDegrees, dec1Degrees: moved.decDegrees, ra2Degrees: expected.raDegrees,
      dec2Degrees: expected.decDegrees)
    #expect(error.arcseconds < 2e-5)
    let (east, north) = rotation.offsetArcsec(raDegrees: ra, decDegrees: dec)
    #expect(hypot(east, north) <= rotation.largestOffsetArcsec)
    let back = rotation.reversed.moved(raDegrees: moved.raDegrees, decDegrees: moved.decDegrees)
    let home = separation(
      ra1Degrees: back.raDegrees, dec1Degrees: back.decDegrees, ra2Degrees: ra, dec2Degrees: dec)
    #expect(home.arcseconds < 2e-5)
  }

  @Test func noRotationMovesNothing() {
    let moved = FrameRotation.none.moved(raDegrees: 12.3456789, decDegrees: -45.6)
    #expect(moved.raDegrees == 12.3456789 && moved.decDegrees == -45.6)
    #expect(FrameRotation.none.isNone && FrameRotation.none.largestOffsetArcsec == 0)
    #expect(SkyPosition(along: .zero) == nil && SkyPosition(along: SIMD3(.nan, 0, 1)) == nil)
  }
}
