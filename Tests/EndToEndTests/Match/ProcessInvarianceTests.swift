import Foundation
import Testing
import XMDBTestSupport

/// Processes, threads, processes and the sizes of chunks and shards change no byte of an export. scripts/check-invariance.py does
/// the same with millions of sources.
@Suite(.serialized, .timeLimit(.minutes(15))) struct ProcessInvarianceTests {
  /// A way to run the match of a and b.
  private struct Way {
    var name: String
    var processes: Int?
    var threads = 1
    var options: [String] = []
  }

  private static let ways = [
    Way(name: "two threads", threads: 2), Way(name: "1 process", processes: 1), Way(name: "2 processes", processes: 2),
    Way(name: "4 processes", processes: 4), Way(name: "2 processes of 2 threads", processes: 2, threads: 2),
    Way(name: "least memory", processes: 2, options: ["--memory", "64MB"]),
  ]

  /// The files of an export after a match.
  private func export(_ way: Way, _ a: String, _ b: String, in folder: Workdir) throws -> FolderContents {
    let command = ["match-all", a, b, "--threads", "\(way.threads)", "--redo", "--quiet"] + way.options
    let match =
      try way.processes.map { try MPIJob.start($0, [RunningProgram.path] + command, in: folder) }
      ?? folder.start(command)
    let matched = try match.wait()
    try #require(matched.status == 0, "\(way.name): \(matched)")
    let exported = try folder.xmdb("export", a, b, "--to", "out", "--quiet")
    try #require(exported.status == 0, "\(way.name): \(exported)")
    return FolderContents(folder.path("out"))
  }

  private func expectSame(_ a: String, _ b: String, in folder: Workdir) throws {
    let expected = try export(Way(name: "one thread"), a, b, in: folder)
    #expect(expected.names.count == 5)
    for way in Self.ways where way.processes == nil || MPIJob.isInstalled {
      #expect(try export(way, a, b, in: folder).differences(from: expected) == [], "\(way.name)")
    }
  }

  @Test func theWholeSkyIsMatchedTheSameInEveryWay() throws {
    try expectSame("a", "b", in: AllSky.database(sources: 20_000, shards: "0.5"))
  }

  @Test(.enabled(if: ProjectPaths.shared("real/gaia.parquet") != nil, "needs ../shared/real"))
  func theRealConesAreMatchedTheSameInEveryWay() throws {
    let folder = try Workdir()
    for name in ["gaia", "catwise"] {
      let file = try #require(ProjectPaths.shared("real/\(name).parquet")).path
      let result = try folder.xmdb("ingest", file, "--as", name, "--shard-mb", "1")
      try #require(result.status == 0, "\(result)")
    }
    try expectSame("gaia", "catwise", in: folder)
  }
}
