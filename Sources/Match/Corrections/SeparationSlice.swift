internal import Glibc

/// The separations of pairs of nearly the same magnitude, quoted error and density, counted in bins.
public struct SeparationSlice: Sendable {
  /// The edges of the bins that take part, arcsec, ascending.
  public let edgesArcsec: [Double]
  /// The pairs in each.
  public let counts: [Int]
  /// All pairs of the slice.
  public let total: Int
  /// The median quoted error: arcsec, or mag.
  public let quotedError: Double
  /// What else adds to the variance per axis, arcsec².
  public let otherVarianceArcsec2: Double
  /// ω: sources of both catalogues together per arcsec².
  public let chancePerArcsec2: Double
  /// The pull of hidden neighbours, of the Gaussians of `basis`.
  public let perturbation: PerturbationMixture
  public let basis: MixtureBasis
  /// Whether the pairs are all those within the last edge, and the model is of those: else it is of pairs at any separation.
  public let isTruncated: Bool

  /// - Throws: `CorrectionError` unless edges ascend from 0 or more, there is a count for each bin, and the other numbers are possible.
  public init(
    edgesArcsec: [Double], counts: [Int], total: Int, quotedError: Double, otherVarianceArcsec2: Double = 0,
    chancePerArcsec2: Double, perturbation: PerturbationMixture = .none, basis: MixtureBasis = .none,
    isTruncated: Bool = false
  ) throws {
    let ascends = zip(edgesArcsec, edgesArcsec.dropFirst()).allSatisfy { $0 < $1 }
    guard ascends, edgesArcsec.count == counts.count + 1, !counts.isEmpty,
      edgesArcsec.allSatisfy({ (0...1e5).contains($0) }),
      counts.allSatisfy({ (0...1 << 40).contains($0) }), (1...1 << 40).contains(total),
      (1e-9...1e5).contains(quotedError),
      (0...1e10).contains(otherVarianceArcsec2), (0...1e6).contains(chancePerArcsec2)
    else {
      throw CorrectionError(
        "a slice of separations has \(edgesArcsec.count) edges for \(counts.count) bins, a quoted error of \(quotedError), "
          + "\(chancePerArcsec2) sources per arcsec²; allowed: ascending edges from 0 on, one more than bins; positive numbers"
      )
    }
    (self.edgesArcsec, self.counts, self.total, self.quotedError) = (edgesArcsec, counts, total, quotedError)
    (self.otherVarianceArcsec2, self.chancePerArcsec2) = (otherVarianceArcsec2, chancePerArcsec2)
    (self.perturbation, self.basis, self.isTruncated) = (perturbation, basis, isTruncated)
  }

  /// Of single pairs: separations in an `AutoHistogram`, medians of the rest; bins that reach beyond a limit take no part.
  /// - Throws: `CorrectionError` if no bin lies within the limit.
  public init(
    separationsArcsec: [Double], quotedErrors: [Double], otherVarianceArcsec2: Double = 0, chancePerArcsec2: Double,
    limitArcsec: Double, perturbation: PerturbationMixture = .none, basis: MixtureBasis = .none
  ) throws {
    let histogram = AutoHistogram(separationsArcsec)
    let used = zip(histogram.edges.dropFirst(), histogram.counts).prefix { $0.0 <= limitArcsec }
    try self.init(
      edgesArcsec: Array(histogram.edges.prefix(used.isEmpty ? 0 : used.count + 1)), counts: used.map(\.1),
      total: separationsArcsec.count, quotedError: CorrectionScale.median(quotedErrors),
      otherVarianceArcsec2: otherVarianceArcsec2, chancePerArcsec2: chancePerArcsec2, perturbation: perturbation,
      basis: basis)
  }

  private var law: SeparationLaw {
    SeparationLaw(basis: basis, mixture: perturbation, chance: 2 * .pi * chancePerArcsec2)
  }

  /// The shares of true and of chance pairs in each bin, the former with derivatives in the variance; of all those within the last edge if truncated.
  func shares(variance: Double) -> [(chance: Double, real: Jet)] {
    let law = law
    var inner: (chance: Double, real: Jet)?
    return edgesArcsec.compactMap { edge in
      let half = 0.5 * edge * edge
      let outer = (chance: law.chanceOutside(half: half), real: law.outside(half: half, variance: variance))
      defer { inner = outer }
      guard let inner else { return nil }
      return (
        inner.chance - outer.chance,
        Jet(
          value: inner.real.value - outer.real.value, first: inner.real.first - outer.real.first,
          second: inner.real.second - outer.real.second)
      )
    }
  }

  /// Pairs that are expected in each bin.
  /// - Parameters:
  ///   - sigmaArcsec: The true error, without what else adds to it.
  ///   - chanceShare: F.
  public func expected(sigmaArcsec: Double, chanceShare: Double) -> [Double] {
    let shares = shares(variance: sigmaArcsec * sigmaArcsec + otherVarianceArcsec2)
    let model = shares.map { chanceShare * $0.chance + (1 - chanceShare) * $0.real.value }
    let sum = isTruncated ? model.reduce(0, +) : 1
    return model.map { max($0 / max(sum, 1e-300) * Double(total), SliceFit.leastExpected) }
  }

  /// −ln L of Poisson counts: Σ Λ − h ln Λ + ln h!.
  public func negativeLogLikelihood(sigmaArcsec: Double, chanceShare: Double) -> Double {
    zip(expected(sigmaArcsec: sigmaArcsec, chanceShare: chanceShare), counts).reduce(0) { sum, bin in
      sum + bin.0 - Double(bin.1) * log(bin.0) + Glibc.lgamma(Double(bin.1) + 1)
    }
  }

  /// The likeliest F for an error, in [0, 1]: without truncation −ln L is convex in it.
  public func bestChanceShare(sigmaArcsec: Double) -> Double {
    SliceShare(self, shares(variance: sigmaArcsec * sigmaArcsec + otherVarianceArcsec2)).best()
  }
}
