internal import CatalogStore
internal import Glibc
public import MatchRun

/// A process that has joined a run over a socket.
///
/// A thread of its own tells process 0 every few seconds that this one is alive, whatever else it does. Any thread may call, one at a time.
public final class JoinedTransport: Transport {
  /// The number that process 0 has given.
  public let rank: Int
  /// There is process 0.
  public let isShared = true
  /// This process may leave.
  public let isOpen = true
  /// It only talks to process 0.
  public let others = [0]
  private let link: Link
  private let stop = Mailbox<Void>()
  private let signs: PlainThread?

  /// Seconds between two signs of life.
  private static let interval = 5.0
  /// Seconds in which the last messages leave.
  private static let partingSeconds = 5.0

  init(_ connection: Connection, rank: Int) {
    self.rank = rank
    let (link, stop) = (Link(connection), stop)
    self.link = link
    signs = PlainThread {
      while stop.take(waiting: Self.interval) == nil { link.state.withLock { $0.connection.send([]) } }
    }
  }

  /// The connection, which two threads use.
  private final class Link: Sendable {
    struct State: Sendable {
      var connection: Connection
      var arrivals: [Arrival] = []
      var isLost = false
    }

    let state: Guarded<State>

    init(_ connection: Connection) { state = Guarded(State(connection: connection)) }

    deinit { state.withLock { $0.connection.close() } }
  }

  /// Sends a message, 2³⁰ bytes at most, to process 0; nothing happens when that is lost.
  public func send(_ message: [UInt8], to rank: Int) throws {
    guard Connection.mayBeSent(message) else {
      throw StoreError(.system, "match", "a message of \(message.count) bytes is longer than what processes may send")
    }
    link.state.withLock { $0.connection.send(message) }
  }

  /// What has come. Never waits.
  public func receive() throws -> Arrival? {
    link.state.withLock { state in
      if state.arrivals.isEmpty {
        state.connection.flush()
        state.connection.fill()
        state.arrivals = state.connection.messages().map { .message(from: 0, $0) }
        if let reason = state.connection.ending, !state.isLost {
          state.isLost = true
          state.arrivals.append(.lost(0, reason: reason))
        }
      }
      return state.arrivals.isEmpty ? nil : state.arrivals.removeFirst()
    }
  }

  /// Lets the last messages leave, for some seconds, and ends the connection.
  public func finish() {
    stop.put(())
    signs?.join()
    let end = Program.seconds() + Self.partingSeconds
    while Program.seconds() < end {
      let isDone = link.state.withLock { state in
        state.connection.flush()
        return state.connection.isFlushed
      }
      if isDone { break }
      usleep(10_000)
    }
    link.state.withLock { $0.connection.end("it was left") }
  }
}
