import CatalogStore
import Foundation
import Testing

@testable import MatchRun
@testable import xmdb

/// What options and the machine give a match.
@Suite struct SettingsTests {
  @Test func amountsOfMemoryAreReadAsPeopleWriteThem() throws {
    for (text, bytes) in [
      ("64GB", 64_000_000_000), ("1.5 TB", 1_500_000_000_000), ("8GiB", 8 << 30), ("500m", 500_000_000), ("123", 123),
    ] as [(String, Int64)] {
      #expect(try ByteCount(text, subject: "--memory").bytes == bytes, "\(text)")
    }
    for text in ["", "GB", "-1GB", "5 apples", "1e3GB", "0"] {
      #expect(throws: StoreError.self, "\(text)") { try ByteCount(text, subject: "--memory") }
    }
  }

  @Test func spansOfTimeAreReadAsBatchSystemsWriteThem() throws {
    #expect(try ClockSpan("12:00:00", subject: "--walltime").seconds == 43_200)
    #expect(try ClockSpan("1-02:03:04", subject: "--walltime").seconds == 93_784)
    #expect(try ClockSpan("100:00:01", subject: "--walltime").seconds == 360_001)
    for text in ["", "12", "12:00", "1:60:00", "1:00:60", "-1:00:00", "1-24:00:00", "a:b:c", "1-1-1:00:00"] {
      #expect(throws: StoreError.self, "\(text)") { try ClockSpan(text, subject: "--walltime") }
    }
  }

  @Test func processesShareTheMachineUnlessTheyAreBound() {
    let free = Machine(processors: 64, allProcessors: 64, memoryBytes: 200_000_000_000)
    #expect(
      free.threads(localProcesses: 1) == 64 && free.threads(localProcesses: 4) == 16
        && free.threads(localProcesses: 100) == 1)
    let bound = Machine(processors: 8, allProcessors: 64, memoryBytes: 200_000_000_000)
    #expect(bound.threads(localProcesses: 8) == 8)
    #expect(free.memory(localProcesses: 4) == 30_000_000_000)
  }

  @Test func theKernelSaysWhatAProcessMayUse() {
    #expect(Machine.allowedProcessors("Name:\tx\nCpus_allowed:\tff,0000000f\nCpus_allowed_list:\t0-3\n") == 12)
    #expect(Machine.allowedProcessors("Name:\tx\n") == nil)
    #expect(Machine.installedMemory("MemTotal:       24681234 kB\nMemFree: 1 kB\n") == 25_273_583_616)
    let files = [
      "/sys/fs/cgroup/job/step/memory.max": "max\n", "/sys/fs/cgroup/job/memory.max": "8000000000\n",
      "/sys/fs/cgroup/memory.max": "", "/sys/fs/cgroup/memory/slurm/memory.limit_in_bytes": "4000\n",
    ]
    #expect(Machine.groupLimit("0::/job/step\n") { files[$0] ?? "" } == 8_000_000_000)
    #expect(Machine.groupLimit("3:cpu:/x\n7:memory:/slurm\n") { files[$0] ?? "" } == 4000)
    #expect(Machine.groupLimit("0::/\n") { _ in "" } == nil)
    let here = Machine()
    #expect(here.processors >= 1 && here.memoryBytes > 100_000_000)
  }

  private func status(_ progress: RunProgress, written: Double, state: RunStatus.State = .running) -> RunStatus {
    var status = RunStatus(progress)
    (status.written, status.host, status.pid, status.state) = (written, "here", 7, state)
    return status
  }

  @Test func whetherARunIsAliveFollowsFromItsLastWord() {
    let progress = RunProgress(run: 3, catalogueA: "a", catalogueB: "b")
    func life(_ status: RunStatus?, host: String = "here", alive: Bool = true) -> String {
      RunLife(status, now: 1000, host: host, isAlive: { $0 == 7 && alive }).name
    }
    #expect(life(nil) == "not_running")
    #expect(life(status(progress, written: 999)) == "running")
    #expect(life(status(progress, written: 999), alive: false) == "killed")
    #expect(life(status(progress, written: 999), host: "there", alive: false) == "running")
    #expect(life(status(progress, written: 900), host: "there") == "silent")
    for state in [RunStatus.State.stopped, .cutShort, .incomplete, .failed] {
      #expect(life(status(progress, written: 999, state: state)) == state.rawValue)
    }
  }

  @Test func aStatusIsReadAsItWasWritten() throws {
    var progress = RunProgress(run: 3, catalogueA: "a", catalogueB: "b")
    (progress.done, progress.total, progress.secondsLeft, progress.sourcesDone, progress.seconds) = (5, 9, 12.5, 80, 4)
    let status = RunStatus(progress)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    #expect(try decoder.decode(RunStatus.self, from: status.encoded()) == status)
    #expect(status.sourcesPerSecond == 20)
    #expect(RunText.line(progress) == "a × b: counting pairs, 5 of 9 chunks, 20 sources/s, 13 s left")
  }
}
