import Foundation
import Testing
import XMDBTestSupport

@testable import CatalogStore

@Suite struct DraftTests {
  private let workdir: Workdir

  init() throws { workdir = try Workdir() }

  private func names() -> [String] { FileSystem.list(workdir.path) }

  @Test func everyDraftHasANameOfItsOwn() throws {
    let drafts = try (0..<100).map { _ in try Draft(in: workdir.path) }
    #expect(Set(drafts.map(\.path)).count == 100)
    #expect(names().allSatisfy { OwnName.isDraft($0) })
    withExtendedLifetime(drafts) {}
  }

  @Test func anAbandonedDraftVanishes() throws {
    do { _ = try Draft(in: workdir.path) }
    do { _ = try DraftFolder(in: workdir.path) }
    #expect(names() == [])
  }

  @Test func aPublishedDraftStaysUnderItsName() throws {
    do {
      let source = try workdir.write(Data("text".utf8), to: "source")
      let draft = try Draft(in: workdir.path)
      #expect(try draft.copy(from: source) == Fingerprint(ofFile: source))
      try draft.publish(as: workdir.path("target"))
      // The same file under two names already: renaming one to the other does nothing.
      try Draft.linking(source, in: workdir.path).publish(as: source)
      try Draft.linking(source, in: workdir.path).publish(as: workdir.path("linked"))
    }
    #expect(names() == ["linked", "source", "target"])
    #expect(try String(contentsOfFile: workdir.path("target"), encoding: .utf8) == "text")
  }

  /// A draft of a process that is gone is unlocked; one that is worked on is not.
  @Test func leftoversAreRemovedAndWorkIsNot() throws {
    let alive = try Draft(in: workdir.path)
    let aliveFolder = try DraftFolder(in: workdir.path)
    let own = [Draft.newName(), Draft.newName()]
    try workdir.write(Data("half".utf8), to: own[0])
    try workdir.write(Data("half".utf8), to: own[1] + "/Norder=3/Npix=7.csv")
    let others = [
      ".xmdb-0000000g-0123456789abcdef.draft", ".xmdb-00000000-0123456789abcdef.draft", ".xmdb.draft", "notes.draft",
      ".matches.csv.draft",
    ]
    for name in others { try workdir.write(Data("mine".utf8), to: name) }
    Draft.removeLeftovers(in: workdir.path)
    #expect(Set(names()) == Set([alive.path, aliveFolder.path].map(FileSystem.name) + others))
    // Of another machine: it must have lain there for long.
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -100_000)], ofItemAtPath: workdir.path(others[1]))
    Draft.removeLeftovers(in: workdir.path)
    #expect(!names().contains(others[1]))
    withExtendedLifetime((alive, aliveFolder)) {}
  }

  @Test func foreignFilesInAFolderOfDraftsStay() throws {
    let name = Draft.newName()
    for file in ["Norder=3/Npix=7.csv", "Norder=3/notes.txt", "mine.csv"] {
      try workdir.write(Data("x".utf8), to: name + "/" + file)
    }
    Draft.removeLeftovers(in: workdir.path)
    #expect(FileSystem.list(workdir.path(name)) == ["Norder=3", "mine.csv"])
    #expect(FileSystem.list(workdir.path(name + "/Norder=3")) == ["notes.txt"])
  }

  @Test func aLinkWithTheNameOfADraftIsNotFollowed() throws {
    try workdir.write(Data("mine".utf8), to: "elsewhere/Norder=0/Npix=1.csv")
    try FileManager.default.createSymbolicLink(
      atPath: workdir.path(Draft.newName()), withDestinationPath: workdir.path("elsewhere"))
    try FileManager.default.createSymbolicLink(
      atPath: workdir.path(Draft.newName()), withDestinationPath: workdir.path("elsewhere/Norder=0/Npix=1.csv"))
    Draft.removeLeftovers(in: workdir.path)
    #expect(FileSystem.exists(workdir.path("elsewhere/Norder=0/Npix=1.csv")))
    #expect(names().count == 3)
  }
}
