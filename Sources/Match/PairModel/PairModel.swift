/// What the candidate pairs of a region are judged by.
///
/// A pair is a counterpart with the odds, against a chance pair,
///
///     u e(t)/c(t),   u = θ (G₀/n₀) (n/n₀)^−γ x_a x_b h
///
/// with e(t) the density of counterparts in t = χ²/2 and c(t) that of chance pairs (`PairWidths`), n the density of sources around it, x
/// what the quoted errors say, and h what the magnitudes say. In an island, where a source without partner is field or has its
/// counterpart beyond the search, its likelihood ratio is
///
///     R = u e/c / [(1 − s_a E)(1 − s_b E)]
///
/// with s the share of sources of that class and error that have a counterpart, and E the share of counterparts within the search.
public struct PairModel: Sendable, Equatable {
  /// What positions say.
  public let widths: PairWidths
  /// How hidden neighbours pull sources, and how unknown motions let them drift.
  public let pulls: PairPulls
  /// n₀, deg⁻²: θ is that at this density.
  public let meanDensity: Double
  /// N: the counterparts among the pairs of the region, those beyond the search included.
  public let counterparts: Double
  /// Its 1-σ error.
  public let counterpartsError: Double
  /// The weight of each level of classes in h, that of none first.
  public let levelWeights: [Double]
  /// What is known of sources of a.
  public let a: PairModelSide
  /// What is known of sources of b.
  public let b: PairModelSide
  /// ln h by fold, class of a and class of b; the last class of a side is that of sources without magnitude.
  let logMagnitudeFactors: [Float]

  /// A pair as a model sees it.
  public struct Pair: Sendable {
    /// t = χ²/2 of the quoted errors.
    public var level: Double
    /// √det of its covariance, arcsec².
    public var spreadArcsec2: Double
    /// The sum of the densities of both catalogues around it, deg⁻².
    public var densityPerDegree2: Double
    /// Its kind; spread, density and level of it are not looked at.
    public var kind: PairKind

    /// Makes one.
    public init(level: Double, spreadArcsec2: Double, densityPerDegree2: Double, kind: PairKind) {
      self.level = level
      self.spreadArcsec2 = spreadArcsec2
      self.densityPerDegree2 = densityPerDegree2
      self.kind = kind
    }

    /// The same within ranges in which all logarithms are finite.
    var bounded: Pair {
      var pair = self
      pair.level = level >= 0 ? min(level, 1e12) : 1e12
      pair.spreadArcsec2 = LogBins.spreads.bounded(spreadArcsec2)
      pair.densityPerDegree2 = LogBins.densities.bounded(densityPerDegree2)
      return pair
    }
  }

  /// The laws by which hidden neighbours pull the two sources of a pair, and an unknown motion lets them drift apart.
  public struct Pulls: Sendable {
    /// That of the source of a.
    public var a: PerturbationMixture
    /// That of the source of b.
    public var b: PerturbationMixture
    /// How far the object has moved between both epochs, if its motion is not known.
    public var drift: DriftLaw
    /// What a would be without bright neighbours; nil where they are not looked for.
    public var cleanA: Clean?
    /// What b would be likewise.
    public var cleanB: Clean?

    /// A source without neighbours of more than 10 % of its flux.
    public struct Clean: Sendable {
      /// Its law; the total is 1.
      public var law: PerturbationMixture
      /// Its classes of magnitude, as `PairKind` has them, if the light of one bright neighbour or another is taken off.
      public var classes: SIMD4<UInt8>

      /// Makes it.
      public init(law: PerturbationMixture, classes: SIMD4<UInt8>) { (self.law, self.classes) = (law, classes) }
    }

    /// Makes them.
    public init(
      a: PerturbationMixture, b: PerturbationMixture, drift: DriftLaw = .none, cleanA: Clean? = nil,
      cleanB: Clean? = nil
    ) {
      (self.a, self.b, self.drift, self.cleanA, self.cleanB) = (a, b, drift, cleanA, cleanB)
    }
  }

  /// What a model says of a pair.
  public struct Verdict: Sendable {
    /// ln R from positions and errors alone.
    public var position: Double
    /// ln R with magnitudes.
    public var both: Double
    /// 1 − s_a E from positions and errors alone.
    public var unmatchedA: Double
    /// 1 − s_b E likewise.
    public var unmatchedB: Double
    /// ln of the density of counterparts at the offset, deg⁻².
    public var logDensity: Double

    /// Of two verdicts the mean of the logarithms; what each side has of sources without counterpart stays its own.
    /// - Parameter other: That of the region in which the source of b lies.
    public func mean(with other: Verdict) -> Verdict {
      Verdict(
        position: (position + other.position) / 2, both: (both + other.both) / 2, unmatchedA: unmatchedA,
        unmatchedB: other.unmatchedB, logDensity: (logDensity + other.logDensity) / 2)
    }
  }
}

/// What a `PairModel` knows of the sources of one side.
public struct PairModelSide: Sendable, Equatable {
  /// Classes of magnitude, that of sources without included.
  public let classes: Int
  /// The mean of √det of the covariances of its sources, arcsec².
  public let meanSpreadArcsec2: Double
  /// The block of each bin of the quoted error.
  let blocks: [UInt8]
  /// x of each block.
  let errorFactors: [Double]
  /// s by class, then block.
  let shares: [Double]
  /// s by block, where magnitudes are not looked at.
  let sharesWithoutMagnitudes: [Double]

  private func block(_ error: Int) -> Int { Int(blocks[error]) }

  /// Where a class of `PairKind` is in the tables.
  func place(ofClass kindClass: Int) -> Int { min(kindClass, classes - 1) }

  /// x: the factor that the quoted error of a source has in its odds.
  func errorFactor(_ error: Int) -> Double { errorFactors[block(error)] }

  /// s: the share of sources with this magnitude and error that have a counterpart.
  public func share(class kindClass: Int, error: Int) -> Double {
    shares[place(ofClass: kindClass) * errorFactors.count + block(error)]
  }

  /// The same without a look at the magnitude.
  public func shareWithoutMagnitudes(error: Int) -> Double { sharesWithoutMagnitudes[block(error)] }
}
