internal import CatalogStore
internal import Match

/// What the tables of a run hold, summed over intervals of probability.
struct RunSums {
  /// Pairs chosen in some way.
  struct Choice {
    var chosen: Int64 = 0
    var real: Int64 = 0

    mutating func add(isReal: Bool) {
      chosen += 1
      if isReal { real += 1 }
    }
  }

  /// All candidate pairs.
  private(set) var pairs: Grouped<ProbabilityHistogram>
  private(set) var pairsWithoutPhotometry = ProbabilityHistogram()
  /// Non-matches that had candidates.
  private(set) var alone = ProbabilityHistogram()
  /// Sources that had none.
  private(set) var withoutCandidate = ProbabilityHistogram()
  /// The best pairing, as xmatch gives it, and that from positions alone.
  private(set) var best = Choice()
  private(set) var bestWithoutPhotometry = Choice()
  /// Pairs of which each is the nearest candidate of the other.
  private(set) var nearest = Choice()

  private let groups: SourceGroups
  private var magnitudes: MagnitudesByRowid
  private let truth: TruthKeys?
  private var island: [IslandPair] = []

  /// - Parameters:
  ///   - magnitudes: Of the sources of a.
  ///   - truth: Nil: nothing is known to be real.
  init(_ groups: SourceGroups, _ magnitudes: MagnitudesByRowid, truth: TruthKeys?) {
    self.groups = groups
    self.magnitudes = magnitudes
    self.truth = truth
    pairs = Grouped(ProbabilityHistogram(), groups)
  }

  private struct IslandPair {
    let rowidA: Int64
    let rowidB: Int64
    let separation: Double
    let isReal: Bool
  }

  /// Adds the rows of one chunk.
  mutating func add(_ reader: ResultReader) throws {
    let islands = try addPairs(reader)
    try addNonmatches(reader, islands)
  }

  /// Returns the islands that have pairs.
  private mutating func addPairs(_ reader: ResultReader) throws -> Set<Int64> {
    let names = [
      "a_rowid", "b_rowid", "separation_arcsec", "pair_p", "pair_p_without_photometry", "matched",
      "matched_without_photometry", "island",
    ]
    let rows = try reader.rows(.pairs, columns: names.map(ResultTable.pairs.place))
    var islands: Set<Int64> = []
    var current = Int64(-1)
    while try rows.step() {
      if rows.int64(7) != current {
        closeIsland()
        current = rows.int64(7)
        islands.insert(current)
      }
      try addPair(rows)
    }
    closeIsland()
    return islands
  }

  private mutating func addPair(_ row: Statement) throws {
    let (rowidA, rowidB) = (row.int64(0), row.int64(1))
    let magnitude = try magnitudes.bin(ofRowid: rowidA)
    let isReal = try truth?.areCounterparts(rowidA: rowidA, rowidB: rowidB) ?? false
    let (p, positional) = (row.double(3), row.double(4))
    pairs.update(rowidA: rowidA, magnitude: magnitude, groups) { $0.add(p, isReal: isReal) }
    pairsWithoutPhotometry.add(positional, isReal: isReal)
    if row.int64(5) != 0 { best.add(isReal: isReal) }
    if row.int64(6) != 0 { bestWithoutPhotometry.add(isReal: isReal) }
    island.append(IslandPair(rowidA: rowidA, rowidB: rowidB, separation: row.double(2), isReal: isReal))
  }

  /// Finds the mutually nearest pairs of an island.
  private mutating func closeIsland() {
    defer { island.removeAll(keepingCapacity: true) }
    if island.count == 1 { return nearest.add(isReal: island[0].isReal) }
    var (nearestOfA, nearestOfB): ([Int64: Int], [Int64: Int]) = ([:], [:])
    for (index, pair) in island.enumerated() {
      func isNearer(than other: Int?) -> Bool { other.map { pair.separation < island[$0].separation } ?? true }
      if isNearer(than: nearestOfA[pair.rowidA]) { nearestOfA[pair.rowidA] = index }
      if isNearer(than: nearestOfB[pair.rowidB]) { nearestOfB[pair.rowidB] = index }
    }
    for (index, pair) in island.enumerated()
    where nearestOfA[pair.rowidA] == index && nearestOfB[pair.rowidB] == index {
      nearest.add(isReal: pair.isReal)
    }
  }

  private mutating func addNonmatches(_ reader: ResultReader, _ islands: Set<Int64>) throws {
    let names = ["side", "xm_rowid", "alone_p", "island"]
    let rows = try reader.rows(.nonmatches, columns: names.map(ResultTable.nonmatches.place))
    while try rows.step() {
      let isReal = try truth.map { try !$0.hasCounterpart(isA: rows.text(0) == "a", rowid: rows.int64(1)) } ?? false
      guard let probability = rows.optionalDouble(2) else { continue }
      if islands.contains(rows.int64(3)) {
        alone.add(probability, isReal: isReal)
      } else {
        withoutCandidate.add(probability, isReal: isReal)
      }
    }
  }
}
