import Foundation
import Indexing
import Testing
import XMDBTestSupport

/// Pixels as an independent program (cdshealpix) finds them; see Golden/README.md.
@Suite struct GoldenHealpixTests {
  /// At order 29 two programs may differ in the last bit of a coordinate and so by one pixel: 0.4 mas and its diagonal.
  static let neighbouringPixelArcsec = 1e-3

  @Test func pixelsAgreeWithAnIndependentProgram() throws {
    let file = ProjectPaths.packageRoot.appendingPathComponent("Tests/IndexingTests/Golden/healpix.csv")
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
    var different = 0
    for line in lines {
      let fields = line.split(separator: ",")
      let (ra, dec) = (try #require(Double(fields[0])), try #require(Double(fields[1])))
      let position = try #require(SkyPosition(raDegrees: ra, decDegrees: dec))
      for (field, order) in [(2, 0), (3, 8), (4, 29)] {
        let index = try #require(Int64(fields[field]))
        let expected = HealpixPixel(order: order, index: index)
        let found = HealpixPixel(containing: position, order: order)
        if found == expected { continue }
        try #require(order == 29, "\(line): \(found)")
        different += 1
        let apart = found.center.separation(to: expected.center)
        #expect(apart.arcseconds < Self.neighbouringPixelArcsec, "\(line): \(found)")
      }
    }
    #expect(lines.count == 280 && different <= 2, "\(different) of \(lines.count) differ at order 29")
  }
}
