/// An interval of numbers, each end included or not. Never contains NaN.
package struct NumberRange: Sendable, Hashable {
  package var lower: Double
  package var upper: Double
  package var includesLower: Bool
  package var includesUpper: Bool

  package init(
    from lower: Double = -.infinity, includingLower: Bool = true, to upper: Double = .infinity,
    includingUpper: Bool = true
  ) {
    self.lower = lower
    self.upper = upper
    self.includesLower = includingLower
    self.includesUpper = includingUpper
  }

  package static let all = NumberRange()
  package static let empty = NumberRange(from: .infinity, to: -.infinity)
  package static let positive = NumberRange(from: 0, includingLower: false)

  package func contains(_ value: Double) -> Bool {
    (includesLower ? value >= lower : value > lower) && (includesUpper ? value <= upper : value < upper)
  }

  /// Whether no number lies inside.
  package var isEmpty: Bool { lower > upper || (lower == upper && !(includesLower && includesUpper)) }

  package mutating func raiseLower(to value: Double, including: Bool) {
    if value > lower || (value == lower && !including) { (lower, includesLower) = (value, including) }
  }

  package mutating func reduceUpper(to value: Double, including: Bool) {
    if value < upper || (value == upper && !including) { (upper, includesUpper) = (value, including) }
  }

  /// The finite numbers of the range in words: "-90 to 90", "> 0", "a finite number".
  package var inWords: String {
    switch (lower.isFinite, upper.isFinite) {
    case (false, false): "a finite number"
    case (true, false): (includesLower ? ">= " : "> ") + number(lower)
    case (false, true): (includesUpper ? "<= " : "< ") + number(upper)
    case (true, true):
      number(lower) + (includesLower ? "" : " (excluded)") + " to " + number(upper)
        + (includesUpper ? "" : " (excluded)")
    }
  }

  private func number(_ value: Double) -> String {
    Int64(exactly: value).map(String.init) ?? value.description
  }
}
