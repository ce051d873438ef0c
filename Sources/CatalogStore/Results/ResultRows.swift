// Rows name their sources by their places among those of the chunk, so that a row is a few numbers: ids, positions and rowids
// are looked up when it is written.

/// One counterpart. Fields as the columns of `ResultTable.matches`; NaN = unknown.
public struct MatchRow: Sendable {
  /// The place of a in `ChunkResult.a`.
  public var a: Int32
  /// The place of b in `ChunkResult.b`.
  public var b: Int32
  /// Probability of the island's best assignment as a whole.
  public var matchP: Double
  /// Probability of this pair over all assignments.
  public var pairP: Double
  /// Separation at the epoch of the match, arcsec.
  public var separationArcsec: Double
  /// log₁₀ of the photometric likelihood ratio.
  public var eta: Double
  /// log₁₀ of the astrometric likelihood ratio.
  public var xi: Double
  /// The next best counterpart of a.
  public var runnerUpOfA: RunnerUp?
  /// The next best counterpart of b.
  public var runnerUpOfB: RunnerUp?
  /// Probability that the counterpart of a is b or another detection of b's object; NaN: there is no other.
  public var groupPOfA: Double
  /// Probability that the counterpart of b is a or another detection of a's object; NaN: there is no other.
  public var groupPOfB: Double
  /// What hidden neighbours do to a.
  public var contaminationOfA = Contamination.unknown
  /// What hidden neighbours do to b.
  public var contaminationOfB = Contamination.unknown
  /// Probability of the same assignment from positions alone.
  public var matchPWithoutPhotometry: Double
  /// Probability of this pair from positions alone.
  public var pairPWithoutPhotometry: Double
  /// Number of the island.
  public var island: Int64
  /// What to know before trusting the row.
  public var flags: MatchFlags

  /// Makes a row from its parts.
  public init(
    a: Int32, b: Int32, matchP: Double, pairP: Double, separationArcsec: Double, eta: Double, xi: Double,
    runnerUpOfA: RunnerUp?, runnerUpOfB: RunnerUp?, groupPOfA: Double, groupPOfB: Double,
    matchPWithoutPhotometry: Double, pairPWithoutPhotometry: Double,
    island: Int64, flags: MatchFlags
  ) {
    self.a = a
    self.b = b
    self.matchP = matchP
    self.pairP = pairP
    self.separationArcsec = separationArcsec
    self.eta = eta
    self.xi = xi
    self.runnerUpOfA = runnerUpOfA
    self.runnerUpOfB = runnerUpOfB
    self.groupPOfA = groupPOfA
    self.groupPOfB = groupPOfB
    self.matchPWithoutPhotometry = matchPWithoutPhotometry
    self.pairPWithoutPhotometry = pairPWithoutPhotometry
    self.island = island
    self.flags = flags
  }
}

/// What hidden neighbours do to a matched source; NaN where that is not modelled.
public struct Contamination: Sendable {
  /// The mean flux of hidden neighbours in that of the source, relative to its own.
  public var meanFlux: Double
  /// The probability of a neighbour with more than 1 % of the flux of the source.
  public var above1: Double
  /// The same for 10 %.
  public var above10: Double

  /// Not modelled.
  public static let unknown = Contamination(meanFlux: .nan, above1: .nan, above10: .nan)

  /// Makes it.
  public init(meanFlux: Double, above1: Double, above10: Double) {
    (self.meanFlux, self.above1, self.above10) = (meanFlux, above1, above10)
  }
}

/// The next best counterpart of a source.
public struct RunnerUp: Sendable {
  /// Its place among the sources of its catalogue.
  public var place: Int32
  /// Probability of that pair.
  public var probability: Double

  /// Makes a row from its parts.
  public init(place: Int32, probability: Double) {
    self.place = place
    self.probability = probability
  }
}

/// One source without counterpart. Fields as the columns of `ResultTable.nonmatches`.
public struct NonmatchRow: Sendable {
  /// Whether it belongs to the first catalogue.
  public var isA: Bool
  /// The place of the source in `ChunkResult.a` or `ChunkResult.b`.
  public var source: Int32
  /// Probability of the island's best assignment as a whole.
  public var matchP: Double
  /// Probability of having no counterpart, over all assignments.
  public var aloneP: Double
  /// The mean flux of hidden neighbours in that of the source, relative to its own; NaN: not modelled.
  public var meanContamination = Double.nan
  /// The nearest unmatched member of its island; without one, the nearest candidate that took no part in the pairing.
  public var nearest: NearestUnmatched?
  /// Probability of the same assignment from positions alone.
  public var matchPWithoutPhotometry: Double
  /// Probability of having no counterpart, from positions alone.
  public var alonePWithoutPhotometry: Double
  /// Number of the island.
  public var island: Int64
  /// What to know before trusting the row.
  public var flags: MatchFlags

  /// Makes a row from its parts.
  public init(
    isA: Bool, source: Int32, matchP: Double, aloneP: Double, nearest: NearestUnmatched?,
    matchPWithoutPhotometry: Double, alonePWithoutPhotometry: Double, island: Int64, flags: MatchFlags
  ) {
    self.isA = isA
    self.source = source
    self.matchP = matchP
    self.aloneP = aloneP
    self.nearest = nearest
    self.matchPWithoutPhotometry = matchPWithoutPhotometry
    self.alonePWithoutPhotometry = alonePWithoutPhotometry
    self.island = island
    self.flags = flags
  }
}

/// The nearest member of the other catalogue in the island that is unmatched too.
public struct NearestUnmatched: Sendable {
  /// Its place among the sources of its catalogue.
  public var place: Int32
  /// Separation at the epoch of the match, arcsec.
  public var separationArcsec: Double
  /// log₁₀ of the photometric likelihood ratio.
  public var eta: Double
  /// log₁₀ of the astrometric likelihood ratio.
  public var xi: Double

  /// Makes a row from its parts.
  public init(place: Int32, separationArcsec: Double, eta: Double, xi: Double) {
    self.place = place
    self.separationArcsec = separationArcsec
    self.eta = eta
    self.xi = xi
  }
}

/// One candidate pair. Fields as the columns of `ResultTable.pairs`.
public struct PairRow: Sendable {
  /// The place of a in `ChunkResult.a`.
  public var a: Int32
  /// The place of b in `ChunkResult.b`.
  public var b: Int32
  /// Separation at the epoch of the match, arcsec.
  public var separationArcsec: Double
  /// −2 ln(1 − F), F the fraction of true counterparts that lie closer: χ² for Gaussian errors.
  public var chiSquared: Double
  /// log₁₀ of the density G, G in deg⁻².
  public var log10Density: Double
  /// Prior density of counterparts, deg⁻².
  public var priorBoth: Double
  /// Prior density of sources of a without counterpart, deg⁻².
  public var priorA: Double
  /// Prior density of sources of b without counterpart, deg⁻².
  public var priorB: Double
  /// log₁₀ of the photometric likelihood ratio.
  public var eta: Double
  /// log₁₀ of the astrometric likelihood ratio.
  public var xi: Double
  /// Probability of this pair over all assignments.
  public var pairP: Double
  /// Whether it is part of the best assignment.
  public var isMatched: Bool
  /// Probability of this pair from positions alone.
  public var pairPWithoutPhotometry: Double
  /// Whether it is part of the best assignment from positions alone.
  public var isMatchedWithoutPhotometry: Bool
  /// The photometric classes of a and b; below 0: none.
  public var classes: (a: Int32, b: Int32)
  /// Number of the island.
  public var island: Int64
  /// What to know before trusting the row.
  public var flags: MatchFlags

  /// Makes a row from its parts.
  public init(
    a: Int32, b: Int32, separationArcsec: Double, chiSquared: Double, log10Density: Double, priorBoth: Double,
    priorA: Double, priorB: Double, eta: Double, xi: Double, pairP: Double, isMatched: Bool,
    pairPWithoutPhotometry: Double, isMatchedWithoutPhotometry: Bool, classes: (a: Int32, b: Int32), island: Int64,
    flags: MatchFlags
  ) {
    self.a = a
    self.b = b
    self.separationArcsec = separationArcsec
    self.chiSquared = chiSquared
    self.log10Density = log10Density
    self.priorBoth = priorBoth
    self.priorA = priorA
    self.priorB = priorB
    self.eta = eta
    self.xi = xi
    self.pairP = pairP
    self.isMatched = isMatched
    self.pairPWithoutPhotometry = pairPWithoutPhotometry
    self.isMatchedWithoutPhotometry = isMatchedWithoutPhotometry
    self.classes = classes
    self.island = island
    self.flags = flags
  }
}

/// Everything one chunk found, in the order in which it is written: by island, then by rowid.
public struct ChunkResult: Sendable {
  /// The sources of the first catalogue that rows name by their places.
  public let a: ResultSources
  /// Those of the second.
  public let b: ResultSources
  /// Counterparts.
  public var matches: [MatchRow] = []
  /// Sources without.
  public var nonmatches: [NonmatchRow] = []
  /// Candidates.
  public var pairs: [PairRow] = []
  /// Islands with members of both catalogues.
  public var islands = 0
  /// Candidate pairs that took no part in the pairing, of the chunk's own sources of a.
  public var negligiblePairs: Int64 = 0
  /// The sum of the bounds of their probabilities, in units of 1e-12.
  public var negligibleBoundPico: Int64 = 0

  /// Nothing yet.
  public init(a: ResultSources, b: ResultSources) {
    self.a = a
    self.b = b
  }

  /// Makes room for the rows of so many pairs, and for as many matches as there may be.
  public mutating func reserve(pairs count: Int) {
    pairs.reserveCapacity(count)
    matches.reserveCapacity(min(count, a.columns.count, b.columns.count))
  }
}

/// Sources of one catalogue as a chunk has them.
public struct ResultSources: Sendable {
  /// The sources.
  public let columns: SourceColumns
  let sigmaArcsec: [Double]
  let raDegrees: [Double]
  let decDegrees: [Double]

  /// - Parameters:
  ///   - columns: The sources.
  ///   - sigmaArcsec: 1-σ position errors in the match, larger axis.
  public init(_ columns: SourceColumns, sigmaArcsec: [Double]) {
    self.columns = columns
    self.sigmaArcsec = sigmaArcsec
    (raDegrees, decDegrees) = (columns.raDegrees, columns.decDegrees)
  }
}
