import Glibc

/// Two candidates of one source compared factor by factor: what the loser lacks, in powers of ten of the likelihood ratio.
struct PairComparison {
  private let loser: CandidatePair
  private let winner: CandidatePair

  init(_ loser: CandidatePair, with winner: CandidatePair) {
    self.loser = loser
    self.winner = winner
  }

  /// Differences below this are not worth a word, dex.
  private static let worthAWord = 0.05

  /// "farther: 0.9″ against 0.2″ costs 2.1 dex; magnitudes cost 1.4 dex".
  var text: String {
    let factors = [offset, errors, magnitudes, densities].filter { $0.cost.magnitude >= Self.worthAWord }
      .sorted { $0.cost > $1.cost }
    if factors.isEmpty { return "as likely as the counterpart" }
    return factors.map(\.text).joined(separator: "; ")
  }

  /// One factor; its cost is negative where it speaks for the loser.
  private struct Factor {
    let words: String
    let isPlural: Bool
    let cost: Double

    var text: String {
      let verb = cost > 0 ? "cost" : "gain"
      return "\(words) \(verb)\(isPlural ? "" : "s") \(NumberText.significant(cost.magnitude, 2)) dex"
    }
  }

  /// 1 − F: how far, beside the errors.
  private var offsetCost: Double { (loser.level - winner.level) / LikelihoodChoice.ln10 }

  private var offset: Factor {
    let isFarther = loser.separationArcsec > winner.separationArcsec
    let side = offsetCost > 0 ? "farther" : "nearer"
    let isPlain = isFarther == (offsetCost > 0)
    let words =
      isPlain
      ? "\(side): \(arcsec(loser)) against \(arcsec(winner))"
      : "\(side) for its errors: 1 - F \(beyond(loser)) against \(beyond(winner))"
    return Factor(words: words, isPlural: false, cost: offsetCost)
  }

  /// 1/√|C|: large errors spread the density.
  private var errors: Factor {
    let cost = winner.log10Density - loser.log10Density - offsetCost
    return Factor(words: cost > 0 ? "larger position errors" : "smaller position errors", isPlural: true, cost: cost)
  }

  private var magnitudes: Factor { Factor(words: "magnitudes", isPlural: true, cost: winner.eta - loser.eta) }

  private var densities: Factor {
    Factor(
      words: "densities", isPlural: true,
      cost: (winner.log10Ratio - winner.log10Density - winner.eta) - (loser.log10Ratio - loser.log10Density - loser.eta)
    )
  }

  private func arcsec(_ pair: CandidatePair) -> String { number(pair.separationArcsec) + "″" }
  /// 1 − F, the fraction of true counterparts that do not lie closer: F itself is nearly 1 where it matters.
  private func beyond(_ pair: CandidatePair) -> String { number(exp(-pair.level)) }
  private func number(_ value: Double) -> String { NumberText.significant(value, 2) }
}
