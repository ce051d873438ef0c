import CatalogStore
import Logging
import MatchRun

/// Tells people how a run goes: a line on a terminal, else a line every ten seconds; the log; the status file.
final class RunReporter: Sendable {
  private struct State {
    var nextLine: Double
    var status: RunStatusFile?
  }

  private let line: Progress
  private let logger: Logger
  private let database: SkyDatabase
  private let state: Guarded<State>

  /// Seconds between two lines where there is no terminal.
  private static let interval = 10.0

  /// - Parameters:
  ///   - quiet: Nothing on standard error.
  ///   - sink: Where the log goes.
  init(database: SkyDatabase, quiet: Bool, sink: LogSink, level: Logger.Level) {
    self.database = database
    line = Progress(quiet: quiet)
    logger = Logger(label: "xmdb.match") { _ in LineLogHandler(sink, level: level) }
    state = Guarded(State(nextLine: Program.seconds() + Self.interval))
  }

  /// Something happened, or a second has passed.
  func take(_ progress: RunProgress) {
    line.show { RunText.line(progress) }
    record(progress)
    let now = Program.seconds()
    state.withLock { state in
      if state.status?.run != progress.run { state.status = RunStatusFile(database: database, run: progress.run) }
      state.status?.write(progress, at: now)
      if now >= state.nextLine {
        state.nextLine = now + Self.interval
        logger.info("progress", metadata: RunText.metadata(progress), source: LineLogHandler.forPeople)
      }
    }
  }

  private func record(_ progress: RunProgress) {
    var metadata: Logger.Metadata = ["run": "\(progress.run)", "stage": "\(progress.stage.name)"]
    switch progress.event {
    case .began: logger.info("stage began", metadata: RunText.metadata(progress))
    case .done(let pixel, let rank, let seconds):
      metadata["chunk"] = "\(pixel)"
      metadata["rank"] = "\(rank)"
      metadata["seconds"] = "\(Format.significant(seconds, 4))"
      logger.debug("done", metadata: metadata)
    case .failed(let pixel, let rank, let attempt, let reason):
      metadata["chunk"] = "\(pixel)"
      metadata["rank"] = "\(rank)"
      metadata["attempt"] = "\(attempt)"
      metadata["reason"] = "\(reason)"
      logger.warning("failed; it will be tried again", metadata: metadata)
    case .setAside(let pixel, let reason):
      metadata["chunk"] = "\(pixel)"
      metadata["reason"] = "\(reason)"
      logger.error("set aside; the run goes on without it", metadata: metadata)
    case .stopping(let reason):
      metadata["reason"] = "\(reason)"
      logger.warning("stopping: no more work is handed out", metadata: metadata)
    case .joined(let rank, let threads):
      logger.info(
        "a process takes part", metadata: metadata.merging(["rank": "\(rank)", "threads": "\(threads)"]) { $1 })
    case .left(let rank, let reason):
      metadata["rank"] = "\(rank)"
      metadata["reason"] = "\(reason)"
      logger.warning("a process takes no part any more; others do its work", metadata: metadata)
    case .tick: break
    }
  }

  /// The run is over.
  func end(_ outcome: MatchDriver.Outcome) {
    line.clear()
    state.withLock { state in
      state.status?.end(outcome.isComplete ? nil : outcome.isCutShort ? .cutShort : .incomplete)
    }
    logger.info(
      "run ended",
      metadata: [
        "run": "\(outcome.run)", "complete": "\(outcome.isComplete)", "matches": "\(outcome.totals.matches)",
        "set_aside": "\(outcome.problems.count)", "manager_s": "\(Format.significant(outcome.managerSeconds, 4))",
      ])
  }

  /// A run of corrections is over.
  func end(_ outcome: CorrectionDriver.Outcome) {
    line.clear()
    state.withLock {
      $0.status?.end(outcome.isComplete ? nil : outcome.isCutShort ? .cutShort : .incomplete)
    }
    logger.info(
      "run ended",
      metadata: [
        "run": "\(outcome.run)", "complete": "\(outcome.isComplete)", "set_aside": "\(outcome.problems.count)",
      ])
  }

  /// The run ended by an error or a signal.
  func end(_ error: any Error) {
    line.clear()
    state.withLock { $0.status?.end((error as? StoreError)?.code == .interrupted ? .stopped : .failed) }
    logger.notice("run ended", metadata: ["reason": "\(error)"])
  }
}
