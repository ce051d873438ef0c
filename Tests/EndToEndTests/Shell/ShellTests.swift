import Foundation
import Testing
import XMDBTestSupport

/// The shell as a person sees it: on a pseudo-terminal.
@Suite struct ShellTests {
  /// A shell on a terminal of its own.
  private final class Terminal {
    private let main: Int32
    /// TIOCSPTLCK and TIOCGPTN: what unlockpt and ptsname do, which Swift does not import.
    private static let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)
    let program: RunningProgram
    private(set) var seen = ""

    /// - Parameter kind: As in `$TERM`: one that lines are edited in, or a plain one.
    init(_ folder: Workdir, _ arguments: [String], kind: String) throws {
      main = open("/dev/ptmx", O_RDWR | O_NOCTTY)
      var (locked, number): (Int32, Int32) = (0, -1)
      let isReady = ioctl(main, Self.setLock, &locked) == 0 && ioctl(main, Self.getNumber, &number) == 0
      try #require(main >= 0 && isReady)
      let other = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
      defer { close(other) }
      program = try folder.start(
        arguments, environment: ["TERM": kind], input: other, output: other, error: other)
      _ = fcntl(main, F_SETFL, O_NONBLOCK)
    }

    deinit { close(main) }

    func type(_ text: String) { _ = text.withCString { write(main, $0, strlen($0)) } }

    /// Reads until `text` has been printed since the last call, or 60 s have passed.
    func waitFor(_ text: String) -> Bool {
      let deadline = Date().addingTimeInterval(60)
      var bytes = [UInt8](repeating: 0, count: 4096)
      while Date() < deadline {
        let count = read(main, &bytes, bytes.count)
        if count > 0 { seen += String(decoding: bytes[..<count], as: UTF8.self) }
        if let range = seen.range(of: text) {
          seen.removeSubrange(seen.startIndex..<range.upperBound)
          return true
        }
        if count <= 0 { usleep(5000) }
      }
      return false
    }
  }

  @Test(arguments: ["dumb", "xterm"]) func aPersonGetsAPromptAndGoesOnAfterAnError(kind: String) throws {
    let terminal = try Terminal(Workdir(), ["sql"], kind: kind)
    #expect(terminal.waitFor("xmdb> "))
    terminal.type("SELECT 40\n")
    #expect(terminal.waitFor("  ..> "), "\(terminal.seen)")
    terminal.type("+ 2 AS answer;\n")
    #expect(terminal.waitFor("42"), "\(terminal.seen)")
    terminal.type("SELECT nope;\n")
    #expect(terminal.waitFor("Error: no such column: nope"), "\(terminal.seen)")
    terminal.type(".mode json\nSELECT 1 AS a;\n")
    #expect(terminal.waitFor("{\"a\": 1}"), "\(terminal.seen)")
    terminal.type(".help\n")
    #expect(terminal.waitFor(".mode [MODE]"), "\(terminal.seen)")
    terminal.type(".quit\n")
    #expect(try terminal.program.wait(limit: 60).status == 0)
  }

  @Test(arguments: ["dumb", "xterm"]) func controlCStopsAStatementNotTheShell(kind: String) throws {
    let terminal = try Terminal(Workdir(), ["sql", "--quiet"], kind: kind)
    #expect(terminal.waitFor("xmdb> "))
    terminal.type("WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT sum(i) FROM c;\n")
    usleep(400_000)
    terminal.program.send(SIGINT)
    #expect(terminal.waitFor("Error: interrupted"), "\(terminal.seen)")
    #expect(terminal.waitFor("xmdb> "))
    terminal.type("SELECT 'unfinished\n")
    #expect(terminal.waitFor("  ..> "))
    terminal.program.send(SIGINT)
    #expect(terminal.waitFor("xmdb> "))
    terminal.type("SELECT 6 * 7;\n")
    #expect(terminal.waitFor("42"), "\(terminal.seen)")
    terminal.type("\u{04}")
    #expect(try terminal.program.wait(limit: 60).status == 0)
  }

  @Test(arguments: ["dumb", "xterm"]) func terminationEndsTheShell(kind: String) throws {
    let terminal = try Terminal(Workdir(), ["sql"], kind: kind)
    #expect(terminal.waitFor("xmdb> "))
    terminal.program.send(SIGTERM)
    #expect(try terminal.program.wait(limit: 60).status == 143)
  }

  @Test func theCataloguesAreListed() throws {
    let folder = try Hyades.database()
    let result = try folder.xmdb(["sql"], input: ".tables\n")
    #expect(result.status == 0, "\(result)")
    #expect(result.output.contains("gaia") && result.output.contains("3,872"), "\(result)")
  }
}
