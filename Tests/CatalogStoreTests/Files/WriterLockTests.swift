import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@Suite struct WriterLockTests {
  @Test func onlyOneWriterAtATime() throws {
    let workdir = try Workdir()
    var lock: WriterLock? = try WriterLock(folder: workdir.path)
    let error = try #require(throws: StoreError.self) { try WriterLock(folder: workdir.path) }
    #expect(error.code == .busy)
    #expect(error.description.contains(workdir.path) && error.description.contains("another xmdb process"))
    withExtendedLifetime(lock) {}
    lock = nil
    _ = try WriterLock(folder: workdir.path)
  }

  @Test func anotherProcessIsRefused() throws {
    let workdir = try Workdir()
    let lock = try WriterLock(folder: workdir.path)
    // util-linux's flock takes the same kind of lock: 1 = it is held.
    #expect(try flock(workdir) == 1)
    withExtendedLifetime(lock) {}
  }

  @Test func aProcessThatIsKilledLetsGo() throws {
    let workdir = try Workdir()
    try workdir.write(Data(), to: "writer.lock")
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    holder.arguments = ["--no-fork", workdir.path("writer.lock"), "sleep", "600"]
    try holder.run()
    while (try? WriterLock(folder: workdir.path)) != nil { usleep(1000) }
    #expect(throws: StoreError.self) { try WriterLock(folder: workdir.path) }
    kill(holder.processIdentifier, SIGKILL)
    holder.waitUntilExit()
    _ = try WriterLock(folder: workdir.path)
  }

  @Test func aFolderThatIsNotThereCannotBeLocked() throws {
    let workdir = try Workdir()
    let error = try #require(throws: StoreError.self) { try WriterLock(folder: workdir.path("absent")) }
    #expect(error.code == .system)
  }

  private func flock(_ workdir: Workdir) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
    process.arguments = ["--nonblock", workdir.path("writer.lock"), "true"]
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
