import ArgumentParser
import CatalogStore
import Formats
import Glibc
import Ingest

/// What a running command has of the process around it: standard output, and the request to stop.
struct CommandProcess {
  let output = StandardOutput()
  let signals: SignalWatch

  /// - Throws: `StoreError.system` when the system has no thread or descriptor left.
  init() throws { signals = try SignalWatch() }

  /// Says what went wrong, where there is something to say, and gives the exit status.
  func report(_ error: any Error) -> ExitStatus {
    let status = ExitStatus(error)
    if status == .done { return printHelp(error) }
    if !(error is BrokenPipe) { try? output.flush() }
    if isInterruption(error) {
      standardError("Error: \(error)\n")
      // The signal may have reached another process of the job.
      return .stopped(by: signals.received ?? SIGTERM)
    }
    switch error {
    case is DamageFound, is OtherStatus: break
    case is StoreError, is SQLError, is IngestError, is FormatError, is WorkLeft: standardError("Error: \(error)\n")
    default: standardError(XMDB.fullMessage(for: error) + "\n")
    }
    return status
  }

  /// Help and version come as errors, too; the parser knows their text.
  private func printHelp(_ error: any Error) -> ExitStatus {
    if error is BrokenPipe { return .done }
    do {
      try output.line(XMDB.fullMessage(for: error))
      try output.flush()
      return .done
    } catch {
      return error is BrokenPipe ? .done : report(error)
    }
  }

  private func isInterruption(_ error: any Error) -> Bool {
    switch error {
    case let error as StoreError: error.code == .interrupted
    case let error as SQLError: error.isInterruption
    default: false
    }
  }
}

/// Writes to standard error, unbuffered. Failure to write there cannot be reported anywhere.
func standardError(_ text: String) {
  var text = text
  text.withUTF8 { bytes in
    var done = 0
    while done < bytes.count {
      let count = write(STDERR_FILENO, bytes.baseAddress! + done, bytes.count - done)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { return }
      done += count
    }
  }
}
