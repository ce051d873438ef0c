/// The shares of a run's photometry by class, whether or not f depends on the band of the other catalogue.
public struct RunShares: Sendable {
  /// Classes of a.
  public let classesA: [RunClass]
  /// Classes of b.
  public let classesB: [RunClass]
  /// The bands of a on which f of b depends; one nil where it does not.
  public let bandsA: [String?]
  /// The bands of b on which f of a depends, likewise.
  public let bandsB: [String?]
  private let shares: [Double]

  /// - Parameter classes: Those of the run.
  public init(_ photometry: RunPhotometry, classes: [RunClass]) {
    classesA = classes.filter(\.isA)
    classesB = classes.filter { !$0.isA }
    shares = photometry.shares
    let isUndivided = shares.count == classesA.count * classesB.count + classesA.count + classesB.count
    bandsA = isUndivided ? [nil] : Self.bands(classesA)
    bandsB = isUndivided ? [nil] : Self.bands(classesB)
  }

  /// Classes lie band by band.
  private static func bands(_ classes: [RunClass]) -> [String?] {
    classes.indices.filter { $0 == 0 || classes[$0].band != classes[$0 - 1].band }.map { classes[$0].band }
  }

  /// c of two classes.
  public func counterparts(_ i: Int, _ j: Int) -> Double { shares[i * classesB.count + j] }

  /// f of a class of a beside a band of b.
  public func fieldA(_ i: Int, beside band: Int) -> Double {
    shares[classesA.count * classesB.count + i * bandsB.count + band]
  }

  /// f of a class of b beside a band of a.
  public func fieldB(_ j: Int, beside band: Int) -> Double {
    shares[classesA.count * (classesB.count + bandsB.count) + j * bandsA.count + band]
  }

  /// f of both classes of a pair.
  public func fields(_ i: Int, _ j: Int) -> (a: Double, b: Double) {
    (
      fieldA(i, beside: bandsB.firstIndex(of: classesB[j].band) ?? 0),
      fieldB(j, beside: bandsA.firstIndex(of: classesA[i].band) ?? 0)
    )
  }
}
