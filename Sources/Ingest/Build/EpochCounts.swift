/// How many rows have which epoch: what the median of a catalogue's epochs is taken from.
///
/// Epochs are counted in steps of a hundredth of a year with the extremes of each step, so that the result does not depend on
/// the order of the rows, and that of equal epochs is that epoch to the bit.
struct EpochCounts {
  private struct Step {
    var rows: Int64
    var earliest: Double
    var latest: Double
  }

  private var steps: [Int: Step] = [:]

  /// Epochs beyond these, Julian years, are not believed and not counted; memory is so bounded.
  static let believed = 1500.0...2500.0
  private static let stepsPerYear = 100.0

  /// Counts one row.
  mutating func add(_ years: Double) {
    guard Self.believed.contains(years) else { return }
    let key = Int((years * Self.stepsPerYear).rounded(.down))
    var step = steps[key] ?? Step(rows: 0, earliest: years, latest: years)
    step.rows += 1
    step.earliest = min(step.earliest, years)
    step.latest = max(step.latest, years)
    steps[key] = step
  }

  /// The median, to half a step; of an even number of rows the earlier of the two in the middle. Nil without rows.
  var median: Double? {
    let half = (steps.values.reduce(0) { $0 + $1.rows } + 1) / 2
    var before: Int64 = 0
    for (_, step) in steps.sorted(by: { $0.key < $1.key }) {
      before += step.rows
      if before >= half { return step.earliest + (step.latest - step.earliest) / 2 }
    }
    return nil
  }
}
