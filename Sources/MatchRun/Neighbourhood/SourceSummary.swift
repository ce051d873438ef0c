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

  /// The first row that does not keep the limits; nil when all do. Unknown motions, NaN, do.
  func firstExcess(_ columns: SourceColumns) -> Int? {
    [
      columns.varianceX.firstIndex { !($0 <= varianceArcsec2) },
      columns.varianceY.firstIndex { !($0 <= varianceArcsec2) },
      columns[.sigmaPMRA]?.firstIndex { $0 > sigmaMotionMasPerYear },
      columns[.sigmaPMDec]?.firstIndex { $0 > sigmaMotionMasPerYear },
      firstFasterRow(columns),
    ].compactMap(\.self).min()
  }

  private func firstFasterRow(_ columns: SourceColumns) -> Int? {
    guard let ra = columns[.pmRA], let dec = columns[.pmDec] else { return nil }
    return ra.indices.first { ra[$0] * ra[$0] + dec[$0] * dec[$0] > motionSquared }
  }
}
