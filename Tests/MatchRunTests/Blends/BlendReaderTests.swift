import CatalogStore
import Indexing
import Testing
import XMDBTestSupport

@testable import MatchRun

/// The blends of a match: which others are inside, whatever the cut, the run and the part of the sky that is asked for.
@Suite struct BlendReaderTests {
  private func rows(
    _ blends: MatchBlends, sourcesPerChunk: Int = 1_000_000, region: PixelRangeSet = .wholeSky
  ) throws -> [BlendRow] {
    var reader = BlendReader(blends, cancellation: Cancellation(), stop: .never)
    var found: [BlendRow] = []
    for chunk in blends.plan.chunks(sourcesPerChunk: sourcesPerChunk) {
      try reader.read(chunk, region: region)
      while let rows = try reader.next() { found += rows }
    }
    return found
  }

  private func text(_ rows: [BlendRow]) -> [String] { rows.map { "\($0)" } }

  @Test func everyOtherSourceInsideIsThereWithTheProbabilityOfNoOtherMatch() throws {
    let pair = BlendedSky.pair(seed: 11)
    let bench = try MatchBench(pair)
    let run = try bench.run(MatchConfiguration())
    let blends = try MatchBlends(database: bench.database, run: run.outcome.run)
    let found = try rows(blends)
    var matched: [Int64: [Int64: Double]] = [:]
    for row in run.pairs { matched[row.ids.a, default: [:]][row.ids.b] = row.double("pair_p") }
    let a = Dictionary(uniqueKeysWithValues: pair.a.sources.map { ($0.id, $0) })
    var expected = 0
    let byPair = Dictionary(grouping: found) { row in [row.a.id, row.b.id] }
    for match in run.matches {
      let own = try #require(a[match.ids.a])
      let inside = byPair[[.integer(match.ids.a), .integer(match.ids.b)]] ?? []
      for other in pair.a.sources where other.id != own.id {
        let distance = separation(
          ra1Degrees: own.ra, dec1Degrees: own.dec, ra2Degrees: other.ra, dec2Degrees: other.dec
        ).arcseconds
        // Farther out errors decide.
        if distance > BlendedSky.radiusArcsec - 1 { continue }
        let elsewhere = (matched[other.id] ?? [:]).filter { $0.key != match.ids.b }.values.reduce(0, +)
        guard elsewhere < 0.99 else { continue }
        expected += 1
        let row = try #require(inside.first { $0.other.id == .integer(other.id) }, "\(match.ids), \(other.id)")
        #expect(abs(row.separationArcsec - distance) < 1e-6 && abs(row.elsewhereP - elsewhere) < 1e-9)
        #expect(row.pairP == match.double("pair_p") && row.flags == match.flags)
      }
    }
    #expect(expected > 100)
    #expect(found.allSatisfy { !$0.blurredIsA })
  }

  @Test func sharesOfABlendAddUp() throws {
    let bench = try MatchBench(BlendedSky.pair(seed: 12))
    let found = try rows(MatchBlends(LiveMatch(bench.plan(MatchConfiguration()))))
    #expect(found.count > 150)
    var informative = 0
    for rows in Dictionary(grouping: found, by: { [$0.a.rowid, $0.b.rowid] }).values {
      let first = rows[0]
      for row in rows {
        #expect((0...1).contains(row.insideP) && (0...1).contains(row.elsewhereP))
        #expect(row.foreignShare == first.foreignShare || (row.foreignShare.isNaN && first.foreignShare.isNaN))
      }
      if first.foreignShare.isNaN { continue }
      informative += 1
      // Of those whose share is nearly nothing, rows are left out.
      let sum = rows.reduce(first.unseenShare) { $0 + $1.fluxShare }
      #expect(abs(sum - first.foreignShare) < 1e-6, "\(sum), \(first.foreignShare)")
      #expect((0...1).contains(first.foreignShare) && (0...0.9).contains(first.unseenShare))
    }
    #expect(informative > 50)
  }

  @Test func theyDoNotDependOnTheCutTheRunOrThePartOfTheSky() throws {
    let pair = BlendedSky.pair(seed: 13)
    let (bench, other) = (try MatchBench(pair), try MatchBench(pair, shardBytes: 20_000))
    let live = MatchBlends(LiveMatch(try bench.plan(MatchConfiguration())))
    let expected = text(try rows(live))
    #expect(expected.count > 150)
    #expect(text(try rows(live, sourcesPerChunk: 100)) == expected)
    let run = try other.run(MatchConfiguration(), sourcesPerChunk: 200, threads: 2)
    let stored = try MatchBlends(database: other.database, run: run.outcome.run)
    #expect(text(try rows(stored, sourcesPerChunk: 300)) == expected)
    // A pixel of about a hundred sources.
    let place = try #require(SkyPosition(raDegrees: 359.95, decDegrees: -33))
    let part = PixelRangeSet(pixels: [HealpixPixel(containing: place, order: 11)])
    let wanted = try rows(live).filter { row in
      [row.a, row.b].contains { part.contains(Healpix29.index(raDegrees: $0.raDegrees, decDegrees: $0.decDegrees)) }
    }
    #expect(!wanted.isEmpty)
    #expect(
      text(try rows(MatchBlends(LiveMatch(try bench.plan(MatchConfiguration()))), sourcesPerChunk: 100, region: part))
        .sorted() == text(wanted).sorted())
  }

  @Test func withoutMagnitudesOfTheSharpCatalogueOnlyPlacesTell() throws {
    var pair = BlendedSky.pair(seed: 14)
    pair.a.bands = []
    for index in pair.a.sources.indices { pair.a.sources[index].magnitudes = [] }
    let bench = try MatchBench(pair)
    let found = try rows(MatchBlends(LiveMatch(bench.plan(MatchConfiguration()))))
    #expect(found.count > 100)
    for row in found { #expect(row.foreignShare.isNaN && row.fluxShare.isNaN && row.isConsistent == nil) }
    #expect(found.contains { $0.insideP > 0.9 })
  }

  @Test func whereNoPSFIsKnownThereAreNone() throws {
    let bench = try MatchBench(BlendedSky.pair(seed: 15))
    let blends = MatchBlends(LiveMatch(try bench.plan(.positionsOnly)))
    #expect(blends.isEmpty)
    #expect(try rows(blends).isEmpty)
  }
}
