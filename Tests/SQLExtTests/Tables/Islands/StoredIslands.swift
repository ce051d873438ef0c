import CatalogStore
import Foundation
import Indexing
import XMDBTestSupport

@testable import SQLExt

/// A finished run that holds islands made by hand: the constants of the worked islands of the specification (§5.5), with
/// any separations and magnitudes. Probabilities are found by trying every assignment.
struct StoredIslands {
  /// One island: separations in arcsec and η of every pair, nil where there is no edge.
  struct Island {
    var separations: [[Double?]]
    var eta: [[Double]]

    init(_ separations: [[Double?]], eta: [[Double]]? = nil) {
      self.separations = separations
      self.eta = eta ?? separations.map { $0.map { _ in 0 } }
    }
  }

  static let (nC, nA, nB) = (1e4, 2e4, 3e4)
  /// σ² = 0.3² + 0.4².
  static let variance = 0.25

  private let sky: TestSky
  private let host: SQLHost
  let run: Int64
  let islands: [Island]

  /// Sources have the integer ids 1, 2, … in a, and "b1", "b2", … in b, in the order of the islands.
  init(_ islands: [Island]) throws {
    sky = try TestSky()
    self.islands = islands
    let countA = islands.reduce(0) { $0 + $1.separations.count }
    let countB = islands.reduce(0) { $0 + $1.separations[0].count }
    try sky.add(Self.catalogue("left", .integer((0..<Int64(countA)).map { $0 + 1 }, nulls: []), countA, 0.3))
    try sky.add(Self.catalogue("right", .text(TextIDs((0..<countB).map { "b\($0 + 1)" })), countB, 0.4))
    var result = ChunkResult(
      a: try Self.sources("left", sky.database, 0.3), b: try Self.sources("right", sky.database, 0.4))
    var (a, b) = (0, 0)
    for island in islands {
      Self.append(island, firstA: a, firstB: b, to: &result)
      a += island.separations.count
      b += island.separations[0].count
    }
    run = try Self.store(result, sky.database)
    host = try SQLHost(databasePath: sky.path)
  }

  // Asked through these, the folder lives as long as the answer takes.
  func rows(_ sql: String) throws -> [String] { try host.rows(sql) }
  func value(_ sql: String) throws -> String { try host.value(sql) }
  func number(_ sql: String) throws -> Double { try host.number(sql) }
  func numbers(_ sql: String) throws -> [Double] { try host.rows(sql).compactMap(Double.init) }
  func message(_ sql: String) -> String { host.message(sql) }

  /// Sources along the curve, so that rowids follow the order given.
  private static func catalogue(_ name: String, _ ids: SourceIDs, _ count: Int, _ sigma: Double) -> TestCatalogue {
    var sky = Sky()
    for index in 0..<Int64(count) {
      let center = HealpixPixel(order: 20, index: 4 * index).center
      sky.append(center.raDegrees, center.decDegrees)
    }
    var catalogue = TestCatalogue(name, sky, sigmaArcsec: sigma)
    catalogue.ids = ids
    return catalogue
  }

  private static func sources(_ name: String, _ database: SkyDatabase, _ sigma: Double) throws -> ResultSources {
    let info = try database.registry().catalogue(name)
    let columns = try CatalogueReader(database: database, info: info).sources(in: .wholeSky)
    return ResultSources(columns, sigmaArcsec: Array(repeating: sigma, count: columns.count))
  }

  static func log10Density(_ separation: Double) -> Double {
    log10(3600 * 3600 / (2 * .pi * variance)) - separation * separation / (2 * variance) / log(10)
  }

  private static func append(_ island: Island, firstA: Int, firstB: Int, to result: inout ChunkResult) {
    let position = answers(island, usesPhotometry: false)
    let full = answers(island, usesPhotometry: true)
    let number = Int64(2 * firstA)
    for (i, row) in island.separations.enumerated() {
      for (j, separation) in row.enumerated() {
        guard let separation else { continue }
        let (a, b) = (Int32(firstA + i), Int32(firstB + j))
        let isMatched = full.partners[i] == j
        let xi = log10(nC / (nA * nB)) + log10Density(separation)
        result.pairs.append(
          PairRow(
            a: a, b: b, separationArcsec: separation, chiSquared: separation * separation / variance,
            log10Density: log10Density(separation), priorBoth: nC, priorA: nA, priorB: nB, eta: island.eta[i][j],
            xi: xi, pairP: full.probability[i][j], isMatched: isMatched,
            pairPWithoutPhotometry: position.probability[i][j],
            isMatchedWithoutPhotometry: position.partners[i] == j, classes: (-1, -1), island: number, flags: []))
        guard isMatched else { continue }
        result.matches.append(
          MatchRow(
            a: a, b: b, matchP: full.best, pairP: full.probability[i][j], separationArcsec: separation,
            eta: island.eta[i][j], xi: xi, runnerUpOfA: nil, runnerUpOfB: nil, groupPOfA: .nan, groupPOfB: .nan,
            matchPWithoutPhotometry: .nan,
            pairPWithoutPhotometry: position.probability[i][j], island: number, flags: []))
      }
    }
    func single(_ isA: Bool, _ place: Int) {
      result.nonmatches.append(
        NonmatchRow(
          isA: isA, source: Int32(place), matchP: full.best, aloneP: .nan, nearest: nil,
          matchPWithoutPhotometry: .nan, alonePWithoutPhotometry: .nan, island: number, flags: []))
    }
    for (i, partner) in full.partners.enumerated() where partner == nil { single(true, firstA + i) }
    for j in island.separations[0].indices where !full.partners.contains(j) { single(false, firstB + j) }
    result.islands += 1
  }

  private static func store(_ result: ChunkResult, _ database: SkyDatabase) throws -> Int64 {
    let lock = try database.lockForWriting()
    defer { _ = lock }
    let registry = try database.writableRegistry()
    let run = try registry.beginRun(
      registry.catalogue("left"), registry.catalogue("right"), fingerprint: "by hand",
      configuration: "epoch: none\ncandidate_fraction: 0.999\n", program: "test", now: Program.now())
    let path = SkyDatabase.runPath(run) + "/Npix=0.sqlite"
    try FileSystem.createDirectories(database.path + "/" + SkyDatabase.runPath(run))
    let file = try ResultShardWriter.write(result, to: database.path + "/" + path)
    var totals = RunTotals()
    totals.matches = Int64(result.matches.count)
    totals.nonmatchesA = Int64(result.nonmatches.count { $0.isA })
    totals.nonmatchesB = Int64(result.nonmatches.count { !$0.isA })
    totals.pairs = Int64(result.pairs.count)
    totals.islands = Int64(result.islands)
    let chunk = RunChunk(
      position: 0, pixel: HealpixPixel.basePixels[0], path: path, bytes: file.bytes, fingerprint: file.fingerprint,
      totals: totals, cost: RunCost(seconds: 0))
    try registry.record([chunk], of: run)
    try registry.finishRun(run, totals: totals, now: Program.now())
    return run
  }

  // MARK: By trying everything

  struct Answers {
    var probability: [[Double]]
    var partners: [Int?]
    var best: Double
  }

  /// The answers with the run's likelihoods or with others: `logRatio` is ln R of a pair from its separation and η.
  static func answers(_ island: Island, logRatio: (Double, Double) -> Double) -> Answers {
    var answers = Answers(
      probability: island.separations.map { $0.map { _ in 0 } }, partners: island.separations.map { _ in nil }, best: 0)
    var total = 0.0
    var partners: [Int?] = answers.partners
    func visit(_ row: Int, _ weight: Double) {
      if row == partners.count {
        total += weight
        if weight > answers.best { (answers.best, answers.partners) = (weight, partners) }
        for case (let i, let j?) in partners.enumerated() { answers.probability[i][j] += weight }
        return
      }
      visit(row + 1, weight)
      for (j, separation) in island.separations[row].enumerated() where !partners.contains(j) {
        guard let separation else { continue }
        partners[row] = j
        visit(row + 1, weight * exp(logRatio(separation, island.eta[row][j])))
        partners[row] = nil
      }
    }
    visit(0, 1)
    answers.best /= total
    answers.probability = answers.probability.map { $0.map { $0 / total } }
    return answers
  }

  private static func answers(_ island: Island, usesPhotometry: Bool) -> Answers {
    answers(island) { separation, eta in
      log(nC / (nA * nB)) + (log10Density(separation) + (usesPhotometry ? eta : 0)) * log(10)
    }
  }

  /// A random island of up to 4 × 4 in which every pair is an edge but the last.
  static func random(using rng: inout SplitMix64) -> Island {
    let (rows, columns) = (1 + Int(rng.next() % 4), 1 + Int(rng.next() % 4))
    var island = Island(
      (0..<rows).map { _ in (0..<columns).map { _ in rng.uniform(0, 1.8) } },
      eta: (0..<rows).map { _ in (0..<columns).map { _ in rng.uniform(-2, 2) } })
    if rows * columns > 3 { island.separations[rows - 1][columns - 1] = nil }
    return island
  }
}
