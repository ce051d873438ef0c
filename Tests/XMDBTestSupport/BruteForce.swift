import Indexing

/// Answers found by trying everything.
public enum BruteForce {
  /// All pairs with separation ≤ √(reachA² + reachB²), sorted by (a, b), as `PairSearch.pairs` gives them.
  public static func pairs(
    a: Sky, reachA: [Double], b: Sky, reachB: [Double]
  ) -> (a: [Int32], b: [Int32], separationArcsec: [Double]) {
    var result: (a: [Int32], b: [Int32], separationArcsec: [Double]) = ([], [], [])
    for i in 0..<a.count {
      let found = partners(raDegrees: a.raDegrees[i], decDegrees: a.decDegrees[i], reach: reachA[i], b, reachB)
      for (j, separation) in found {
        result.a.append(Int32(i))
        result.b.append(Int32(j))
        result.separationArcsec.append(separation)
      }
    }
    return result
  }

  /// The sources of `sky` within reach of one position, with their separations in arcsec.
  public static func partners(
    raDegrees: Double, decDegrees: Double, reach: Double, _ sky: Sky, _ reaches: [Double]
  ) -> [(index: Int, separationArcsec: Double)] {
    var found: [(index: Int, separationArcsec: Double)] = []
    for j in 0..<sky.count {
      let radius = (reach * reach + reaches[j] * reaches[j]).squareRoot()
      // No separation is less than the difference of the declinations.
      if abs(decDegrees - sky.decDegrees[j]) * 3600 > radius * (1 + 1e-9) + 1e-9 { continue }
      let separation = separation(
        ra1Degrees: raDegrees, dec1Degrees: decDegrees, ra2Degrees: sky.raDegrees[j], dec2Degrees: sky.decDegrees[j]
      ).arcseconds
      if separation <= radius { found.append((j, separation)) }
    }
    return found
  }
}
