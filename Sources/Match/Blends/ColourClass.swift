internal import Glibc

/// The law of m_b for the pairs of one class of colour: bins of m_a, linear between their centres.
struct ColourClass: Sendable, Hashable {
  /// The bluest colour.
  let firstColour: Double
  private var centres: [Double] = []
  private var differences: [Double] = []
  private var widths: [Double] = []

  private static let pairsPerBin = 50
  private static let binWidth = 0.5

  /// - Parameters:
  ///   - pairs: At least one.
  ///   - limit: Of b, mag.
  init(_ pairs: [ColourLaw.Pair], from firstColour: Double, limit: Double) {
    self.firstColour = firstColour
    let sorted = pairs.sorted { $0.magnitudeA < $1.magnitudeA }
    var first = 0
    while first < sorted.count {
      let end = Self.end(of: first, sorted)
      add(Array(sorted[first..<end]))
      first = end
    }
    leaveOutBeyond(limit)
  }

  /// A bin is as wide as it has to be for enough pairs, and half a magnitude at least; what is left over goes into the last.
  private static func end(of first: Int, _ sorted: [ColourLaw.Pair]) -> Int {
    var end = min(sorted.count, first + pairsPerBin)
    while end < sorted.count && sorted[end].magnitudeA < sorted[first].magnitudeA + binWidth { end += 1 }
    return sorted.count - end < pairsPerBin ? sorted.count : end
  }

  private mutating func add(_ pairs: [ColourLaw.Pair]) {
    let weights = pairs.map(\.weight)
    let differences = pairs.map(\.difference)
    let error = WeightedQuantile(pairs.map(\.errorB), weights).value(0.5)
    let quantiles = WeightedQuantile(differences, weights)
    let spread = (quantiles.value(0.84134) - quantiles.value(0.15866)) / 2
    centres.append(WeightedQuantile(pairs.map(\.magnitudeA), weights).value(0.5))
    self.differences.append(quantiles.value(0.5))
    let intrinsic = max(0, spread * spread - error * error).squareRoot()
    widths.append(max(intrinsic, BlendMagnitude.leastSigma))
  }

  private mutating func leaveOutBeyond(_ limit: Double) {
    let complete = centres.indices.prefix { centres[$0] + differences[$0] + 2 * widths[$0] <= limit }.count
    let kept = max(1, complete)
    centres.removeLast(centres.count - kept)
    differences.removeLast(differences.count - kept)
    widths.removeLast(widths.count - kept)
  }

  func magnitudeB(_ magnitudeA: Double) -> BlendMagnitude {
    let far = centres.firstIndex { $0 >= magnitudeA } ?? centres.count
    guard far > 0, far < centres.count else {
      let end = far == 0 ? 0 : centres.count - 1
      return BlendMagnitude(mean: magnitudeA + differences[end], sigma: widths[end])
    }
    let width = centres[far] - centres[far - 1]
    let share = width > 0 ? (magnitudeA - centres[far - 1]) / width : 1
    return BlendMagnitude(
      mean: magnitudeA + differences[far - 1] * (1 - share) + differences[far] * share,
      sigma: widths[far - 1] * (1 - share) + widths[far] * share)
  }
}

/// Quantiles of weighted values: linear between the middles of the weights.
private struct WeightedQuantile {
  private let values: [Double]
  private let places: [Double]

  init(_ values: [Double], _ weights: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    let total = weights.reduce(0, +)
    var sum = 0.0
    self.values = order.map { values[$0] }
    places = order.map { index in
      sum += weights[index]
      return (sum - weights[index] / 2) / total
    }
  }

  func value(_ share: Double) -> Double {
    guard let far = places.firstIndex(where: { $0 >= share }), far > 0 else {
      return share < 0.5 ? values.first ?? 0 : values.last ?? 0
    }
    let step = places[far] - places[far - 1]
    let part = step > 0 ? (share - places[far - 1]) / step : 1
    return values[far - 1] * (1 - part) + values[far] * part
  }
}
