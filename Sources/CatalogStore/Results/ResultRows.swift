/// One counterpart. Fields as the columns of `ResultTable.matches`; NaN = unknown.
public struct MatchRow: Sendable {
  // The same order as the columns.
  public var a: ResultSource
  public var b: ResultSource
  public var matchP: Double
  public var pairP: Double
  public var separationArcsec: Double
  public var eta: Double
  public var xi: Double
  public var runnerUpOfA: RunnerUp?
  public var runnerUpOfB: RunnerUp?
  public var island: Int64
  public var flags: MatchFlags

  public init(
    a: ResultSource, b: ResultSource, matchP: Double, pairP: Double, separationArcsec: Double, eta: Double, xi: Double,
    runnerUpOfA: RunnerUp?, runnerUpOfB: RunnerUp?, island: Int64, flags: MatchFlags
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
    self.island = island
    self.flags = flags
  }
}

/// A source as result rows name it.
public struct ResultSource: Sendable {
  public var id: SourceID
  public var raDegrees: Double
  public var decDegrees: Double
  public var sigmaUsedArcsec: Double
  public var rank: Int64

  public init(id: SourceID, raDegrees: Double, decDegrees: Double, sigmaUsedArcsec: Double, rank: Int64) {
    self.id = id
    self.raDegrees = raDegrees
    self.decDegrees = decDegrees
    self.sigmaUsedArcsec = sigmaUsedArcsec
    self.rank = rank
  }
}

/// The next best counterpart of a source.
public struct RunnerUp: Sendable {
  public var id: SourceID
  public var probability: Double

  public init(id: SourceID, probability: Double) {
    self.id = id
    self.probability = probability
  }
}

/// One source without counterpart. Fields as the columns of `ResultTable.nonmatches`.
public struct NonmatchRow: Sendable {
  public var isA: Bool
  public var source: ResultSource
  public var matchP: Double
  public var aloneP: Double
  public var nearest: NearestUnmatched?
  public var island: Int64
  public var flags: MatchFlags

  public init(
    isA: Bool, source: ResultSource, matchP: Double, aloneP: Double, nearest: NearestUnmatched?, island: Int64,
    flags: MatchFlags
  ) {
    self.isA = isA
    self.source = source
    self.matchP = matchP
    self.aloneP = aloneP
    self.nearest = nearest
    self.island = island
    self.flags = flags
  }
}

/// The nearest member of the other catalogue in the island that is unmatched too.
public struct NearestUnmatched: Sendable {
  public var id: SourceID
  public var separationArcsec: Double
  public var eta: Double
  public var xi: Double

  public init(id: SourceID, separationArcsec: Double, eta: Double, xi: Double) {
    self.id = id
    self.separationArcsec = separationArcsec
    self.eta = eta
    self.xi = xi
  }
}

/// One candidate pair. Fields as the columns of `ResultTable.pairs`.
public struct PairRow: Sendable {
  public var idA: SourceID
  public var idB: SourceID
  public var separationArcsec: Double
  public var chiSquared: Double
  public var log10Density: Double
  public var priorBoth: Double
  public var priorA: Double
  public var priorB: Double
  public var eta: Double
  public var xi: Double
  public var pairP: Double
  public var isMatched: Bool
  public var island: Int64
  public var flags: MatchFlags
  public var rankA: Int64
  public var rankB: Int64

  public init(
    idA: SourceID, idB: SourceID, separationArcsec: Double, chiSquared: Double, log10Density: Double, priorBoth: Double,
    priorA: Double, priorB: Double, eta: Double, xi: Double, pairP: Double, isMatched: Bool, island: Int64,
    flags: MatchFlags, rankA: Int64, rankB: Int64
  ) {
    self.idA = idA
    self.idB = idB
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
    self.island = island
    self.flags = flags
    self.rankA = rankA
    self.rankB = rankB
  }
}

/// Everything one unit of work found, in the order in which it is written: by island, then by rank.
public struct UnitResult: Sendable {
  /// Counterparts.
  public var matches: [MatchRow] = []
  /// Sources without.
  public var nonmatches: [NonmatchRow] = []
  /// Candidates.
  public var pairs: [PairRow] = []
  /// Islands with members of both catalogues.
  public var islands = 0

  /// Nothing yet.
  public init() {}
}
