import Foundation
import Testing
import XMDBTestSupport

/// Around every command that is given somebody's folder, the files of that folder are the same, to the byte.
@Suite struct ForeignFilesTests {
  private func run(_ command: [String], _ folder: Workdir, _ tree: ForeignTree) throws -> ProgramResult {
    let result = try folder.start(command).wait()
    tree.expectUntouched(command.joined(separator: " "))
    return result
  }

  @Test func aFolderOfOtherFilesIsNotTakenForADatabase() throws {
    let folder = try Workdir()
    let tree = try ForeignTree(in: folder, "project")
    let database = ["--db", "project"]
    for command in [
      Hyades.ingestGaia, ["match", "gaia", "hip"], ["match-all", "gaia", "hip"], ["info"], ["runs"], ["status"],
      ["sql", "SELECT * FROM gaia"], ["verify"], ["export", "gaia", "hip", "--to", "out"], ["calibrate", "1"],
      ["explain", "gaia", "hip", "1"], ["drop", "gaia", "--yes"], ["rename", "gaia", "g"],
      Hyades.ingestGaia + ["--locks", "file"], ["info", "--break-lock", "--locks", "file"],
    ] {
      let result = try run(command + database, folder, tree)
      // A query is compiled before anything is opened.
      #expect(result.status == 2 || (command[0] == "sql" && result.status == 1), "\(command): \(result)")
      #expect(tree.added == [], "\(command)")
    }
    let ingest = try run(Hyades.ingestGaia + database, folder, tree)
    #expect(ingest.error.contains("is no database of xmdb and is not empty") && ingest.error.contains("--db sky.xmdb"))
  }

  /// A database into which somebody has put files of theirs.
  @Test func filesBesideADatabaseStay() throws {
    let folder = try Hyades.matched()
    try FileManager.default.moveItem(atPath: folder.path("sky.xmdb"), toPath: folder.path("kept.xmdb"))
    let tree = try ForeignTree(in: folder, "sky.xmdb", inDatabase: true)
    let copied = try folder.bash("cp -rn kept.xmdb/. sky.xmdb/")
    try #require(copied.status == 0, "\(copied)")
    for command in [
      Hyades.ingestHipparcos + ["--replace"], ["match", "gaia", "hip"], ["match", "gaia", "hip", "--redo"],
      ["verify", "hip"], ["export", "gaia", "hip", "--to", "out"], ["drop", "hip", "--with-runs", "--yes"],
    ] {
      let result = try run(command, folder, tree)
      #expect(result.status == 0 || command[0] == "verify", "\(command): \(result)")
    }
  }

  @Test func theFoldersThatAreWrittenToKeepTheirFiles() throws {
    let folder = try Hyades.matched()
    let tree = try ForeignTree(in: folder, "mine")
    let export = ["export", "gaia", "hip", "--to", "mine"]
    #expect(try run(export, folder, tree).status == 0)
    #expect(try run(export, folder, tree).status == 0)
    #expect(tree.added.contains("matches.csv"))
    let divided = try run(export + ["--per-pixel", "3"], folder, tree)
    #expect(divided.status == 2 && divided.error.contains("no export of xmdb has written it"), "\(divided)")
    #expect(try run(["match", "gaia", "hip", "--redo", "--scratch", "mine"], folder, tree).status == 0)
    #expect(try run(["simulate", "--to", "mine", "--sources", "100"], folder, tree).status == 0)
    #expect(try run(["calibrate", "gaia", "hip", "--to", "mine"], folder, tree).status == 0)
    #expect(try run(["calibrate", "gaia", "hip", "--to", "mine"], folder, tree).status == 0)
    let added = tree.added.filter { $0.hasPrefix(".") || $0.contains("draft") }
    #expect(added == [], "\(added)")
  }

  @Test func aFileOfTheSameNameIsRefusedUnlessForced() throws {
    let folder = try Hyades.matched()
    let database = try folder.xmdb("calibrate", "gaia", "hip", "--to", "tables")
    try #require(database.status == 0, "\(database)")
    let table = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path("tables")).first)
    for (command, name) in [
      (["simulate", "--to", "mine", "--sources", "50"], "a.parquet"),
      (["export", "gaia", "hip", "--to", "mine"], "matches.csv"),
      (["calibrate", "gaia", "hip", "--to", "mine"], table),
    ] {
      let path = try folder.write(Data("mine".utf8), to: "mine/" + name)
      let refused = try folder.start(command).wait()
      #expect(refused.status == 2 && refused.error.contains("--force"), "\(refused)")
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("mine")) == [name])
      for again in [command + ["--force"], command] {
        let result = try folder.start(again).wait()
        #expect(result.status == 0, "\(again): \(result)")
      }
      try FileManager.default.removeItem(atPath: folder.path("mine"))
    }
  }

  @Test func aLogIsNotAddedToAnotherFile() throws {
    let folder = try Hyades.database()
    let path = try folder.write(Data("mine\n".utf8), to: "gaia.txt")
    let refused = try folder.xmdb("match", "gaia", "hip", "--log", "gaia.txt")
    #expect(refused.status == 2 && refused.error.contains("no log of xmdb"), "\(refused)")
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine\n")
    for log in ["new.log", "new.log", "/dev/null"] {
      #expect(try folder.xmdb("match", "gaia", "hip", "--redo", "--log", log).status == 0)
    }
  }

  /// As docs/data-centre.md advises: folders of a database on other disks, by links.
  @Test func catalogueAndRunFoldersMayBeLinks() throws {
    let folder = try Workdir()
    for name in ["runs", "catalogues"] {
      try folder.write(Data(), to: "disk/\(name)/.keep")
      try folder.write(Data(), to: "sky.xmdb/project.yaml")
      try FileManager.default.createSymbolicLink(
        atPath: folder.path("sky.xmdb/" + name), withDestinationPath: folder.path("disk/" + name))
      try FileManager.default.removeItem(atPath: folder.path("disk/\(name)/.keep"))
    }
    for command in [
      Hyades.ingestGaia, Hyades.ingestHipparcos, ["match", "gaia", "hip"], Hyades.ingestHipparcos + ["--replace"],
      ["match", "gaia", "hip"], ["verify"],
    ] {
      let result = try folder.start(command).wait()
      #expect(result.status == 0, "\(command): \(result)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("disk/catalogues/hip")).count == 1)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("disk/runs")).count == 1)
    // Somebody else's folder behind the link.
    try folder.write(Data("mine".utf8), to: "disk/runs/99/Norder=0/Npix=0.sqlite")
    let refused = try folder.xmdb("match", "gaia", "hip", "--redo")
    #expect(refused.status == 2 && refused.error.contains("which holds 99"), "\(refused)")
    #expect(FileManager.default.fileExists(atPath: folder.path("disk/runs/99/Norder=0/Npix=0.sqlite")))
  }
}
