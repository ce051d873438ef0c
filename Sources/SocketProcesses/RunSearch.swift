public import CatalogStore
internal import Glibc

/// Finds the run of a database that other processes may join.
public struct RunSearch: Sendable {
  /// The folder of the database.
  private let database: String
  private let cancellation: Cancellation

  /// Seconds between two looks, and for one attempt to join.
  private static let pause = 0.2
  private static let attempt = 15.0

  /// - Parameter database: Its folder.
  public init(database: String, cancellation: Cancellation) {
    (self.database, self.cancellation) = (database, cancellation)
  }

  /// Joins the run that listens, the newest if there are several.
  /// - Parameter seconds: How long to look for one.
  /// - Throws: `StoreError`: `.busy` when there was none, `.usage` when it is of another version, `.interrupted`.
  public func join(waiting seconds: Double) throws -> JoinedTransport {
    let end = Program.seconds() + seconds
    var reason: String?
    while true {
      for path in files() {
        do {
          if let transport = try join(
            CrewFile(reading: path), until: min(max(end, Program.seconds() + 1), Program.seconds() + Self.attempt))
          {
            return transport
          }
          reason = "\(path): nobody of this run listens there any more"
        } catch let error as StoreError where error.code == .system {
          reason = error.description
        }
      }
      try cancellation.check("join")
      guard Program.seconds() < end else { throw none(seconds, reason) }
      usleep(UInt32(Self.pause * 1e6))
    }
  }

  /// The files by which runs are joined, that of the newest first.
  private func files() -> [String] {
    let runs = FileSystem.list(database + "/runs").compactMap { Int64($0) }.sorted(by: >)
    return runs.map { "\(database)/\(SkyDatabase.runPath($0))/\(CrewFile.name)" }.filter(FileSystem.isThere)
  }

  private func none(_ seconds: Double, _ reason: String?) -> StoreError {
    let why = reason.map { "; \($0)" } ?? ""
    return StoreError(
      .busy, database,
      "no run could be joined in \(Int(seconds.rounded())) s\(why). Start one with `xmdb match-all A B --listen HOST`, or wait longer (--wait)"
    )
  }

  // MARK: One run

  /// Nil: who answers is not process 0 of the run, or does not answer.
  private func join(_ file: CrewFile, until end: Double) throws -> JoinedTransport? {
    var connection = Connection(try Sockets.connect(to: file.host, file.port))
    var isTaken = false
    defer { if !isTaken { connection.close() } }
    connection.send(line: Greeting.question(file))
    guard let line = try answer(&connection, until: end) else {
      if let ending = connection.ending { throw StoreError(.system, "\(file.host) port \(file.port)", ending) }
      return nil
    }
    switch Greeting.understand(line, file) {
    case nil: return nil
    case .otherVersion(let version):
      throw StoreError(
        .usage, "join",
        "this is xmdb \(Program.version), and the run is of xmdb \(version); use one version of xmdb everywhere")
    case .welcome(let rank):
      isTaken = true
      return JoinedTransport(connection, rank: rank)
    }
  }

  private func answer(_ connection: inout Connection, until end: Double) throws -> String? {
    while connection.ending == nil, Program.seconds() < end {
      try cancellation.check("join")
      var asked = [connection.interest]
      if poll(&asked, 1, 100) > 0 {
        connection.flush()
        connection.fill()
      }
      if let line = connection.line() { return line }
    }
    return nil
  }
}
