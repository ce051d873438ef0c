import ArgumentParser
import CProcessor
import CSQLiteBoot
import CatalogStore
import Glibc

/// The program's entry: parses, runs, and turns every outcome into a message and an exit status.
@main
enum Main {
  static func main() {
    // Before anything else: code for a newer processor would end in an illegal instruction.
    xmdb_cpu_require(ExitStatus.usedWrongly.rawValue)
    Crash.endsAtOnce()
    ProcessSetup.connectStandardDescriptors()
    ProcessSetup.ignoreFileSizeSignal()
    let process: CommandProcess
    do {
      try ProcessSetup.requireLimits()
      process = try CommandProcess()
    } catch {
      standardError("Error: \(error)\n")
      // Without what libraries would do at the end, which may need more than there is.
      _exit(ExitStatus(error).rawValue)
    }
    exit(execute(in: process).rawValue)
  }

  private static func execute(in process: CommandProcess) -> ExitStatus {
    do {
      try ProcessSetup.requireTextArguments()
      try boot()
      try CommandName.check(Array(CommandLine.arguments.dropFirst()))
      var command = try XMDB.parseAsRoot()
      if let command = command as? any XMDBCommand { try command.run(in: process) } else { try command.run() }
      try process.output.flush()
      return .done
    } catch {
      return process.report(error)
    }
  }

  private static func boot() throws {
    let code = xsql_bootstrap()
    if code != 0 { throw StoreError(.system, "SQLite", "cannot be started (result code \(code)); check libsqlite3") }
  }
}
