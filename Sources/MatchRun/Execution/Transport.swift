/// How the processes of one job talk: messages of bytes, each delivered once and in order between two processes.
///
/// Process 0 manages; the others only ever talk to it. One thread of each process uses its transport.
public protocol Transport: Sendable {
  /// This process, 0 ..< `size`.
  var rank: Int { get }
  /// The number of processes.
  var size: Int { get }
  /// Sends a message. It may still be on its way when this returns.
  /// - Throws: `StoreError.system` when the other process cannot be reached.
  func send(_ message: [UInt8], to rank: Int) throws
  /// The next message that has arrived, and who sent it; nil if there is none. Never waits.
  func receive() throws -> (from: Int, message: [UInt8])?
}

/// One process on its own.
public struct NoTransport: Transport {
  /// The only process.
  public let rank = 0
  /// One.
  public let size = 1

  /// Makes it.
  public init() {}

  /// There is nobody to talk to.
  public func send(_ message: [UInt8], to rank: Int) throws {
    preconditionFailure("a single process has no rank \(rank)")
  }
  /// Nothing ever arrives.
  public func receive() throws -> (from: Int, message: [UInt8])? { nil }
}
