import CSQLiteBoot
import Testing
import XMDBTestSupport

@testable import CatalogStore

/// Files of results hold the rows that SQLite's own insertion gives, for every kind of identifier.
@Suite struct ResultShardWriterTests {
  private enum Kind: CaseIterable {
    case none
    case integers
    case someIntegers
    case texts
    case someTexts
  }

  @Test func aFileHasTheRowsThatInsertionGives() throws {
    _ = xsql_bootstrap()
    let workdir = try Workdir()
    try forEverySeed { rng in
      for kind in Kind.allCases {
        let result = result(&rng, sources(&rng, kind), sources(&rng, Kind.allCases[rng.below(5)]))
        let path = workdir.path("\(rng.seed)-\(kind).sqlite")
        let file = try ResultShardWriter.write(result, to: path)
        #expect(file.bytes == FileSystem.size(path))
        let stored = try Connection(path: path, mode: .immutable)
        #expect(try lines(stored.prepare("PRAGMA integrity_check")) == ["text:ok"], "seed \(rng.seed), \(kind)")
        for table in ResultTable.allCases {
          let expected = try lines(ResultReader(holding: table, of: result).rows(table))
          let found = try lines(stored.prepare("SELECT * FROM \(table.rawValue) ORDER BY rowid"))
          #expect(found == expected, "seed \(rng.seed), \(kind), \(table)")
        }
      }
    }
  }

  @Test func writingTwiceGivesTheSameBytes() throws {
    _ = xsql_bootstrap()
    let workdir = try Workdir()
    var rng = SplitMix64(seed: 4)
    let result = result(&rng, sources(&rng, .someTexts), sources(&rng, .someIntegers))
    let first = try ResultShardWriter.write(result, to: workdir.path("1.sqlite"))
    #expect(try ResultShardWriter.write(result, to: workdir.path("2.sqlite")) == first)
  }

  /// Results of an older program have columns of other names.
  @Test func resultsInAnotherFormAreRefusedWithTheOption() throws {
    _ = xsql_bootstrap()
    let workdir = try Workdir()
    var rng = SplitMix64(seed: 4)
    let path = workdir.path("old.sqlite")
    _ = try ResultShardWriter.write(result(&rng, sources(&rng, .none), sources(&rng, .none)), to: path)
    let connection = try Connection(path: path, mode: .readWrite)
    try ResultReader.checkIsResult(connection)
    try connection.execute("PRAGMA user_version=3")
    let error = try #require(throws: StoreError.self) { try ResultReader.checkIsResult(connection) }
    #expect(error.message.contains("of version 3, this program reads 5") && error.message.contains("--redo"))
  }

  private static let sourceCount = 400

  private func sources(_ rng: inout SplitMix64, _ kind: Kind) -> ResultSources {
    let count = Self.sourceCount
    let idKind: NarrowLayout.IDKind =
      switch kind {
      case .none: .none
      case .integers, .someIntegers: .integer
      case .texts, .someTexts: .text
      }
    var columns = SourceColumns(
      layout: SampleLayout(isCircular: true, hasMotion: false, hasEpoch: false, bands: [], hasBestBand: false).layout(
        idKind))
    columns.rowid = (0..<Int64(count)).map { 3 * $0 }
    columns.columns = columns.columns.map { _ in (0..<count).map { _ in rng.uniform() } }
    switch kind {
    case .none: columns.ids = .none
    case .integers, .someIntegers:
      let values = (0..<count).map { _ in Int64(bitPattern: rng.next()) >> Int64(rng.below(64)) }
      let nulls = kind == .integers ? [] : values.map { _ in rng.below(3) == 0 }
      columns.ids = .integer(values, nulls: nulls)
    case .texts, .someTexts:
      columns.ids = .text(
        TextIDs(
          (0..<count).map { _ -> String? in
            if kind == .someTexts && rng.below(3) == 0 { return nil }
            let name = "J12345\(rng.below(200))"
            return rng.below(40) == 0 ? String(repeating: name, count: 2000) : name
          }))
    }
    return ResultSources(columns, sigmaArcsec: (0..<count).map { _ in rng.uniform() })
  }

  private func result(_ rng: inout SplitMix64, _ a: ResultSources, _ b: ResultSources) -> ChunkResult {
    var result = ChunkResult(a: a, b: b)
    func place() -> Int32 { Int32(rng.below(Self.sourceCount)) }
    for island in 0..<Int64(300) {
      let runnerUp = rng.below(2) == 0 ? nil : RunnerUp(place: place(), probability: rng.uniform())
      result.matches.append(
        MatchRow(
          a: place(), b: place(), matchP: rng.uniform(), pairP: 1, separationArcsec: rng.uniform(), eta: 0, xi: -3,
          runnerUpOfA: runnerUp, runnerUpOfB: nil, groupPOfA: .nan, groupPOfB: .nan, matchPWithoutPhotometry: 0,
          pairPWithoutPhotometry: rng.uniform(),
          island: island, flags: .nearEdge))
      let nearest = NearestUnmatched(place: place(), separationArcsec: rng.uniform(), eta: 0.5, xi: 0)
      result.nonmatches.append(
        NonmatchRow(
          isA: rng.below(2) == 0, source: place(), matchP: 1, aloneP: 0, nearest: rng.below(2) == 0 ? nil : nearest,
          matchPWithoutPhotometry: rng.uniform(), alonePWithoutPhotometry: 1, island: -island << 20, flags: []))
      result.pairs.append(
        PairRow(
          a: place(), b: place(), separationArcsec: rng.uniform(), chiSquared: 1, log10Density: rng.uniform(),
          priorBoth: 0, priorA: 2, priorB: 1e300, eta: -0.0, xi: .infinity, pairP: rng.uniform(), isMatched: true,
          pairPWithoutPhotometry: .nan, isMatchedWithoutPhotometry: false, classes: (Int32(island % 3) - 1, 7),
          island: island << 40, flags: .approximate))
    }
    return result
  }

  private func lines(_ statement: Statement) throws -> [String] {
    var lines: [String] = []
    while try statement.step() {
      lines.append((0..<statement.columnCount).map { "\(statement.type($0)):\(statement.text($0))" }.joined())
    }
    return lines
  }
}
