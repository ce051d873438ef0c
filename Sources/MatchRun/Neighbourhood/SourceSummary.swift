internal import CatalogStore

/// What the registry says of all sources of a catalogue: the limits that every row keeps, unless it was changed.
struct SourceSummary {
  private let varianceArcsec2: Double
  private let motionSquared: Double
  private let sigmaMotionMasPerYear: Double

  /// Rounding of squares and roots.
  private static let tolerance = 1 + 1e-9

  init(_ info: CatalogueInfo) {
    varianceArcsec2 = info.largestSigmaArcsec * info.largestSigmaArcsec * Self.tolerance
    motionSquared = info.largestMotionMasPerYear * info.largestMotionMasPerYear * Self.tolerance
    sigmaMotionMasPerYear = info.largestSigmaMotionMasPerYear * Self.tolerance
  }

  /// Whether a row keeps the limits. Unknown motions, NaN, do.
  func covers(_ columns: SourceColumns, _ row: Int) -> Bool {
    guard columns.varianceX[row] <= varianceArcsec2, columns.varianceY[row] <= varianceArcsec2 else { return false }
    guard let ra = columns[.pmRA], let dec = columns[.pmDec] else { return true }
    let (x, y) = (ra[row], dec[row])
    return !(x * x + y * y > motionSquared) && isCovered(columns[.sigmaPMRA], row)
      && isCovered(columns[.sigmaPMDec], row)
  }

  private func isCovered(_ sigmas: [Double]?, _ row: Int) -> Bool {
    sigmas.map { !($0[row] > sigmaMotionMasPerYear) } ?? true
  }
}
