import Foundation
import Testing
import XMDBTestSupport

@testable import xmdb

@Suite struct HistoryFileTests {
  @Test(arguments: ["SELECT 1;", "a\nb\\n\\c", "\\", "\\\\\n", "é∂😀", "tab\tbed\r\n"])
  func entriesComeBackAsTheyWere(entry: String) {
    let line = HistoryFile.encoded(entry)
    #expect(!line.unicodeScalars.contains("\n") && HistoryFile.decoded(line) == entry)
  }

  @Test func whatBeginsWithABlankIsNotKept() {
    #expect(HistoryFile.isKept("SELECT 1;"))
    for entry in ["", " SELECT 1;", "\n\n", "a\u{0}b", String(repeating: "x", count: 200_000)] {
      #expect(!HistoryFile.isKept(entry))
    }
  }

  @Test func theEnvironmentNamesTheFile() {
    func path(_ settings: [String: String]) -> String? { HistoryFile { settings[$0] }?.path }
    #expect(path(["XMDB_HISTORY": "/a/b", "HOME": "/h"]) == "/a/b")
    #expect(path(["XMDB_HISTORY": "", "HOME": "/h"]) == nil)
    #expect(path(["XDG_STATE_HOME": "/s", "HOME": "/h"]) == "/s/xmdb/history")
    #expect(path(["XDG_STATE_HOME": "relative", "HOME": "/h"]) == "/h/.local/state/xmdb/history")
    #expect(path([:]) == nil)
  }

  @Test func theFileIsItsOwnersAndHasTheNewestEntries() throws {
    let file = HistoryFile(path: try Workdir().path + "/deep/er/history")
    #expect(file.load() == [])
    for number in 0..<(2 * HistoryFile.mostEntries + 10) { file.add("SELECT\n\(number);") }
    let entries = file.load()
    #expect(entries.last == "SELECT\n\(2 * HistoryFile.mostEntries + 9);")
    #expect((HistoryFile.mostEntries..<2 * HistoryFile.mostEntries).contains(entries.count))
    let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func whatIsNoFileIsLeftAlone() throws {
    let folder = try Workdir()
    for path in [folder.path, "/dev/null", "/proc/nowhere/history", folder.path + "/\u{0}"] {
      let file = HistoryFile(path: path)
      file.add("SELECT 1;")
      #expect(file.load() == [])
    }
    let damaged = HistoryFile(path: try folder.write(Data([0xff, 0xfe, 10, 92, 10, 0, 10, 65]), to: "damaged"))
    #expect(damaged.load().last == "A")
  }

  @Test func severalShellsAddAtATime() async throws {
    let path = try Workdir().path + "/history"
    try await withThrowingTaskGroup(of: Void.self) { group in
      for task in 0..<4 {
        group.addTask { for number in 0..<50 { HistoryFile(path: path).add("SELECT \(task), \(number);") } }
      }
      try await group.waitForAll()
    }
    #expect(Set(HistoryFile(path: path).load()).count == 200)
  }
}
