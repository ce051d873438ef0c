import CatalogStore
import Foundation
import Testing
import XMDBTestSupport

@Suite struct FileSystemTests {
  let workdir: Workdir

  init() throws { workdir = try Workdir("files with space") }

  @Test func foldersAreCreatedWithThoseAbove() throws {
    let deep = workdir.path("a/b c/d%20/é")
    try FileSystem.createDirectories(deep)
    try FileSystem.createDirectories(deep + "/")
    #expect(FileSystem.isDirectory(deep))
    #expect(FileSystem.list(workdir.path("a")) == ["b c"])
  }

  @Test func aFileInTheWayOfAFolderIsAnError() throws {
    let file = try workdir.write(Data(), to: "file")
    for path in [file, file + "/below"] {
      let error = try #require(throws: StoreError.self) { try FileSystem.createDirectories(path) }
      #expect(error.code == .system)
    }
  }

  @Test func listsAreSortedAndEmptyForNothing() throws {
    for name in ["b", "a", ".hidden", "Z"] { try workdir.write(Data(), to: "list/" + name) }
    #expect(FileSystem.list(workdir.path("list")) == [".hidden", "Z", "a", "b"])
    #expect(FileSystem.list(workdir.path("absent")) == [])
  }

  @Test func sizesAreThoseOfTheFile() throws {
    #expect(FileSystem.size(try workdir.write(Data(count: 12_345), to: "f")) == 12_345)
    #expect(FileSystem.size(workdir.path("absent")) == nil)
  }

  @Test func renamingReplacesInOneStep() throws {
    let old = try workdir.write(Data("old".utf8), to: "target")
    let new = try workdir.write(Data("new".utf8), to: "draft")
    try FileSystem.rename(new, to: old)
    #expect(try String(contentsOfFile: old, encoding: .utf8) == "new")
    #expect(!FileSystem.exists(new))
    let error = try #require(throws: StoreError.self) { try FileSystem.rename(new, to: old) }
    #expect(error.description.contains(new) && error.description.contains(old))
  }

  @Test(arguments: [
    ("/a/b", "/a", "b"), ("/a", "/", "a"), ("a", ".", "a"), ("a/b", "a", "b"), ("/a/b/", "/a/b", "b"),
  ])
  func pathsHaveParentsAndNames(path: String, parent: String, name: String) {
    #expect(FileSystem.parent(path) == parent)
    #expect(FileSystem.name(path) == name)
  }

  @Test func absolutePathsBeginAtTheRoot() throws {
    let file = try workdir.write(Data(), to: "f")
    try FileManager.default.createSymbolicLink(atPath: workdir.path("link"), withDestinationPath: file)
    #expect(FileSystem.absolute(workdir.path("link")) == FileSystem.absolute(file))
    #expect(FileSystem.absolute("no/such/file").hasPrefix("/"))
    #expect(FileSystem.absolute("/no/such/file") == "/no/such/file")
  }

  @Test func aTextFileAppearsOnlyWhenItIsComplete() throws {
    let path = workdir.path("out.csv")
    do {
      let abandoned = try FileWriter(path: path)
      try abandoned.write("half")
    }
    #expect(FileSystem.list(workdir.path) == [])
    let writer = try FileWriter(path: path)
    for _ in 0..<100_000 { try writer.write("0123456789") }
    try writer.write(bytes: [10])
    #expect(!FileSystem.exists(path))
    let fingerprint = try writer.publish()
    #expect(writer.byteCount == 1_000_001)
    #expect(FileSystem.size(path) == 1_000_001)
    #expect(try fingerprint == Fingerprint(ofFile: path))
    #expect(FileSystem.list(workdir.path) == ["out.csv"])
  }
}
