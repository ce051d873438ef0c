internal import CatalogStore

/// How the processes of one job talk: messages of bytes, each delivered once and in order between two processes.
///
/// Process 0 manages; the others only ever talk to it. One thread of each process uses its transport.
public protocol Transport: Sendable {
  /// This process: 0 manages.
  var rank: Int { get }
  /// Whether there are other processes, or may be.
  var isShared: Bool { get }
  /// Whether processes come and go as they like: one that is asked to stop leaves, and the others go on.
  var isOpen: Bool { get }
  /// The other processes that can be told something now.
  var others: [Int] { get }
  /// Sends a message. It may still be on its way when this returns. One to a process that is lost vanishes: `receive` tells of the loss.
  /// - Throws: `StoreError.system` when there is no way to send.
  func send(_ message: [UInt8], to rank: Int) throws
  /// What has come; nil if there is nothing. Never waits.
  func receive() throws -> Arrival?
  /// A run begins, and files may be left in its folder: says there how to join.
  func offer(in folder: String) throws
  /// Has no more to do with a process that cannot be understood; its loss is told like any other.
  func disconnect(_ rank: Int, reason: String) throws
}

/// What comes over a transport.
public enum Arrival: Sendable {
  /// A message of a process.
  case message(from: Int, [UInt8])
  /// A process is lost, and nothing will come of it any more.
  case lost(Int, reason: String)
}

extension Transport {
  /// Those that there are stay.
  public var isOpen: Bool { false }
  /// Nobody joins.
  public func offer(in folder: String) throws {}
  /// The work cannot go on without it.
  public func disconnect(_ rank: Int, reason: String) throws {
    throw StoreError(.system, "match", "process \(rank): \(reason)")
  }
}

/// One process on its own.
public struct NoTransport: Transport {
  /// The only process.
  public let rank = 0
  /// There are no others.
  public let isShared = false
  /// None.
  public let others: [Int] = []

  /// Makes it.
  public init() {}

  /// There is nobody to talk to.
  public func send(_ message: [UInt8], to rank: Int) throws {
    preconditionFailure("a single process has no rank \(rank)")
  }
  /// Nothing ever arrives.
  public func receive() throws -> Arrival? { nil }
}
