import CFaultInjection
import CSQLiteBoot
import Foundation
import ParquetFixture
import Testing
import XMDBTestSupport

@testable import CatalogStore
@testable import Ingest

/// Whatever goes wrong, and wherever: one clear error, the database as before, and the same command then does the work.
@Suite(.serialized) struct InterruptionTests {
  /// A database with two catalogues, files that will replace one of them, and what it shall hold then.
  private struct Scene {
    let lab: IngestLab
    let paths: [String]
    let before: [String]
    let after: [String]

    init() throws {
      let lab = try IngestLab()
      var rng = SplitMix64(seed: 11)
      let old = try lab.write(SampleTable.plain(.sphere(30, using: &rng)), to: "old.parquet")
      try lab.ingest([old])
      try lab.ingest([old], as: "other")
      var table = SampleTable.rich(50, using: &rng)
      table[2].values = .double((0..<50).map { $0 == 7 ? nil : Double($0) / 2 })
      paths = try [0..<20, 20..<50].enumerated().map { part, rows in
        try lab.write(table.map { $0.reordered(Array(rows)) }, to: "new-\(part).parquet")
      }
      self.lab = lab
      before = try lab.contents()
      let done = SkyDatabase(path: lab.workdir.path("done"))
      try FileManager.default.copyItem(atPath: lab.database.path, toPath: done.path)
      try Self.ingest(paths, into: done)
      after = try IngestLab.contents(done)
    }

    /// A fresh copy of the database as it was.
    func copy() throws -> SkyDatabase {
      let copy = SkyDatabase(path: lab.workdir.path("copy"))
      try? FileManager.default.removeItem(atPath: copy.path)
      try FileManager.default.copyItem(atPath: lab.database.path, toPath: copy.path)
      return copy
    }

    static func ingest(
      _ paths: [String], into database: SkyDatabase, threads: Int = 1, cancellation: Cancellation = Cancellation(),
      progress: @escaping @Sendable (IngestDriver.Progress) -> Void = { _ in }
    ) throws {
      var options = IngestOptions(paths: paths)
      options.name = "c"
      options.replace = true
      options.shardBytes = 16_384
      options.threads = threads
      _ = try IngestDriver(
        plan: IngestPlan(options), cancellation: cancellation,
        sorting: IngestDriver.Sorting(spillBytes: 10_000, batchRows: 20)
      ).run(
        into: database, progress: progress)
    }

    /// The database is as before, also to a reader.
    func expectOldState(_ database: SkyDatabase, _ comment: String) throws {
      let names = try SkyDatabase.open(at: database.path).registry().catalogueNames()
      #expect(names == ["c", "other"], "\(comment)")
      for name in names {
        let contents = try IngestLab.contents(database, name)
        #expect(contents == before, "\(comment): \(name)")
      }
      do {
        let integrity = try Connection(path: database.registryPath, mode: .readOnly).prepare("PRAGMA integrity_check")
        #expect(try integrity.step() && integrity.text(0) == "ok", "\(comment)")
      }
    }

    /// The same command does the work.
    func expectSuccessNow(_ database: SkyDatabase, _ comment: String) throws {
      try Self.ingest(paths, into: database)
      let contents = try IngestLab.contents(database)
      #expect(contents == after, "\(comment)")
      #expect(FileSystem.list(database.path + "/catalogues/c").count == 1, "\(comment)")
      #expect(!FileSystem.exists(database.stagingPath), "\(comment)")
    }
  }

  /// Every change to a file that an ingest makes fails once: no space, no sync, no rename. Of those that fail for good
  /// from some change on, every fifth is tried.
  @Test(.timeLimit(.minutes(20)), arguments: [false, true])
  func everyFailedChangeLeavesTheOldState(lasting: Bool) throws {
    let scene = try Scene()
    fault_arm(.max, 0)
    try Scene.ingest(scene.paths, into: scene.copy())
    let all = fault_disarm()
    #expect(all > 100)
    var kinds: Set<String> = []
    for nth in stride(from: 1, through: all, by: lasting ? 5 : 1) {
      let database = try scene.copy()
      fault_arm(nth, lasting ? 1 : 0)
      let result = Result { try Scene.ingest(scene.paths, into: database) }
      _ = fault_disarm()
      let hit = fault_hit().map { String(cString: $0) }
      if let hit { kinds.insert(hit) }
      let comment = "change \(nth) (\(hit ?? "none"))\(lasting ? " and all later ones" : "")"
      switch result {
      case .success:
        // Clearing away what was replaced, or what a failed attempt left, may fail without harm.
        #expect(try IngestLab.contents(database) == scene.after, "\(comment)")
      case .failure(let error):
        let told = try #require(error as? StoreError, "\(comment): \(error)")
        #expect(told.code == .system && told.message.utf8.count > 10, "\(comment): \(told)")
        try scene.expectOldState(database, "\(comment), \(told)")
        // Towards the end, where the generation is put into place and recorded, after each failure.
        if nth % 8 == 1 || nth > all - 50 { try scene.expectSuccessNow(database, "\(comment), \(told)") }
      }
    }
    if lasting { return }
    #expect(kinds.isSuperset(of: ["write", "pwrite", "fsync", "open", "mkdir", "unlink"]), "\(kinds)")
  }

  @Test(arguments: [1, 2]) func cancellingAtAnyPointLeavesTheOldState(threads: Int) throws {
    let scene = try Scene()
    var point = 1
    while true {
      let database = try scene.copy()
      let cancellation = Cancellation()
      let seen = Guarded(0)
      let stop = point
      let result = Result {
        try Scene.ingest(scene.paths, into: database, threads: threads, cancellation: cancellation) { _ in
          let count = seen.withLock {
            $0 += 1
            return $0
          }
          if count == stop { cancellation.request() }
        }
      }
      if case .success = result { break }
      let error = try #require(throws: StoreError.self) { try result.get() }
      #expect(error.code == .interrupted, "point \(point): \(error)")
      try scene.expectOldState(database, "point \(point)")
      try scene.expectSuccessNow(database, "point \(point)")
      point += 1
    }
    // Two files, their batches, and the shards.
    #expect(point > 6)
  }
}
