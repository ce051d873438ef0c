import CatalogStore
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import Ingest

/// However the work is cut, the catalogue is the same.
@Suite struct SameSkyTests {
  private static let rows = 1200

  @Test func everyWayToIngestGivesTheSameCatalogue() throws {
    try forEverySeed(Array(Seeds.quick.prefix(1))) { rng in
      let lab = try IngestLab()
      let table = SampleTable.rich(Self.rows, using: &rng)
      let whole = [try lab.write(table, to: "whole.parquet")]
      let reference = try lab.ingest(whole, as: "reference").catalogue
      let expected = try lab.contents("reference")
      #expect(expected.count == Self.rows && reference.shards.count > 0)
      let shuffled = try split(table, lab, "shuffled", parts: 1, &rng)
      let pieces = try split(table, lab, "piece", parts: 4, &rng)
      var number = 0
      for megabytes in [0.02, 0.1, 1, 64] {
        for threads in [1, 2] {
          for (paths, spillBytes, batch) in [(whole, 1 << 20, 4096), (shuffled, 50_000, 60), (pieces, 200_000, 31)] {
            number += 1
            let outcome = try lab.ingest(paths, as: "c\(number)", spillBytes: spillBytes, batchRows: batch) {
              $0.shardBytes = Int64(megabytes * 1_048_576)
              $0.threads = threads
            }
            let comment =
              "seed \(rng.seed), \(megabytes) MB, \(threads) threads, \(paths.count) files, spill \(spillBytes)"
            #expect(try lab.contents("c\(number)") == expected, "\(comment)")
            try expectSameFacts(outcome.catalogue, reference, lab, comment)
            if megabytes == 0.02 { #expect(outcome.catalogue.shards.count > 20, "\(comment)") }
          }
        }
      }
    }
  }

  private func expectSameFacts(_ a: CatalogueInfo, _ b: CatalogueInfo, _ lab: IngestLab, _ comment: String) throws {
    #expect(a.rows == b.rows && a.duplicateIDs == b.duplicateIDs && a.nullIDs == b.nullIDs, "\(comment)")
    #expect(a.knownMotions == b.knownMotions && a.epochRange == b.epochRange, "\(comment)")
    #expect(a.largestSigmaArcsec == b.largestSigmaArcsec, "\(comment)")
    #expect(a.largestMotionMasPerYear == b.largestMotionMasPerYear, "\(comment)")
    let registry = try lab.database.registry()
    let (mapA, mapB) = (try registry.coverage(of: a), try registry.coverage(of: b))
    #expect(mapA == mapB, "\(comment)")
  }

  /// The rows shuffled, in several files of several row groups.
  private func split(
    _ table: [ParquetColumn], _ lab: IngestLab, _ name: String, parts: Int, _ rng: inout SplitMix64
  ) throws -> [String] {
    let order = (0..<Self.rows).shuffled(using: &rng)
    return try (0..<parts).map { part in
      let rows = order.enumerated().filter { $0.offset % parts == part }.map(\.element)
      return try lab.write(table.map { $0.reordered(rows) }, to: "\(name)-\(part).parquet", rowGroupRows: 97)
    }
  }

  /// The same rows give the same files, byte for byte.
  @Test func shardsAreTheSameFilesWhateverTheOrderOfTheRows() throws {
    var rng = SplitMix64(seed: 3)
    let lab = try IngestLab()
    let table = SampleTable.rich(Self.rows, using: &rng)
    let a = try lab.ingest([lab.write(table, to: "a.parquet")], as: "a") { $0.shardBytes = 100_000 }
    let b = try lab.ingest(split(table, lab, "b", parts: 3, &rng), as: "b", spillBytes: 60_000, batchRows: 50) {
      $0.shardBytes = 100_000
      $0.threads = 2
    }
    #expect(a.catalogue.shards.map(\.fingerprint) == b.catalogue.shards.map(\.fingerprint))
  }

  @Test func manyRowsAtOnePlaceAreSortedByID() throws {
    let lab = try IngestLab()
    var rng = SplitMix64(seed: 4)
    var sky = Sky()
    for _ in 0..<3000 { sky.append(123.456, -45.6) }
    let order = (0..<3000).shuffled(using: &rng)
    let path = try lab.write(SampleTable.plain(sky).map { $0.reordered(order) })
    let outcome = try lab.ingest([path], spillBytes: 40_000, batchRows: 100) { $0.shardBytes = 20_000 }
    #expect(outcome.catalogue.shards.count == 1)
    #expect(try lab.values("c", "source_id").map { $0[0] } == (0..<3000).map { "\($0)" })
    #expect(try lab.contents().count == 3000)
  }
}
