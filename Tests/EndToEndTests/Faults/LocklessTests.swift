import Foundation
import Testing
import XMDBTestSupport

/// The whole path on a file system that refuses every lock, as some shared ones do.
@Suite struct LocklessTests {
  /// Beside the program: takes the place of fcntl and flock.
  private static let library = URL(fileURLWithPath: RunningProgram.path)
    .deletingLastPathComponent().appendingPathComponent("libnolocks.so").path

  /// The settings of a program that finds no locks. - Parameter error: ENOLCK (37) or ENOSYS (38).
  private static func noLocks(_ error: Int = 37) -> [String: String] {
    ["LD_PRELOAD": library, "NO_LOCKS_ERRNO": "\(error)"]
  }

  @Test(arguments: [37, 38])
  func everythingWorksWithAnOwnerFile(error: Int) throws {
    let settings = Self.noLocks(error).merging(["XMDB_LOCKS": "file"]) { $1 }
    let folder = try Workdir()
    let export = ["export", "gaia", "hip", "--to", "out"]
    for command in [Hyades.ingestGaia, Hyades.ingestHipparcos, ["match", "gaia", "hip"], export, ["verify"], ["info"]] {
      let result = try folder.start(command, environment: settings).wait()
      try #require(result.status == 0, "\(command): \(result)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.path("sky.xmdb/writer.owner")))
    let reference = try Hyades.matched()
    #expect(try reference.start(export).wait().status == 0)
    #expect(FolderContents(folder.path("out")).differences(from: FolderContents(reference.path("out"))) == [])
    // The SQL surface, and the option in place of the variable.
    let query = ["sql", "--csv", "SELECT count(*) FROM gaia", "--locks", "file"]
    #expect(try folder.start(query, environment: Self.noLocks(error)).wait().output == "count(*)\n3872\n")
  }

  @Test(arguments: [37, 38])
  func withoutLocksTheSystemModeSaysWhatToDo(error: Int) throws {
    let folder = try Workdir()
    let ingest = try folder.start(Hyades.ingestGaia, environment: Self.noLocks(error)).wait()
    #expect(ingest.status == 1 && ingest.error.contains("--locks file"), "\(ingest)")
    let database = try Hyades.database()
    let info = try database.start(["info"], environment: Self.noLocks(error)).wait()
    #expect(info.status == 1 && info.error.contains("--locks file"), "\(info)")
  }

  @Test func aKilledWriterIsSucceeded() throws {
    let folder = try Hyades.database()
    let settings = Self.noLocks().merging(["XMDB_LOCKS": "file"]) { $1 }
    var wasKilled = false
    for attempt in 0..<20 where !wasKilled {
      let match = try folder.start(["match", "gaia", "hip", "--redo"], environment: settings)
      usleep(UInt32(20_000 * (attempt + 1)))
      match.send(SIGKILL)
      _ = try match.wait()
      wasKilled = FileManager.default.fileExists(atPath: folder.path("sky.xmdb/writer.owner"))
    }
    try #require(wasKilled)
    let again = try folder.start(["match", "gaia", "hip"], environment: settings).wait()
    #expect(again.status == 0, "\(again)")
    #expect(try folder.start(["verify"], environment: settings).wait().status == 0)
  }

  @Test func anotherMachinesWriterIsNamedAndMayBeDeclaredGone() throws {
    let folder = try Hyades.database()
    let owner = "host node12\nprocess 4711\nsince 2026-01-02T03:04:05Z\ncommand xmdb match a b\nboot x\nstarted 1\n"
    try folder.write(Data(owner.utf8), to: "sky.xmdb/writer.owner")
    for locks in ["file", "system"] {
      for command in [["info"], ["match", "gaia", "hip"], ["sql", "SELECT * FROM gaia LIMIT 1"]] {
        let result = try folder.start(command + ["--locks", locks]).wait()
        #expect(result.status == 1 && result.error.contains("process 4711 on node12 since 2026-01-02"), "\(result)")
      }
    }
    let broken = try folder.xmdb("info", "--locks", "file", "--break-lock")
    #expect(broken.status == 0 && broken.error.contains("no longer reserved for process 4711"), "\(broken)")
    #expect(try folder.xmdb("info").status == 0)
  }
}
