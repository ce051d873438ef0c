public import Indexing

/// The candidate pairs of two lists of sources, as columns, sorted by source of a, then of b.
///
/// A source with more candidates than `CandidateLimits.largestCandidates` is crowded: none of its pairs is among these, so that their
/// number is at most as many times the number of sources, however many positions coincide.
public struct CandidateEdges: Sendable {
  /// The source of a of each pair.
  public private(set) var a: [Int32] = []
  /// The source of b of each pair.
  public private(set) var b: [Int32] = []
  /// Separations, arcsec.
  public private(set) var separationArcsec: [Double] = []
  /// Levels t = −ln(1 − F).
  public private(set) var level: [Double] = []
  /// ln G, G in deg⁻².
  public private(set) var logDensity: [Double] = []
  /// Which sources of a have candidates that are left out here; nil if none has.
  public private(set) var lackingA: [Bool]?
  /// Which sources of b have candidates that are left out here; nil if none has.
  public private(set) var lackingB: [Bool]?

  /// The number of pairs.
  public var count: Int { a.count }

  /// No pairs.
  public init() {}

  /// Finds the candidate pairs.
  /// - Parameters:
  ///   - a: Sources of the first catalogue, near the order of the HEALPix curve, that have looked (`SourceStates.look`).
  ///   - b: Sources of the second catalogue, likewise.
  ///   - usualCandidates: No more candidates than these are held before crowded sources are known; nil: a number that follows the
  ///     sources. It changes nothing else.
  /// - Throws: What `stop` throws.
  /// - Complexity: O(sources + neighbours within reach); of a crowded source only as many as decide that it is.
  public init(
    _ a: SourceStates, _ b: SourceStates, _ likelihood: any PairLikelihood, _ limits: CandidateLimits,
    usualCandidates: Int? = nil, stop: inout StopCheck
  ) throws {
    let usual = usualCandidates ?? 1_000_000 + 16 * (a.count + b.count)
    // The search is compiled for the likelihood of nearly every match.
    if let gaussian = likelihood as? GaussianLikelihood {
      try find(CandidateTest(a, b, gaussian, limits), a.count, b.count, limits, usual, stop: &stop)
    } else if let wide = likelihood as? WideLikelihood {
      try find(CandidateTest(a, b, wide, limits), a.count, b.count, limits, usual, stop: &stop)
    } else {
      try find(a, b, likelihood, limits, usual, stop: &stop)
    }
  }

  private mutating func find(
    _ a: SourceStates, _ b: SourceStates, _ likelihood: some PairLikelihood, _ limits: CandidateLimits, _ usual: Int,
    stop: inout StopCheck
  ) throws {
    try find(CandidateTest(a, b, likelihood, limits), a.count, b.count, limits, usual, stop: &stop)
  }

  private mutating func find<Likelihood>(
    _ test: CandidateTest<Likelihood>, _ countA: Int, _ countB: Int, _ limits: CandidateLimits, _ usual: Int,
    stop: inout StopCheck
  ) throws {
    if let found = try CandidateList(test, atMost: usual, stop: &stop) {
      take(found.sorted(countA: countA))
      leaveOutCrowded(countA, countB, most: limits.largestCandidates)
    } else {
      try search(CrowdedSearch(test, most: limits.largestCandidates, stop: &stop), test, stop: &stop)
    }
  }

  private mutating func take(_ sorted: [CandidateList.Entry]) {
    a = sorted.map(\.a)
    b = sorted.map(\.b)
    separationArcsec = sorted.map(\.separationArcsec)
    level = sorted.map(\.evidence.level)
    logDensity = sorted.map(\.evidence.logDensity)
  }

  private mutating func append(_ i: Int32, _ j: Int32, _ separation: Double, _ evidence: PairEvidence) {
    a.append(i)
    b.append(j)
    separationArcsec.append(separation)
    level.append(evidence.level)
    logDensity.append(evidence.logDensity)
  }

  // MARK: Crowded sources

  /// For pairs that are all here.
  private mutating func leaveOutCrowded(_ countA: Int, _ countB: Int, most: Int) {
    if count <= most { return }
    let crowdedA = Self.crowded(a, countA, most: most)
    let crowdedB = Self.crowded(b, countB, most: most)
    if !crowdedA.contains(true) && !crowdedB.contains(true) { return }
    leaveOut { i, j in crowdedA[i] || crowdedB[j] }
  }

  private static func crowded(_ ends: [Int32], _ count: Int, most: Int) -> [Bool] {
    var candidates = [Int](repeating: 0, count: count)
    for end in ends { candidates[Int(end)] += 1 }
    return candidates.map { $0 > most }
  }

  /// For pairs that are too many to be held: source by source.
  private mutating func search<Likelihood>(
    _ crowded: CrowdedSearch, _ test: CandidateTest<Likelihood>, stop: inout StopCheck
  ) throws {
    (lackingA, lackingB) = (crowded.isCrowdedA, crowded.isCrowdedB)
    var row: [(j: Int32, found: CandidateTest<Likelihood>.Found)] = []
    var current = -1
    func flush(_ edges: inout CandidateEdges) {
      row.sort { $0.j < $1.j }
      for (j, found) in row {
        edges.append(Int32(truncatingIfNeeded: current), j, found.separationArcsec, found.evidence)
      }
      row.removeAll(keepingCapacity: true)
    }
    try crowded.forEachCandidateOfFew(test, stop: &stop) { i, j, found in
      if i != current { flush(&self) }
      current = i
      if crowded.isCrowdedB[j] {
        lackingA?[i] = true
      } else {
        row.append((Int32(truncatingIfNeeded: j), found))
      }
    }
    flush(&self)
    for j in crowded.touchesCrowded.indices where crowded.touchesCrowded[j] { lackingB?[j] = true }
  }

  /// Leaves out the pairs of some sources, and marks both ends of each.
  public mutating func leaveOut(_ isLeftOut: (_ a: Int, _ b: Int) -> Bool) {
    var (lackingA, lackingB) = (self.lackingA ?? [], self.lackingB ?? [])
    var kept = 0
    func mark(_ flags: inout [Bool], _ index: Int) {
      if index >= flags.count { flags.append(contentsOf: repeatElement(false, count: index + 1 - flags.count)) }
      flags[index] = true
    }
    for edge in 0..<count {
      let (i, j) = (Int(a[edge]), Int(b[edge]))
      if isLeftOut(i, j) {
        mark(&lackingA, i)
        mark(&lackingB, j)
        continue
      }
      (a[kept], b[kept], separationArcsec[kept]) = (a[edge], b[edge], separationArcsec[edge])
      (level[kept], logDensity[kept]) = (level[edge], logDensity[edge])
      kept += 1
    }
    (self.lackingA, self.lackingB) = (lackingA, lackingB)
    keepFirst(kept)
  }

  /// Takes some pairs out, and gives them back.
  public mutating func takeOut(_ isTaken: [Bool]) -> CandidateEdges {
    var taken = CandidateEdges()
    var kept = 0
    for edge in 0..<count {
      if isTaken[edge] {
        taken.append(self, edge)
        continue
      }
      (a[kept], b[kept], separationArcsec[kept]) = (a[edge], b[edge], separationArcsec[edge])
      (level[kept], logDensity[kept]) = (level[edge], logDensity[edge])
      kept += 1
    }
    keepFirst(kept)
    return taken
  }

  private mutating func append(_ other: CandidateEdges, _ edge: Int) {
    a.append(other.a[edge])
    b.append(other.b[edge])
    separationArcsec.append(other.separationArcsec[edge])
    level.append(other.level[edge])
    logDensity.append(other.logDensity[edge])
  }

  private mutating func keepFirst(_ kept: Int) {
    let excess = count - kept
    a.removeLast(excess)
    b.removeLast(excess)
    separationArcsec.removeLast(excess)
    level.removeLast(excess)
    logDensity.removeLast(excess)
  }
}
