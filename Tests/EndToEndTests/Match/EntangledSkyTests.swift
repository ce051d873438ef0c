import Foundation
import Testing
import XMDBTestSupport

/// Sky in which nearly all sources hang together over candidate pairs.
@Suite struct EntangledSkyTests {
  /// What cannot be done within the memory is refused, with the amount that it takes; that is enough. A run that is finished takes none.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
  func aMatchThatNeedsMoreThanItsMemoryIsRefused() throws {
    let folder = try Workdir()
    let options = "simulate --to sim --density 1e6 --sigma-a .6 --sigma-b .6 --sources 40000 --seed 4 -q"
    try #require(try folder.start(options.components(separatedBy: " ")).wait().status == 0)
    for name in ["a", "b"] { #expect(try folder.xmdb("ingest", "sim/\(name).parquet").status == 0) }

    let refused = try folder.xmdb("match", "a", "b", "--threads", "1", "--memory", "70MB")
    #expect(refused.status == 2 && refused.error.contains("hang together"), "\(refused)")
    let plan = try folder.xmdb("match", "a", "b", "--threads", "1", "--memory", "70MB", "--plan")
    #expect(plan.status == 0 && plan.output.contains("Note: a match would be refused"), "\(plan)")

    let advice = try #require(refused.error.firstMatch(of: /Give --memory (\d+MB),/), "\(refused)")
    let measure = """
      import resource, subprocess, sys
      status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
      sys.exit(status)
      """
    let match = [RunningProgram.path, "match", "a", "b", "--threads", "1", "--memory", String(advice.1)]
    let matched = try RunningProgram(["/usr/bin/python3", "-c", measure] + match, in: folder).wait()
    let (bytes, granted) = (try #require(Int(matched.lines.last ?? "")), try #require(Int(advice.1.dropLast(2))))
    #expect(matched.status == 0 && bytes <= granted * 1_000_000, "\(bytes) bytes of \(advice.1); \(matched)")

    let again = try folder.xmdb("match", "a", "b", "--threads", "1", "--memory", "70MB")
    #expect(again.status == 0, "\(again)")
  }

  @Test(.enabled(if: MPIJob.isInstalled)) func processesEndWhenTheMatchIsRefused() throws {
    let folder = try Workdir()
    let options = "simulate --to sim --density 1e6 --sigma-a .6 --sigma-b .6 --sources 20000 --seed 4 -q"
    try #require(try folder.start(options.components(separatedBy: " ")).wait().status == 0)
    for name in ["a", "b"] { #expect(try folder.xmdb("ingest", "sim/\(name).parquet").status == 0) }
    let refused = try MPIJob.start(
      2, [RunningProgram.path, "match-all", "a", "b", "--threads", "1", "--memory", "70MB"], in: folder
    ).wait()
    #expect(refused.status == 2 && refused.error.contains("Give --memory"), "\(refused)")
  }
}
