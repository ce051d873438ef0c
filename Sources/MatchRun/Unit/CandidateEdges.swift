internal import Indexing
internal import Match

/// The candidate pairs of a unit: those inside the F_max ellipse, as columns, sorted by source of a, then of b.
///
/// A source with more candidates than `MatchConfiguration.largestCandidates` is crowded: none of its pairs is among these,
/// so that their number is at most as many times the number of sources, however many positions coincide.
struct CandidateEdges {
  private(set) var a: [Int32] = []
  private(set) var b: [Int32] = []
  private(set) var separationArcsec: [Double] = []
  private(set) var chiSquared: [Double] = []
  /// ln G, G in deg⁻².
  private(set) var logDensity: [Double] = []
  /// Which sources have candidates that are left out here; nil if none has.
  private(set) var lackingA: [Bool]?
  private(set) var lackingB: [Bool]?

  var count: Int { a.count }

  /// Finds them.
  /// - Parameter usualNeighbours: Where there are no more neighbours than these they are held before they are looked at; nil: a
  ///   number that follows the sources. It changes nothing else.
  /// - Throws: What `stop` throws.
  /// - Complexity: O(sources + neighbours within reach); of a crowded source only as many as decide that it is.
  init(
    _ sourcesA: PlacedSources, _ sourcesB: PlacedSources, _ configuration: MatchConfiguration,
    usualNeighbours: Int? = nil, stop: inout StopCheck
  ) throws {
    let test = CandidateTest(sourcesA, sourcesB, configuration)
    let usual = usualNeighbours ?? 1_000_000 + 16 * (sourcesA.count + sourcesB.count)
    if let neighbours = try PairSearch.pairs(a: test.positionsA, b: test.positionsB, atMost: usual, stop: &stop) {
      for pair in 0..<neighbours.count {
        try stop.after(steps: 2)
        let (i, j) = (neighbours.a[pair], neighbours.b[pair])
        if let found = test.candidate(Int(i), Int(j), neighbours.separationArcsec[pair]) { append(i, j, found) }
      }
      leaveOutCrowded(sourcesA.count, sourcesB.count, most: configuration.largestCandidates)
    } else {
      try search(CrowdedSearch(test, most: configuration.largestCandidates, stop: &stop), test, stop: &stop)
    }
  }

  private mutating func append(_ i: Int32, _ j: Int32, _ found: CandidateTest.Found) {
    a.append(i)
    b.append(j)
    separationArcsec.append(found.separationArcsec)
    chiSquared.append(found.chiSquared)
    logDensity.append(GaussianAUF.logDensity(chiSquared: found.chiSquared, covariance: found.covariance))
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
  private mutating func search(_ crowded: CrowdedSearch, _ test: CandidateTest, stop: inout StopCheck) throws {
    (lackingA, lackingB) = (crowded.isCrowdedA, crowded.isCrowdedB)
    var row: [(j: Int32, found: CandidateTest.Found)] = []
    var current = -1
    func flush(_ edges: inout CandidateEdges) {
      row.sort { $0.j < $1.j }
      for (j, found) in row { edges.append(Int32(truncatingIfNeeded: current), j, found) }
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
  mutating func leaveOut(_ isLeftOut: (_ a: Int, _ b: Int) -> Bool) {
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
      (chiSquared[kept], logDensity[kept]) = (chiSquared[edge], logDensity[edge])
      kept += 1
    }
    (self.lackingA, self.lackingB) = (lackingA, lackingB)
    keepFirst(kept)
  }

  /// Takes some pairs out, and gives them back.
  mutating func takeOut(_ isTaken: [Bool]) -> CandidateEdges {
    var taken = CandidateEdges()
    var kept = 0
    for edge in 0..<count {
      if isTaken[edge] {
        taken.append(self, edge)
        continue
      }
      (a[kept], b[kept], separationArcsec[kept]) = (a[edge], b[edge], separationArcsec[edge])
      (chiSquared[kept], logDensity[kept]) = (chiSquared[edge], logDensity[edge])
      kept += 1
    }
    keepFirst(kept)
    return taken
  }

  /// None.
  init() {}

  private mutating func append(_ other: CandidateEdges, _ edge: Int) {
    a.append(other.a[edge])
    b.append(other.b[edge])
    separationArcsec.append(other.separationArcsec[edge])
    chiSquared.append(other.chiSquared[edge])
    logDensity.append(other.logDensity[edge])
  }

  private mutating func keepFirst(_ kept: Int) {
    let excess = count - kept
    a.removeLast(excess)
    b.removeLast(excess)
    separationArcsec.removeLast(excess)
    chiSquared.removeLast(excess)
    logDensity.removeLast(excess)
  }

  /// The covariance of the offset between two sources in the frame of their great circle.
  static func covariance(_ a: PlacedSources, _ i: Int, _ b: PlacedSources, _ j: Int) -> PositionCovariance {
    PairGeometry.covariance(
      a.covariances[i], ra1: a.raDegrees[i], dec1: a.decDegrees[i], b.covariances[j], ra2: b.raDegrees[j],
      dec2: b.decDegrees[j])
  }
}
