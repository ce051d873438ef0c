import ArgumentParser
import CatalogStore
import Glibc

/// `xmdb status`.
struct StatusCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the runs that are not finished, and how far they are.",
    discussion: """
      Can be asked at any time, from any machine that sees the database: it reads, and stops nobody. A run that nobody \
      works on is shown with the reason; the command that began it goes on with it.

      EXAMPLES
        xmdb status
        xmdb status --watch
        xmdb status --json
      """)

  @Flag(help: "Show it every second, until nothing runs any more.") var watch = false
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  /// Seconds between two looks.
  private static let interval = 1.0

  func run(in process: CommandProcess) throws {
    let database = try global.database()
    while true {
      let report = try StatusReport(database)
      try show(report, process.output)
      if !watch || !report.isAnythingRunning { return }
      let end = Program.seconds() + Self.interval
      while Program.seconds() < end {
        if process.signals.cancellation.isRequested { return }
        usleep(50_000)
      }
    }
  }

  private func show(_ report: StatusReport, _ output: StandardOutput) throws {
    if facts.json {
      try output.line(report.json.pretty)
    } else {
      if watch && output.isTerminal { try output.write("\u{1b}[H\u{1b}[2J") }
      for line in report.lines { try output.line(line) }
    }
    try output.flush()
  }
}
