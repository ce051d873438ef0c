internal import CatalogStore

/// Which date count the values of an epoch column hold, where the file does not give its unit.
///
/// Julian years (1500 … 2500), modified Julian dates (10000 … 100000, the years 1886 to 2132) and Julian dates do not
/// overlap, so the values tell.
enum EpochReading {
  private static let candidates: [(unit: RoleUnit, range: ClosedRange<Double>)] = [
    (.julianYear, RoleRange.epoch.bounds), (.modifiedJulianDate, 10_000...100_000),
    (.julianDate, 2_410_000...2_500_001),
  ]

  /// The unit that most of the values fit; nil if none does, or no fewer fit the unit that was taken.
  static func unit(of values: [Double], taken: RoleUnit) -> RoleUnit? {
    func fitting(_ range: ClosedRange<Double>) -> Int { values.count { range.contains($0) } }
    let counts = candidates.map { (unit: $0.unit, rows: fitting($0.range)) }
    guard let best = counts.max(by: { $0.rows < $1.rows }), best.rows > 0, best.unit != taken else { return nil }
    let now = counts.first { $0.unit == taken }?.rows ?? 0
    return best.rows > now ? best.unit : nil
  }
}
