import Glibc

/// How magnitudes tell counterparts from strangers in one region of the sky.
///
/// Every source has a photometric class (`MagnitudeClasses`). Of counterparts, the share c(I, J) has class I in a and J in b;
/// of the sources without counterpart, the share f_A(I) or f_B(J). Shares rather than densities per magnitude: the widths
/// of the classes cancel in the likelihood ratio
///
///     c(I, J) / (f_A(I) f_B(J))
///
/// and the three kinds sum to 1.
///
/// In the survivor method f also depends on the band of the other source, and the three kinds sum to 1 for every band pair
/// (`ClassBands`).
///
/// - Source: docs/method.md §4 (equation 37 of [WilsonNaylor2018a]).
public struct PhotometricDensities: Sendable, Equatable {
  /// Classes of a.
  public let countA: Int
  /// Classes of b.
  public let countB: Int
  /// c(I, J) at I · countB + J; all greater than 0.
  public let counterparts: [Double]
  /// f_A at I · bands of b + band, greater than 0.
  public let fieldA: [Double]
  /// f_B at J · bands of a + band, greater than 0.
  public let fieldB: [Double]
  private let logRatios: [Double]

  /// Densities in which f does not depend on the band of the other source.
  /// - Precondition: counterparts has countA · countB elements; all are finite and greater than 0.
  public init(counterparts: [Double], fieldA: [Double], fieldB: [Double]) {
    self.init(
      counterparts: counterparts, fieldA: fieldA, fieldB: fieldB,
      bands: .undivided(classesA: fieldA.count, classesB: fieldB.count))
  }

  /// - Precondition: As many elements as `bands` says; all are finite and greater than 0.
  public init(counterparts: [Double], fieldA: [Double], fieldB: [Double], bands: ClassBands) {
    precondition(
      [counterparts.count, fieldA.count, fieldB.count] == bands.sizes,
      "PhotometricDensities: \([counterparts.count, fieldA.count, fieldB.count]) values of c and f; allowed: \(bands.sizes)"
    )
    self.counterparts = counterparts
    self.fieldA = fieldA
    self.fieldB = fieldB
    countA = bands.ofA.count
    countB = bands.ofB.count
    let logA = fieldA.map { log($0) }
    let logB = fieldB.map { log($0) }
    var ratios: [Double] = []
    ratios.reserveCapacity(counterparts.count)
    for (i, bandA) in bands.ofA.enumerated() {
      for (j, bandB) in bands.ofB.enumerated() {
        let field = logA[i * bands.bandsB.count + bandB] + logB[j * bands.bandsA.count + bandA]
        ratios.append(log(counterparts[i * countB + j]) - field)
      }
    }
    logRatios = ratios
  }

  /// ln[c / (f_A f_B)] of a pair of classes; 0 if either source has none.
  @inline(__always)
  public func logRatio(a: Int32, b: Int32) -> Double {
    a < 0 || b < 0 ? 0 : logRatios[Int(a) * countB + Int(b)]
  }
}
