import ArgumentParser
import SQLExt

/// `xmdb explain`.
struct ExplainCommand: XMDBCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show why a source has the counterpart it has, or none.",
    discussion: """
      Every candidate of the source with all factors of its probability, the island that they form with their rivals, and \
      why each candidate won or lost. Read from the newest finished run of A and B; without one, the source's surroundings \
      are matched on the spot. ID may belong to either catalogue; if both have it, both sources are shown. The same in SQL: \
      xm_explain; other priors or no magnitudes: xm_what_if.

      EXAMPLES
        xmdb explain gaia catwise 47917816253918720
        xmdb explain gaia catwise J043335.01+162301.2 --json
        xmdb explain gaia hip 21459 --which hip
      """)

  @Argument(help: "The first catalogue.") var a: String
  @Argument(help: "The second catalogue.") var b: String
  @Argument(help: "The source's identifier; in a catalogue without any, its xm_rowid.") var id: String
  @Option(help: ArgumentHelp("The catalogue that the id belongs to, where both have it.", valueName: "catalogue"))
  var which: String?
  @Option(help: ArgumentHelp("The run to read; without it, the newest. `xmdb runs` lists them.", valueName: "number"))
  var run: Int64?
  @OptionGroup var facts: FactsOptions
  @OptionGroup var global: GlobalOptions

  func run(in process: CommandProcess) throws {
    let context = XMDBContext(
      databasePath: try global.database().path, locks: try global.lockMode(), cancellation: process.signals.cancellation
    )
    let explanations = try answer(in: context)
    if facts.json {
      return try process.output.line(JSONValue.list(explanations.map { ExplainReport($0).json }).pretty)
    }
    for (position, explanation) in explanations.enumerated() {
      if position > 0 { try process.output.line("") }
      for line in ExplainReport(explanation).lines { try process.output.line(line) }
    }
  }

  private func answer(in context: XMDBContext) throws -> [Explanation] {
    do {
      return try ExplainQuestion(a: a, b: b, id: id, which: which, run: run).answer(in: context)
    } catch let error as SQLFunctionError {
      throw SQLError(description: error.message, code: error.sqliteCode)
    }
  }
}
