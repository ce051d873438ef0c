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
/// - Source: spec/match.md §4, §5.2 (equation 37 of [WilsonNaylor2018a]).
public struct PhotometricDensities: Sendable, Equatable {
  /// Classes of a.
  public let countA: Int
  /// Classes of b.
  public let countB: Int
  /// c(I, J) at I · countB + J; all greater than 0.
  public let counterparts: [Double]
  /// f_A(I), greater than 0.
  public let fieldA: [Double]
  /// f_B(J), greater than 0.
  public let fieldB: [Double]
  private let logRatios: [Double]

  /// - Precondition: counterparts has countA · countB elements; all are finite and greater than 0.
  public init(counterparts: [Double], fieldA: [Double], fieldB: [Double]) {
    precondition(
      counterparts.count == fieldA.count * fieldB.count,
      "PhotometricDensities: \(counterparts.count) values of c for \(fieldA.count) × \(fieldB.count) classes")
    self.counterparts = counterparts
    self.fieldA = fieldA
    self.fieldB = fieldB
    countA = fieldA.count
    countB = fieldB.count
    let logA = fieldA.map { log($0) }
    let logB = fieldB.map { log($0) }
    var ratios: [Double] = []
    ratios.reserveCapacity(counterparts.count)
    for i in fieldA.indices {
      for j in fieldB.indices { ratios.append(log(counterparts[i * fieldB.count + j]) - (logA[i] + logB[j])) }
    }
    logRatios = ratios
  }

  /// ln[c / (f_A f_B)] of a pair of classes; 0 if either source has none.
  @inline(__always)
  public func logRatio(a: Int32, b: Int32) -> Double {
    a < 0 || b < 0 ? 0 : logRatios[Int(a) * countB + Int(b)]
  }
}
