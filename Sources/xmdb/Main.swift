import ArgumentParser
import CSQLiteBoot
import CatalogStore
import Glibc

/// The program's entry: parses, runs, and turns every outcome into a message and an exit status.
@main
enum Main {
  static func main() {
    let process = CommandProcess()
    exit(execute(in: process).rawValue)
  }

  private static func execute(in process: CommandProcess) -> ExitStatus {
    do {
      try boot()
      var command = try XMDB.parseAsRoot()
      if let command = command as? any XMDBCommand { try command.run(in: process) } else { try command.run() }
      try process.output.flush()
      return .done
    } catch {
      return process.report(error)
    }
  }

  private static func boot() throws {
    keepFreedMemory()
    let code = xsql_bootstrap()
    if code != 0 { throw StoreError(.system, "SQLite", "cannot be started (result code \(code)); check libsqlite3") }
  }

  /// Unit after unit asks for columns of some megabytes. By default each would be mapped, cleared by the kernel and unmapped
  /// again, which is a tenth of a match.
  private static func keepFreedMemory() {
    _ = mallopt(M_MMAP_THRESHOLD, 64 << 20)
    _ = mallopt(M_TRIM_THRESHOLD, 128 << 20)
  }
}
