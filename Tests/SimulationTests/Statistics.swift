import Foundation

/// Sums over a sample.
struct Sample {
  let values: [Double]

  init(_ values: some Sequence<Double>) { self.values = Array(values) }

  var count: Double { Double(values.count) }
  var mean: Double { values.reduce(0, +) / count }
  var variance: Double {
    let mean = mean
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
  }
  var standardDeviation: Double { variance.squareRoot() }
  /// 1-σ error of the mean.
  var errorOfMean: Double { (variance / count).squareRoot() }

  /// The largest difference between the distribution of the sample and `cumulative`, times √n: above 1.95 once in a
  /// thousand samples (Kolmogorov).
  func kolmogorov(_ cumulative: (Double) -> Double) -> Double {
    var largest = 0.0
    for (rowid, value) in values.sorted().enumerated() {
      let expected = cumulative(value)
      largest = max(largest, abs(expected - Double(rowid) / count), abs(Double(rowid + 1) / count - expected))
    }
    return largest * count.squareRoot()
  }
}

/// χ² of counts against expectations, in standard deviations from its mean.
func chiSquareExcess(_ counts: [Double], _ expected: [Double]) -> Double {
  let sum = zip(counts, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 }
  let freedom = Double(counts.count)
  return (sum - freedom) / (2 * freedom).squareRoot()
}

/// The standard normal distribution.
func normalCumulative(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }
