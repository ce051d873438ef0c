import CatalogStore

/// The numbers that an option allows.
struct OptionRange {
  private let option: String
  private let allowed: ClosedRange<Double>
  private let unit: String

  init(_ option: String, _ allowed: ClosedRange<Double>, _ unit: String = "") {
    self.option = option
    self.allowed = allowed
    self.unit = unit
  }

  func check(_ value: Double) throws {
    if allowed.contains(value) { return }
    let range = "\(Format.significant(allowed.lowerBound, 6)) to \(Format.significant(allowed.upperBound, 6))"
    throw StoreError(.usage, "--" + option, "is \(value); allowed: \(range)\(unit.isEmpty ? "" : " " + unit)")
  }
}
