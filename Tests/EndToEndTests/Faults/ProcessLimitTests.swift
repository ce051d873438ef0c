import Foundation
import Testing
import XMDBTestSupport

/// Whatever a process is started with or without: an answer or an error, never a crash and never a file that is not a file.
@Suite struct ProcessLimitTests {
  private static let ingest =
    "$XMDB -q ingest '\(Hyades.gaiaFile)' --as gaia --epoch 2016.0 --map sigma=0.02:mas --replace"

  @Test(arguments: [">&-", "2>&-", "<&-", "<&- >&-", "<&- >&- 2>&-", ">&- 2>&-"])
  func closedDescriptorsAreNobodysFiles(_ closed: String) throws {
    let folder = try Workdir()
    let ingest = try folder.bash("\(Self.ingest) \(closed)")
    #expect(ingest.status == 0, "\(ingest)")
    let query = try folder.bash("timeout 60 $XMDB sql 'SELECT count(*) FROM gaia' \(closed)")
    #expect(query.status == 0, "\(query)")
    let shell = try folder.bash("timeout 60 $XMDB sql \(closed)")
    #expect(shell.status == 0 || !closed.contains("<"), "\(shell)")
    let verify = try folder.xmdb("verify")
    #expect(verify.status == 0, "\(verify)")
  }

  @Test func filesThatMayNotGrowAreAnError() throws {
    let folder = try Hyades.database()
    for blocks in [0, 1, 8, 64, 200] {
      let limited = "trap '' XFSZ; ulimit -f \(blocks); "
      for command in [Self.ingest, "$XMDB -q match gaia hip --redo"] {
        let result = try folder.bash("ulimit -f \(blocks); \(command)")
        #expect(result.status == 0 || result.status == 1, "\(blocks): \(result)")
        // What was said went into a file, too.
        if result.status == 1 && blocks > 0 { #expect(result.error.hasPrefix("Error: "), "\(blocks): \(result)") }
        #expect(try folder.bash(limited + command).status <= 1)
      }
      let verify = try folder.xmdb("verify")
      #expect(verify.status == 0, "\(blocks): \(verify)")
    }
  }

  @Test func tooFewDescriptorsAreAnError() throws {
    let folder = try Hyades.database()
    for count in [4, 5, 8, 15] {
      let result = try folder.bash("ulimit -n \(count); $XMDB info")
      #expect(result.status == 1 && result.error.contains("ulimit -n"), "\(count): \(result)")
    }
    for count in [16, 20, 24, 32] {
      let result = try folder.bash("ulimit -n \(count); $XMDB -q match gaia hip --redo")
      #expect(result.status <= 1, "\(count): \(result)")
    }
    #expect(try folder.xmdb("verify").status == 0)
  }

  /// With less than about 155 MB the loader of the system ends the process before it begins.
  @Test func tooLittleAddressSpaceIsAnError() throws {
    let folder = try Workdir()
    for megabytes in [160, 180, 200] {
      let result = try folder.bash("ulimit -v \(megabytes * 1024); $XMDB version")
      let isLoader = result.status == 127 && result.error.contains("shared libraries")
      #expect(isLoader || (result.status == 1 && result.error.contains("ulimit -v")), "\(megabytes): \(result)")
    }
  }

  @Test func namesThatAreNotTextAreRefused() throws {
    let folder = try Hyades.database()
    for command in [
      "$XMDB --db $'\\xff' info", "XMDB_DB=$'\\xff' $XMDB info", "$XMDB export gaia hip --to $'out\\xfe'",
      "$XMDB match gaia hip --scratch $'\\xff'",
    ] {
      let result = try folder.bash(command)
      #expect(result.status == 2 && result.error.contains("is not UTF-8"), "\(command): \(result)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["sky.xmdb"])
  }

  @Test func pathsThatAreTooLongForSQLiteAreNamedAsSuch() throws {
    let folder = try Hyades.matched()
    let deep = (0..<6).map { _ in String(repeating: "d", count: 90) }.joined(separator: "/")
    try FileManager.default.createDirectory(atPath: folder.path(deep), withIntermediateDirectories: true)
    let new = try folder.start(Hyades.ingestGaia + ["--db", deep + "/sky.xmdb"]).wait()
    #expect(new.status == 2 && new.error.contains("bytes from the root"), "\(new)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(deep)) == [])
    let moved = try folder.bash("cp -r sky.xmdb \(deep)/ && $XMDB info --db \(deep)/sky.xmdb")
    #expect(moved.status == 1 && moved.error.contains("SQLite allows"), "\(moved)")
    let scratch = try folder.start(["match", "gaia", "hip", "--redo", "--scratch", deep]).wait()
    #expect(scratch.status == 1 && scratch.error.contains("SQLite allows"), "\(scratch)")
    // No SQLite in these.
    let export = try folder.start(["export", "gaia", "hip", "--to", deep + "/out"]).wait()
    #expect(export.status == 0, "\(export)")
  }
}
