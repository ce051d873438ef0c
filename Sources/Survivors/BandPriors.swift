public import Match

/// Prior densities that differ from band pair to band pair: a band sees its own part of the sources.
///
/// A source without a class is taken for one of its catalogue's main band.
public struct BandPriors: Sendable, Equatable {
  /// By band pair, in the order of `ClassBands`.
  public var table: [PriorDensities]
  /// 1-σ error of each N_c, deg⁻²; NaN where there is none.
  public let errorsPerDegree2: [Double]
  private let bands: ClassBands
  private let mainA: Int
  private let mainB: Int

  /// - Precondition: One element for each band pair; at least one pair.
  public init(
    table: [PriorDensities], errorsPerDegree2: [Double], classesA: MagnitudeClasses, classesB: MagnitudeClasses
  ) {
    bands = ClassBands(classesA, classesB)
    precondition(
      table.count == bands.pairs && errorsPerDegree2.count == bands.pairs && !table.isEmpty,
      "BandPriors: \(table.count) densities, \(errorsPerDegree2.count) errors; allowed: \(bands.pairs) of both, 1 or more"
    )
    (self.table, self.errorsPerDegree2) = (table, errorsPerDegree2)
    mainA = bands.bandsA.firstIndex(of: classesA.bandOrder[0])!
    mainB = bands.bandsB.firstIndex(of: classesB.bandOrder[0])!
  }

  /// Those of a pair of classes.
  public func priors(a: Int32, b: Int32) -> PriorDensities {
    let bandA = a < 0 ? mainA : bands.ofA[Int(a)]
    let bandB = b < 0 ? mainB : bands.ofB[Int(b)]
    return table[bandA * bands.bandsB.count + bandB]
  }
}
