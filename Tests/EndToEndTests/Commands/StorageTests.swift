import Foundation
import Testing
import XMDBTestSupport

/// Folders that cannot be written: read-only, and full. Both need a small file system of their own, hence root.
@Suite(.serialized) struct StorageTests {
  /// A small tmpfs that vanishes with its owner.
  private final class SmallDisk {
    private let folder: Workdir
    let path: String

    /// Nil where mounting is not allowed.
    init?(size: String) throws {
      folder = try Workdir("xmdb-disk")
      path = folder.path
      guard try Self.mount(["-t", "tmpfs", "-o", "size=\(size)", "tmpfs", path]) else { return nil }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    func makeReadOnly() throws { _ = try Self.mount(["-o", "remount,ro", path]) }

    private static func mount(_ arguments: [String]) throws -> Bool {
      try RunningProgram(["/bin/mount"] + arguments, in: Workdir()).wait().status == 0
    }
  }

  private static let isRoot = geteuid() == 0

  @Test(.enabled(if: isRoot, "needs root to mount a small file system"))
  func aReadOnlyFolderIsOneClearErrorAndCanBeRead() throws {
    let folder = try Hyades.matched()
    guard let disk = try SmallDisk(size: "8m") else { return print("skipped: mounting is not allowed here") }
    try FileManager.default.copyItem(atPath: folder.path("sky.xmdb"), toPath: disk.path + "/sky.xmdb")
    try disk.makeReadOnly()
    let database = ["--db", disk.path + "/sky.xmdb"]
    for command in [
      Hyades.ingestGaia + ["--replace"], ["match", "gaia", "hip", "--redo"],
      ["export", "gaia", "hip", "--to", disk.path + "/out"],
    ] {
      let result = try folder.start(command + database).wait()
      #expect(result.status == 1, "\(result)")
      #expect(
        result.error.contains("Read-only file system") && result.error.contains("check the permissions"), "\(result)")
    }
    for command in [
      ["info"], ["runs"], ["verify"], ["sql", "SELECT count(*) FROM gaia"], ["export", "gaia", "hip", "--to", "out"],
    ] {
      let result = try folder.start(command + database).wait()
      #expect(result.status == 0, "\(command): \(result)")
    }
    let nowhere = try folder.start(Hyades.ingestGaia + ["--db", disk.path + "/new.xmdb"]).wait()
    #expect(nowhere.status == 1 && nowhere.error.contains("new.xmdb"), "\(nowhere)")
  }

  /// From too small for anything to large enough, in steps: every size either works or fails cleanly.
  @Test(.enabled(if: isRoot, "needs root to mount a small file system"))
  func aFullDiskIsOneClearErrorAndLeavesTheDatabaseAsBefore() throws {
    let folder = try Hyades.matched()
    var outcomes: [Int32] = []
    for kilobytes in stride(from: 900, through: 3600, by: 180) {
      guard let disk = try SmallDisk(size: "\(kilobytes)k") else {
        return print("skipped: mounting is not allowed here")
      }
      let database = ["--db", disk.path + "/sky.xmdb"]
      guard (try? FileManager.default.copyItem(atPath: folder.path("sky.xmdb"), toPath: disk.path + "/sky.xmdb")) != nil
      else { continue }
      let before = FolderContents(disk.path + "/sky.xmdb/catalogues")
      let other = Hyades.ingestGaia.map { $0 == "sigma=0.02:mas" ? "sigma=0.05:mas" : $0 } + ["--replace"]
      let result = try folder.start(other + database).wait()
      outcomes.append(result.status)
      let verify = try folder.start(["verify"] + database).wait()
      #expect(verify.status == 0, "\(kilobytes) kB: \(verify)")
      if result.status == 0 { continue }
      #expect(result.status == 1, "\(kilobytes) kB: \(result)")
      #expect(result.error.contains("free some space and run the command again"), "\(kilobytes) kB: \(result)")
      #expect(FolderContents(disk.path + "/sky.xmdb/catalogues").differences(from: before) == [], "\(kilobytes) kB")
    }
    #expect(outcomes.contains(0) && outcomes.contains(1), "\(outcomes)")
  }

  @Test(.enabled(if: isRoot, "needs root to mount a small file system"))
  func aMatchOnAFullDiskGoesOnOnceThereIsSpace() throws {
    let folder = try Hyades.database()
    guard let disk = try SmallDisk(size: "6m") else { return print("skipped: mounting is not allowed here") }
    try FileManager.default.copyItem(atPath: folder.path("sky.xmdb"), toPath: disk.path + "/sky.xmdb")
    let ballast = disk.path + "/ballast"
    let free = try FileManager.default.attributesOfFileSystem(forPath: disk.path)[.systemFreeSize] as? Int ?? 0
    try Data(count: max(0, free - 200_000)).write(to: URL(fileURLWithPath: ballast))
    let match = ["match", "gaia", "hip", "--db", disk.path + "/sky.xmdb"]
    let full = try folder.start(match).wait()
    #expect(full.status == 1 && full.error.contains("free some space and run the command again"), "\(full)")
    try FileManager.default.removeItem(atPath: ballast)
    let again = try folder.start(match).wait()
    #expect(again.status == 0, "\(again)")
    #expect(try folder.start(["verify", "--db", disk.path + "/sky.xmdb"]).wait().status == 0)
  }
}
