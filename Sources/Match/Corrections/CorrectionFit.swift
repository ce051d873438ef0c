internal import Glibc

/// m and n of a catalogue's errors, from its separations to a better catalogue: the unbinned likelihood of all pairs.
///
/// - Source: Wilson & Naylor (2023, LUSC-B-37) fit histograms in slices of magnitude and error; `SliceFit` does that. Here every pair counts with its own errors,
///   density, perturbation and limit.
public struct CorrectionFit: Sendable {
  /// m and n.
  public let correction: ErrorCorrection
  /// How well they are known, from the observed information.
  public let errors: CorrectionErrors
  /// ln L at the maximum, and with errors as they are quoted.
  public let logLikelihood: Double
  public let logLikelihoodAsQuoted: Double
  /// Its groups, by their numbers.
  public let groups: [CorrectionGroup]
  /// How well the model describes the separations of all.
  public let fitness: SeparationFitness
  /// The share of the pairs that are chance.
  public let chanceShare: Double
  /// How many pairs took part, and how many were refused.
  public let pairs: Int
  public let refused: Int
  private let likelihood: CorrectionLikelihood

  /// Fewer pairs say nothing.
  public static let fewest = 20
  /// So many tell where to start.
  private static let enoughToStart = 500
  /// Which strangers are found, and what ellipses look like from all sides, follows from m and n, and these from that.
  private static let mostRounds = 8

  /// - Parameters:
  ///   - pairs: Mutually nearest pairs.
  ///   - relation: What is fitted.
  ///   - whole: The fit of more pairs, of which these are some: it tells which strangers are found.
  /// - Throws: `CorrectionError` if there are fewer than 20 usable pairs, or if no error explains them.
  /// - Complexity: Some 20 evaluations of all pairs: 25 ms for 10⁴ pairs, ten times as much with perturbations.
  public init(_ pairs: CorrectionPairs, relation: ErrorRelation = .quadratic, within whole: CorrectionFit? = nil) throws
  {
    guard pairs.pairs.count >= Self.fewest else {
      throw CorrectionError(
        "a correction of errors has \(pairs.pairs.count) usable pairs (\(pairs.refused) refused); "
          + "allowed: at least \(Self.fewest); take a larger piece of sky or a longer reach")
    }
    let scale = CorrectionScale(pairs, relation: relation)
    let (likelihood, best) = Self.maximum(pairs, scale, whole?.likelihood.free)
    self.likelihood = likelihood
    guard best.value.isFinite else {
      throw CorrectionError("a correction of errors from \(pairs.pairs.count) pairs: no m and n explain them")
    }
    correction = scale.correction(best.point)
    errors = CorrectionErrors(scale, best.point, likelihood.derivatives(at: best.point))
    logLikelihood = best.value
    logLikelihoodAsQuoted = likelihood.value(at: scale.point(.none))
    groups = likelihood.groups(at: best.point)
    chanceShare = likelihood.chanceShare(at: best.point)
    fitness = SeparationFitness(groups.map(\.fitness))
    (self.pairs, refused) = (pairs.pairs.count, pairs.refused)
  }

  /// ln L of the pairs with other m and n.
  public func logLikelihood(of correction: ErrorCorrection) -> Double {
    likelihood.value(at: likelihood.scale.point(correction))
  }

  /// The maximum, with the strangers that are found if it is right.
  private static func maximum(
    _ pairs: CorrectionPairs, _ scale: CorrectionScale, _ known: FreeStrangers?
  ) -> (likelihood: CorrectionLikelihood, best: BoundedMaximum) {
    let some = CorrectionLikelihood(pairs, scale, every: pairs.pairs.count / enoughToStart)
    var free = known ?? .all
    var likelihood = CorrectionLikelihood(pairs, scale, free: free)
    var best = BoundedMaximum(of: likelihood, from: start(some))
    for round in 0..<mostRounds where best.value.isFinite {
      let next = known ?? likelihood.free(at: best.point)
      if round >= (pairs.haveAxes ? 2 : 0), next.isNearly(free) { break }
      free = next
      likelihood = CorrectionLikelihood(pairs, scale, free: free, at: best.point)
      best = BoundedMaximum(of: likelihood, from: best.point)
    }
    return (likelihood, best)
  }

  /// The best of a few points: a likelihood with chance pairs may have a second maximum.
  private static func start(_ likelihood: CorrectionLikelihood) -> [Double] {
    var best = (value: -Double.infinity, point: likelihood.scale.point(factor: 1, floor: 0.1))
    for factor in [0.1, 0.3, 1, 3] {
      for floor in [0, 0.3, 1] {
        let point = likelihood.scale.point(factor: factor, floor: floor)
        let value = likelihood.value(at: point)
        if value > best.value { best = (value, point) }
      }
    }
    return best.point
  }
}

/// Why no correction can be made: who, what was given, what is allowed, in one line.
public struct CorrectionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The whole line.
  public let description: String

  init(_ description: String) { self.description = description }
}
