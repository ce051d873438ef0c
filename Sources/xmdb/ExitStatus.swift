import ArgumentParser
import CatalogStore
import Formats
import Ingest

/// How the program ends.
struct ExitStatus: RawRepresentable, Equatable {
  let rawValue: Int32

  /// Done.
  static let done = ExitStatus(rawValue: 0)
  /// The work failed.
  static let failed = ExitStatus(rawValue: 1)
  /// The command was used wrongly.
  static let usedWrongly = ExitStatus(rawValue: 2)
  /// The database or an input is damaged.
  static let damaged = ExitStatus(rawValue: 3)
  /// Stopped by itself before the end of the job's time, resumable: EX_TEMPFAIL.
  static let cutShort = ExitStatus(rawValue: 75)
  /// Stopped by a signal, resumable: 130 for SIGINT, 143 for SIGTERM.
  static func stopped(by signal: Int32) -> ExitStatus { ExitStatus(rawValue: 128 + signal) }
}

extension ExitStatus {
  /// The status that an error of the store stands for.
  init(_ code: StoreError.Code) {
    switch code {
    case .usage: self = .usedWrongly
    case .input, .damaged: self = .damaged
    case .system, .busy, .interrupted: self = .failed
    }
  }

  /// The status that an error about a file of a table stands for.
  init(_ code: FormatError.Code) {
    switch code {
    case .usage, .unsupported, .notReadable, .schemaMismatch: self = .usedWrongly
    case .empty, .otherFormat, .truncated, .damaged: self = .damaged
    case .memory: self = .failed
    }
  }

  /// The status of whatever a command threw, unless a signal stopped it.
  init(_ error: any Error) {
    switch error {
    case is BrokenPipe: self = .done
    case let error as StoreError: self.init(error.code)
    case is IngestError: self = .usedWrongly
    case let error as FormatError: self.init(error.code)
    case let error as SQLError: self = error.isDamage ? .damaged : .failed
    case is DamageFound: self = .damaged
    case let error as WorkLeft: self = error.status
    case let error as OtherStatus: self = error.status
    default: self = XMDB.exitCode(for: error) == .success ? .done : Self.ofParser(error)
    }
  }

  /// The parser's own errors are wrong use; any other error is a failure.
  private static func ofParser(_ error: any Error) -> ExitStatus {
    XMDB.exitCode(for: error) == .validationFailure ? .usedWrongly : .failed
  }
}

/// Damage has been found and printed already; only the status is left to be said.
struct DamageFound: Error {}

/// All has been said; the program ends with another status than those above, such as that of a command it ran.
struct OtherStatus: Error {
  let status: ExitStatus
  init(_ status: ExitStatus) { self.status = status }
}
