import Foundation
import Testing
import XMDBTestSupport

@Suite struct HelpTests {
  private func help(_ arguments: [String]) throws -> String {
    let result = try Workdir().start(arguments + ["--help"], environment: ["COLUMNS": "100"]).wait()
    #expect(result.status == 0 && result.error.isEmpty, "\(result)")
    return result.output
  }

  /// The commands that the program lists.
  private func commands() throws -> [String] {
    let text = try help([])
    let start = try #require(text.range(of: "SUBCOMMANDS:\n"), "\(text)").upperBound
    let list = text[start...].components(separatedBy: "\n\n")[0]
    return list.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }.map {
      String($0.split(separator: " ")[0])
    }
  }

  /// The sections `## xmdb NAME` of docs/cli.md.
  private func sections() throws -> [String: String] {
    let page = ProjectPaths.packageRoot.appendingPathComponent("docs/cli.md")
    var sections: [String: String] = [:]
    for part in try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n## ")
    where part.hasPrefix("xmdb ") {
      let title = part.prefix { $0 != "\n" }
      sections[String(title.dropFirst("xmdb ".count))] = part
    }
    return sections
  }

  private func options(_ text: some StringProtocol) -> Set<String> {
    Set(String(text).matches(of: /--[a-z][a-z0-9-]*/).map { String($0.output) })
  }

  @Test func everyCommandIsDocumentedAndNoOther() throws {
    let commands = try commands()
    #expect(commands.count >= 8)
    #expect(Set(commands) == Set(try sections().keys))
  }

  @Test func everyOptionIsDocumentedAndNoOther() throws {
    let sections = try sections()
    // Said once for all commands, at the top of the page.
    let common: Set = ["--db", "--locks", "--break-lock", "--quiet", "--json", "--help", "--version"]
    // Of mpirun and of MySQL's client, and of an ingest before a drop and an export before an import: in examples.
    let foreign: Set = ["--oversubscribe", "--local-infile"]
    let before: [String: Set<String>] = [
      "drop": ["--as"], "join": ["--listen", "--redo"],
      "import-results": ["--run", "--to", "--out", "--join", "--columns"],
    ]
    for command in try commands() {
      let text = try help([command])
      let help = text[try #require(text.range(of: "OPTIONS:"), "\(text)").upperBound...]
      let documented = options(sections[command] ?? "").subtracting(foreign).subtracting(before[command] ?? [])
      #expect(options(help).subtracting(common) == documented.subtracting(common), "xmdb \(command)")
    }
  }

  @Test func everyCommandsHelpHasExamples() throws {
    for command in try commands() {
      let text = try help([command])
      #expect(text.contains("EXAMPLES\n  xmdb \(command)"), "xmdb \(command)")
      #expect(text.contains("--db <dir>") && text.contains("--quiet"), "xmdb \(command)")
    }
  }

  @Test func withoutACommandTheHelpIsPrinted() throws {
    let result = try Workdir().xmdb(environment: ["COLUMNS": "100"])
    #expect(result.status == 0)
    #expect(result.output == (try help([])))
  }

  @Test func theVersionsAreSaid() throws {
    let folder = try Workdir()
    #expect(try folder.xmdb("version").output.hasPrefix("xmdb 0."))
    let json = try folder.xmdb("version", "--json").json() as? [String: String]
    #expect(json?.keys.sorted() == ["arrow", "sqlite", "xmdb"])
    #expect(try folder.xmdb("--version").output == "xmdb \(json?["xmdb"] ?? "")\n")
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsAreWrittenFor(shell: String) throws {
    let result = try Workdir().xmdb("--generate-completion-script", shell)
    #expect(result.status == 0 && result.error.isEmpty && result.output.contains("match-all"), "\(result)")
  }
}
