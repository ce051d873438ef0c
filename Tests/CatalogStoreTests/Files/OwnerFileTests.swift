import Foundation
import Testing
import XMDBTestSupport

@testable import CatalogStore

@Suite struct OwnerFileTests {
  private let workdir: Workdir
  private var path: String { workdir.path("writer.owner") }

  init() throws { workdir = try Workdir() }

  /// An owner as another process would have written it.
  private func write(
    host: String? = nil, machine: String? = nil, boot: String? = nil, namespace: String? = nil, pid: Int32? = nil,
    started: String? = nil
  ) throws -> Owner {
    let mine = Owner.thisProcess()
    let owner = Owner(
      host: host ?? mine.host, machine: machine ?? mine.machine, boot: boot ?? mine.boot,
      namespace: namespace ?? mine.namespace, pid: pid ?? mine.pid, started: started ?? mine.started,
      since: "2026-01-02T03:04:05Z", command: "xmdb match a b")
    try workdir.write(Data(owner.text.utf8), to: "writer.owner")
    return owner
  }

  private func refusal() throws -> StoreError {
    try #require(throws: StoreError.self) { try WriterLock(folder: workdir.path, locks: .file) }
  }

  @Test func anOwnerIsReadBackAsItWasWritten() throws {
    let owner = Owner.thisProcess()
    #expect(Owner(text: owner.text) == owner)
    #expect(owner.state == .mine)
    for length in 0..<owner.text.count - 1 {
      let half = Owner(text: String(owner.text.prefix(length)))
      #expect(half == nil || half?.state != .mine, "\(length)")
    }
  }

  @Test func anOwnerIsToldFromItsLikes() throws {
    #expect(try write(host: "elsewhere").state == .elsewhere)
    #expect(try write(started: "1").state == .dead)
    // Process 1 lives, but began at another time; 2^22 is beyond what Linux numbers.
    #expect(try write(pid: 1).state == .dead)
    #expect(try write(pid: 1 << 22).state == .dead)
  }

  /// Numbers of processes mean nothing in another namespace, nor does the name of a host tell machines apart.
  @Test func whoeverCannotBePlacedIsElsewhere() throws {
    #expect(try write(namespace: "pid:[4026532999]", pid: 1).state == .elsewhere)
    #expect(try write(namespace: "", pid: 1 << 22).state == .elsewhere)
    #expect(try write(boot: "", pid: 1 << 22).state == .elsewhere)
    #expect(try write(machine: "another with this name", boot: "another").state == .elsewhere)
    _ = try write(namespace: "pid:[4026532999]", pid: 1)
    #expect(try refusal().description.contains("--break-lock"))
    #expect(FileSystem.exists(path))
    // As earlier versions wrote it.
    let mine = Owner.thisProcess()
    let old = "host \(mine.host)\nprocess 4194304\nsince x\ncommand y\nboot \(mine.boot)\nstarted 1\n"
    #expect(try #require(Owner(text: old)).state == .elsewhere)
  }

  @Test func aMachineThatWasStartedAnewHasNoOwnersFromBefore() {
    func owner(_ boot: String, _ namespace: String, machine: String = "m") -> Owner {
      Owner(
        host: "h", machine: machine, boot: boot, namespace: namespace, pid: 7, started: "1", since: "", command: "")
    }
    let outermost = "pid:[4026531836]"
    func state(_ owner: Owner, _ observer: Owner) -> Owner.State { owner.state(seenFrom: observer) { _ in "1" } }
    #expect(state(owner("old", outermost), owner("new", outermost)) == .dead)
    #expect(state(owner("old", outermost, machine: ""), owner("new", outermost, machine: "")) == .elsewhere)
    #expect(state(owner("old", outermost, machine: "n"), owner("new", outermost)) == .elsewhere)
    #expect(state(owner("old", "pid:[1]"), owner("new", "pid:[1]")) == .elsewhere)
    #expect(state(owner("old", outermost), owner("new", "pid:[1]")) == .elsewhere)
  }

  @Test func theFileIsThereWhileTheLockIsHeld() throws {
    var lock: WriterLock? = try WriterLock(folder: workdir.path, locks: .file)
    #expect(FileSystem.exists(path))
    #expect(try refusal().code == .busy)
    withExtendedLifetime(lock) {}
    lock = nil
    #expect(FileSystem.list(workdir.path) == ["writer.lock"])
    _ = try WriterLock(folder: workdir.path, locks: .file)
  }

  @Test func anOwnerThatDiedHereIsSucceeded() throws {
    _ = try write(pid: 1 << 22)
    let lock = try WriterLock(folder: workdir.path, locks: .file)
    #expect(OwnerFile.isMine(in: workdir.path))
    #expect(FileSystem.list(workdir.path) == ["writer.lock", "writer.owner"])
    withExtendedLifetime(lock) {}
  }

  @Test func anotherMachinesOwnerIsRespectedUntilItsLockIsBroken() throws {
    _ = try write(host: "node12", pid: 4711)
    let error = try refusal()
    #expect(error.code == .busy)
    for part in [workdir.path, "4711", "node12", "2026-01-02T03:04:05Z", "xmdb match a b", "--break-lock", path] {
      #expect(error.description.contains(part), "\(part): \(error)")
    }
    // Whoever writes with locks of the system respects it, too.
    #expect(throws: StoreError.self) { try WriterLock(folder: workdir.path) }
    #expect(try SkyDatabase.breakLock(at: workdir.path)?.contains("node12") == true)
    #expect(try SkyDatabase.breakLock(at: workdir.path) == nil)
    _ = try WriterLock(folder: workdir.path, locks: .file)
  }

  @Test func aFileThatSaysNothingIsRespectedToo() throws {
    try workdir.write(Data(), to: "writer.owner")
    #expect(try refusal().description.contains("has not said its name"))
    #expect(throws: StoreError.self) { try WriterLock(folder: workdir.path) }
  }

  @Test func theLockOfALivingProcessCannotBeBroken() throws {
    let sleeper = Process()
    sleeper.executableURL = URL(fileURLWithPath: "/usr/bin/sleep")
    sleeper.arguments = ["600"]
    try sleeper.run()
    let stat = try FileSystem.text(ofKernelFile: "/proc/\(sleeper.processIdentifier)/stat")
    let owner = try write(pid: sleeper.processIdentifier, started: String(stat.split(separator: " ")[21]))
    #expect(owner.state == .alive)
    #expect(throws: StoreError.self) { try SkyDatabase.breakLock(at: workdir.path) }
    #expect(try !refusal().description.contains("--break-lock"))
    kill(sleeper.processIdentifier, SIGKILL)
    sleeper.waitUntilExit()
    #expect(owner.state == .dead)
    _ = try WriterLock(folder: workdir.path, locks: .file)
  }

  @Test func aBrokenLockDoesNotRemoveItsSuccessors() throws {
    var first: WriterLock? = try WriterLock(folder: workdir.path, locks: .file)
    _ = try write(host: "node12")
    withExtendedLifetime(first) {}
    first = nil
    #expect(FileSystem.exists(path))
  }

  /// Many threads see the same dead owner: in every round one of them succeeds it, and no other.
  @Test func ofManyThatSucceedADeadOwnerOneDoes() async throws {
    for round in 0..<50 {
      _ = try write(pid: 1 << 22)
      let locks = await withTaskGroup(of: OwnerFile?.self) { group in
        for _ in 0..<8 { group.addTask { try? OwnerFile(claiming: workdir.path) } }
        return await group.reduce(into: []) { if let lock = $1 { $0.append(lock) } }
      }
      #expect(locks.count == 1, "round \(round)")
      withExtendedLifetime(locks) {}
    }
  }

  @Test func theModeIsTakenFromTheEnvironment() throws {
    #expect(try LockMode.standard { _ in nil } == .system)
    #expect(try LockMode.standard { $0 == "XMDB_LOCKS" ? "file" : nil } == .file)
    #expect(try #require(throws: StoreError.self) { try LockMode.standard { _ in "none" } }.code == .usage)
  }
}
