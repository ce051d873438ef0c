import ArgumentParser
import CatalogStore

/// The program: its commands, and the options that may stand before them.
struct XMDB: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "xmdb",
    abstract: "An embedded database for sky catalogues, with a probabilistic cross-match.",
    discussion: """
      A database is a folder: --db DIR, else $XMDB_DB, else ./sky.xmdb.

      EXAMPLES
        xmdb ingest gaia.parquet
        xmdb ingest catwise.parquet
        xmdb match gaia catwise
        xmdb sql "SELECT * FROM xmatch('gaia', 'catwise') LIMIT 10"
        xmdb export gaia catwise --to out/

      EXIT STATUS
        0         done
        1         the work failed
        2         the command was used wrongly
        3         the database or an input is damaged
        75        stopped before the end of the job's time; the same command goes on
        130, 143  stopped by a signal; the same command goes on from there
      """,
    version: "xmdb " + Program.version,
    subcommands: [
      IngestCommand.self, ProfilesCommand.self, InfoCommand.self, CorrectCommand.self, MatchCommand.self,
      MatchAllCommand.self, JoinCommand.self,
      RunsCommand.self,
      StatusCommand.self, ExplainCommand.self,
      CalibrateCommand.self,
      SQLCommand.self, ServeCommand.self,
      ExportCommand.self, ImportResultsCommand.self, PublishCommand.self, VerifyCommand.self, DropCommand.self,
      RenameCommand.self,
      SimulateCommand.self,
      SimulateScheduleCommand.self, SuperviseCommand.self,
      VersionCommand.self,
    ])

  @OptionGroup var global: GlobalOptions
}

/// A command that can be run.
protocol XMDBCommand: ParsableCommand {
  /// Does the work; what is thrown decides the exit status.
  func run(in process: CommandProcess) throws
}
