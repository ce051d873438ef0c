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
    let layout = columns.layout
    let narrow = columns.columns
    guard narrow[2][row] <= varianceArcsec2, layout.isCircular || narrow[3][row] <= varianceArcsec2 else {
      return false
    }
    if !layout.hasMotion { return true }
    let first = layout.motionOffset
    let (x, y) = (narrow[first][row], narrow[first + 1][row])
    return !(x * x + y * y > motionSquared) && !(narrow[first + 2][row] > sigmaMotionMasPerYear)
      && !(narrow[first + 3][row] > sigmaMotionMasPerYear)
  }
}
