internal import Match

/// How it is known which pairs are false.
enum Evidence {
  /// By the truth: real ones are counted in the sums, and so are the sources of a that have a counterpart.
  case truth(counterparts: Grouped<Int64>)
  /// By chance pairs on a shifted sky.
  case shifts(Grouped<ChanceSums>)

  /// Chance pairs that were solved and those they stand for, where they are not the same.
  var sampled: (solved: Int64, found: Int64)? {
    guard case .shifts(let sums) = self else { return nil }
    let counts = sums.whole.positional
    return counts.solved < counts.found ? (counts.solved, counts.found) : nil
  }

  var name: String {
    switch self {
    case .truth: "truth"
    case .shifts: "shifts"
    }
  }
}

/// The candidates of a part of the sources, and what is known of the false ones among them.
struct JudgedPairs {
  let histogram: ProbabilityHistogram
  /// What is known of chance pairs of the same part; nil: the histogram knows which are real.
  let chance: (any FalsePairEstimate)?
  /// Sources of a with a counterpart; nil: the real ones among all candidates stand for them.
  let counterparts: Double?

  func falsePairs(_ cells: Range<Int>) -> FalsePairs {
    chance?.falsePairs(cells) ?? FalsePairs(counting: histogram.sums(cells))
  }

  func reliability(_ cells: Range<Int>) -> Reliability { Reliability(histogram.sums(cells), falsePairs(cells)) }

  var deciles: [Reliability] { ProbabilityHistogram.deciles.map(reliability) }

  /// The fraction of the chosen that is real.
  func purity(_ cells: Range<Int>) -> Double { reliability(cells).fractionReal }

  /// The fraction of the real pairs that is chosen.
  func completeness(_ cells: Range<Int>) -> Double {
    min(1, real(cells) / (counterparts ?? real(0..<histogram.cells.count)))
  }

  private func real(_ cells: Range<Int>) -> Double {
    max(0, Double(histogram.sums(cells).count) - falsePairs(cells).number)
  }
}
