internal import Glibc

extension PairQuantities {
  /// The probability that a match gives to a stranger next to a source: a pair (i, j) that joins two islands which have
  /// been solved without it.
  ///
  /// With Z_I the sum over all pairings of the island of i and P_i0 the probability that i is single in it, the pairings
  /// without the pair weigh Z_I Z_J, those with it R · P_i0 Z_I · P_j0 Z_J. Hence P = R P_i0 P_j0 / (1 + R P_i0 P_j0).
  /// - Parameters:
  ///   - logRatio: ln R of the pair.
  ///   - aloneA: P_i0, the probability that i has no counterpart among its own candidates.
  ///   - aloneB: P_j0, likewise of j.
  public static func strangerProbability(logRatio: Double, aloneA: Double, aloneB: Double) -> Double {
    matchProbability(logRatio: logRatio + log(aloneA) + log(aloneB))
  }
}
