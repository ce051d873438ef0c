internal import CatalogStore
internal import Glibc
public import MatchRun

/// Process 0 of a run that other processes join over sockets, whenever they come, and may leave.
///
/// Who does not know the word of the run is not heard. A process that is lost, or says nothing for a minute, is told as such. Any thread
/// may call, one at a time.
public final class ListeningTransport: Transport {
  /// Process 0.
  public let rank = 0
  /// Others may come at any time.
  public let isShared = true
  /// They come and go.
  public let isOpen = true
  private let file: CrewFile
  private let state: Guarded<State>

  /// How long others may take and be silent, seconds.
  struct Patience: Sendable {
    /// To say the word of the run.
    var toAsk = 10.0
    /// Between two signs of life.
    var silence = 60.0
  }

  private struct State: Sendable {
    var listener: Int32
    var newcomers: [Connection] = []
    var members: [Int: Connection] = [:]
    var nextRank = 1
    var arrivals: [Arrival] = []
    /// When the connections were last looked at, `Program.seconds()`.
    var looked = Program.seconds()
  }

  /// Newcomers that may be undecided at a time.
  private static let mostNewcomers = 64
  /// A longer pause between two looks says nothing of the others, seconds.
  private static let longestPause = 5.0
  /// Seconds in which the last messages leave.
  private static let partingSeconds = 3.0
  private let patience: Patience

  /// Listens.
  /// - Parameter place: `HOST`, `HOST:PORT` or `[ADDRESS]:PORT`: how others reach this machine.
  /// - Throws: `StoreError.usage` when that is no address of this machine, or taken.
  public convenience init(at place: String) throws { try self.init(at: ListeningPlace(place), Patience()) }

  init(at place: ListeningPlace, _ patience: Patience) throws {
    let (listener, host, port) = try Sockets.listen(at: place)
    file = CrewFile(host: host, port: port)
    state = Guarded(State(listener: listener))
    self.patience = patience
  }

  deinit { state.withLock { Self.close(&$0) } }

  /// Where it listens, for people.
  public var place: String { file.host.contains(":") ? "[\(file.host)]:\(file.port)" : "\(file.host):\(file.port)" }

  /// Whether processes of this machine alone can join.
  public var isLocal: Bool { file.host.hasPrefix("127.") || file.host == "::1" }

  /// The processes that are connected.
  public var others: [Int] { state.withLock { $0.members.keys.sorted() } }

  /// Writes the file by which others find this process.
  public func offer(in folder: String) throws { try file.write(in: folder) }

  /// Sends a message, 2³⁰ bytes at most, to a process; nothing happens when it is lost.
  public func send(_ message: [UInt8], to rank: Int) throws {
    guard Connection.mayBeSent(message) else {
      throw StoreError(.system, "match", "a message of \(message.count) bytes is longer than what processes may send")
    }
    state.withLock { $0.members[rank]?.send(message) }
  }

  /// What has come. Never waits.
  public func receive() throws -> Arrival? {
    state.withLock { state in
      if state.arrivals.isEmpty { look(&state) }
      return state.arrivals.isEmpty ? nil : state.arrivals.removeFirst()
    }
  }

  /// Ends the connection with a process.
  public func disconnect(_ rank: Int, reason: String) {
    state.withLock { $0.members[rank]?.end(reason) }
  }

  /// Lets the last messages leave and the others go, for some seconds, and closes all connections.
  public func finish() {
    let end = Program.seconds() + Self.partingSeconds
    while Program.seconds() < end {
      let isDone = state.withLock { state in
        for rank in state.members.keys { state.members[rank]?.part() }
        return state.members.values.allSatisfy { $0.ending != nil }
      }
      if isDone { break }
      usleep(5000)
    }
    state.withLock { Self.close(&$0) }
  }

  private static func close(_ state: inout State) {
    if state.listener >= 0 { _ = Glibc.close(state.listener) }
    for connection in state.newcomers + Array(state.members.values) { connection.close() }
    (state.listener, state.newcomers, state.members) = (-1, [], [:])
  }

  // MARK: Looking

  private func look(_ state: inout State) {
    let now = Program.seconds()
    let hasBeenAway = now - state.looked > Self.longestPause
    state.looked = now
    if state.listener < 0 { return }
    let ranks = state.members.keys.sorted()
    var asked = [pollfd(fd: state.listener, events: Int16(POLLIN), revents: 0)]
    asked += state.newcomers.map(\.interest) + ranks.compactMap { state.members[$0]?.interest }
    if poll(&asked, nfds_t(asked.count), 0) < 0 { return }
    let (newcomers, members) = (asked.dropFirst().prefix(state.newcomers.count), asked.suffix(ranks.count))
    for (rank, told) in zip(ranks, members) { hear(rank, told, &state, now, hasBeenAway) }
    hearNewcomers(newcomers.map(\.revents), &state, now, hasBeenAway)
    if asked[0].revents != 0 { accept(&state) }
  }

  private func hear(_ rank: Int, _ told: pollfd, _ state: inout State, _ now: Double, _ hasBeenAway: Bool) {
    guard var member = state.members[rank] else { return }
    if told.revents & Int16(POLLOUT) != 0 { member.flush() }
    if told.revents & ~Int16(POLLOUT) != 0 { member.fill() }
    if hasBeenAway { member.heard = now }
    state.arrivals += member.messages().map { .message(from: rank, $0) }
    if now - member.heard > patience.silence { member.end("it was silent for \(Int(patience.silence)) s") }
    state.members[rank] = member
    if let reason = member.ending {
      state.arrivals.append(.lost(rank, reason: reason))
      state.members[rank] = nil
      member.close()
    }
  }

  private func hearNewcomers(_ told: [Int16], _ state: inout State, _ now: Double, _ hasBeenAway: Bool) {
    var undecided: [Connection] = []
    for (var newcomer, told) in zip(state.newcomers, told) {
      if told != 0 { newcomer.fill() }
      if hasBeenAway { newcomer.heard = now }
      if let line = newcomer.line() {
        admit(newcomer, line, &state)
      } else if newcomer.ending != nil || now - newcomer.heard > patience.toAsk {
        newcomer.close()
      } else {
        undecided.append(newcomer)
      }
    }
    state.newcomers = undecided
  }

  /// Takes in a process that knows the word; all others are left without an answer.
  private func admit(_ newcomer: Connection, _ line: String, _ state: inout State) {
    var newcomer = newcomer
    switch Greeting.judge(line, file) {
    case nil: newcomer.close()
    case .otherVersion:
      newcomer.send(line: Greeting.refusal(file))
      newcomer.close()
    case .welcome:
      newcomer.send(line: Greeting.welcome(state.nextRank, file))
      state.members[state.nextRank] = newcomer
      state.nextRank += 1
    }
  }

  private func accept(_ state: inout State) {
    while state.newcomers.count < Self.mostNewcomers, let descriptor = Sockets.accept(state.listener) {
      state.newcomers.append(Connection(descriptor))
    }
  }
}
