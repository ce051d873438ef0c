public import CatalogStore

/// What a server serves, where, and how much it gives.
public struct ServeSettings: Sendable {
  /// The folder of the sky database.
  public var databasePath: String
  /// How processes exclude each other.
  public var locks: LockMode
  /// The address to listen at.
  public var host: String
  /// The port to listen at; 0 for any that is free.
  public var port: Int
  /// Seconds that a query may take.
  public var secondsPerQuery: Double = 60
  /// Rows of an answer at most.
  public var mostRows: Int64 = 1_000_000
  /// Queries at a time.
  public var queriesAtATime: Int = 4
  /// Queries that may wait beside them.
  public var mostWaiting: Int = 256
  /// Seconds that a query may wait.
  public var secondsToWait: Double = 30
  /// Bytes of a request's body at most.
  public var mostUploadBytes: Int = 16 << 20
  /// Rows of an uploaded table at most.
  public var mostUploadRows: Int64 = 100_000
  /// Bytes of an answer before it is written in a format.
  public var mostAnswerBytes: Int64 = 2 << 30

  /// A server of a database.
  public init(databasePath: String, locks: LockMode, host: String = "127.0.0.1", port: Int = 8080) {
    self.databasePath = databasePath
    self.locks = locks
    self.host = host
    self.port = port
  }
}
