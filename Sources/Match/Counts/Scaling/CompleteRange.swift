import Glibc

/// Between which magnitudes a catalogue is complete, found from its own counts.
///
/// Counts of the sky rise smoothly with magnitude; those of a catalogue turn over where it ends. The turnover is the
/// maximum of the counts, smoothed over 0.5 mag. A log-parabola is fitted to the four magnitudes that end 1.5 mag
/// brighter than it, and continued: the catalogue is complete up to the faintest half magnitude that holds at least 93
/// % of the continuation, less two standard errors, without tenths of a magnitude at its end that lack more than a
/// tenth. At the bright end it is saturated where, of at least 25 sources that are expected, fewer than 30 % are there,
/// and fewer by three standard errors.
public struct CompleteRange: Sendable, Hashable {
  /// The bright end, mag: of the brightest source, or fainter if sources are missing.
  public let saturationMagnitude: Double
  /// The faint end, mag.
  public let completenessMagnitude: Double
  /// Where the counts turn over, mag.
  public let turnoverMagnitude: Double
  /// Whether bright sources are missing.
  public let isSaturated: Bool

  /// Given, not found.
  public init(saturationMagnitude: Double, completenessMagnitude: Double) {
    self.saturationMagnitude = saturationMagnitude
    self.completenessMagnitude = completenessMagnitude
    turnoverMagnitude = completenessMagnitude
    isSaturated = false
  }

  /// Whether a bin with this centre lies within, the whole of it.
  func contains(_ magnitude: Double, step: Double) -> Bool {
    magnitude - step / 2 >= saturationMagnitude - 1e-9 && magnitude + step / 2 <= completenessMagnitude + 1e-9
  }

  /// Finds it.
  ///
  /// - Throws: `CountsError` if there are fewer than 30 sources.
  /// - Complexity: O(bins).
  public init(of observed: ObservedCounts) throws {
    let total = observed.counts.reduce(0.0) { $0 + Double($1) }
    guard total >= 30 else {
      throw CountsError(
        "\(Int64(total)) sources are too few to find completeness; needed: 30; give the magnitudes instead")
    }
    let bins = WideBins(observed)
    let turnover = bins.turnover
    let law = bins.law(from: bins.magnitudes[turnover] - 5.5, to: bins.magnitudes[turnover] - 1.5)
    let end = law.map { bins.end(after: turnover, of: $0) } ?? max(0, turnover - 1)
    let saturation = law.flatMap { bins.saturation(before: end, of: $0) }
    let first = bins.counts.firstIndex { $0 > 0 } ?? 0
    turnoverMagnitude = bins.magnitudes[turnover]
    completenessMagnitude = bins.magnitudes[end] + bins.width / 2
    isSaturated = saturation != nil
    let bright = bins.magnitudes[saturation.map { min($0 + 1, end) } ?? min(first, end)] - bins.width / 2
    saturationMagnitude = bright
  }
}

/// Counts in bins of at least 0.1 mag and what they say.
private struct WideBins {
  let magnitudes: [Double]
  let counts: [Double]
  let width: Double

  init(_ observed: ObservedCounts) {
    let merged = max(1, Int((0.1 / observed.grid.step).rounded()))
    let number = (observed.grid.count + merged - 1) / merged
    var counts = [Double](repeating: 0, count: number)
    for (i, count) in observed.counts.enumerated() { counts[i / merged] += Double(count) }
    let step = observed.grid.step
    width = step * Double(merged)
    magnitudes = (0..<number).map {
      observed.grid.first - step / 2 + (Double($0) + 0.5) * step * Double(merged)
    }
    self.counts = counts
  }

  /// How many bins half a magnitude has.
  private var half: Int { max(1, Int((0.5 / width).rounded())) }

  /// Counts over half a magnitude about a bin.
  private func smoothed(_ i: Int) -> Double {
    let reach = half / 2
    let range = max(0, i - reach)...min(counts.count - 1, i + reach)
    return range.reduce(0) { $0 + counts[$1] } / Double(range.count)
  }

  var turnover: Int { counts.indices.max { smoothed($0) < smoothed($1) } ?? 0 }

  func law(from bright: Double, to faint: Double) -> LogParabola? {
    let used = magnitudes.indices.filter { magnitudes[$0] >= bright && magnitudes[$0] <= faint }
    let wanted = used.count >= 3 ? used : Array(magnitudes.indices.prefix(turnover + 1))
    return LogParabola(magnitudes: wanted.map { magnitudes[$0] }, counts: wanted.map { counts[$0] })
  }

  /// The last bin of the faintest half magnitude that holds what the law says: looked for from the faint end on.
  func end(after turnover: Int, of law: LogParabola) -> Int {
    let first = max(0, turnover - 5 * half)
    for end in stride(from: counts.count - 1, through: first + half, by: -1) {
      let window = (end - half + 1)...end
      let expected = window.reduce(0) { $0 + law.value(at: magnitudes[$1]) }
      let seen = window.reduce(0) { $0 + counts[$1] }
      let uncertain = expected * min(0.2, law.relativeError(at: magnitudes[end]))
      let error = (expected + uncertain * uncertain).squareRoot()
      if seen > 0, seen >= 0.93 * expected - 2 * error { return trimmed(window, law) }
    }
    return first
  }

  /// The last bin of a window without the bins at its faint end that lack a tenth.
  private func trimmed(_ window: ClosedRange<Int>, _ law: LogParabola) -> Int {
    window.last { i in
      let expected = law.value(at: magnitudes[i])
      return counts[i] >= 0.9 * expected - expected.squareRoot()
    } ?? window.lowerBound
  }

  /// The faintest bin up to which bright sources are missing: in windows that end at a bin and reach so far that they
  /// should hold 25.
  func saturation(before end: Int, of law: LogParabola) -> Int? {
    var seen = 0.0
    var expected = 0.0
    var first = 0
    var last: Int?
    for i in 0..<max(0, end - half) {
      seen += counts[i]
      expected += law.value(at: magnitudes[i])
      while first < i, expected - law.value(at: magnitudes[first]) >= Self.enough {
        seen -= counts[first]
        expected -= law.value(at: magnitudes[first])
        first += 1
      }
      let uncertain = expected * law.relativeError(at: magnitudes[i])
      let error = (expected + uncertain * uncertain).squareRoot()
      if expected >= Self.enough, seen < 0.3 * expected, expected - seen > 3 * error { last = i }
    }
    return last
  }

  private static let enough = 25.0
}
