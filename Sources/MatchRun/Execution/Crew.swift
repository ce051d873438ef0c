internal import CatalogStore

/// Who works on runs: the threads of this process and, over a transport, those of other processes.
///
/// Process 0 gives a crew to `MatchDriver`, for as many runs as there are, and dismisses it in the end. The other processes `serve`.
public final class Crew: Sendable {
  /// How the processes talk.
  public let transport: any Transport
  private let local: LocalProcess
  private let mailbox: Mailbox<ProcessMessage>
  private let cancellation: Cancellation
  private let joined = Guarded<[Int: Int]>([:])
  /// What those who join now have to be told of the run.
  private let standing = Guarded<[ManagerMessage]>([])
  private let isDismissed = Guarded(false)

  /// The shortest and the longest sleep between two looks at the transport, seconds.
  private static let sleep = 0.000_2...0.005

  /// - Parameters:
  ///   - threads: Threads of this process that work, 1 or more.
  ///   - scratch: A folder of this machine to build files in; nil: in the database.
  ///   - takePart: Makes the stages of a run that process 0 has begun.
  init(
    transport: any Transport, threads: Int, scratch: String?, cancellation: Cancellation,
    takePart: @escaping StageSetFactory
  ) {
    self.transport = transport
    self.cancellation = cancellation
    let mailbox = Mailbox<ProcessMessage>()
    self.mailbox = mailbox
    local = LocalProcess(threads: threads, scratch: scratch, takePart: takePart, cancellation: cancellation) {
      mailbox.put($0)
    }
  }

  // MARK: Rank 0

  /// Threads of this process that work.
  var localThreads: Int { local.threads }
  /// The other processes that have come, with their threads.
  var others: [Int: Int] { joined.withLock { $0 } }

  /// Lets the threads of this process take part in a run.
  func begin(_ context: any StageSet) { local.begin(context) }

  /// Tells the other processes of a run that begins, those too that join later.
  /// - Parameter files: Where its files are.
  func offer(_ order: RunOrder, _ files: RunFiles) throws {
    standing.withLock { $0 = [] }
    try announce(.begin(order))
    try transport.offer(in: files.fullFolder)
  }

  /// Tells all processes, this one and those too that join later, where they read what was recorded.
  func handOut(products path: String) throws {
    local.handle(.products(path: path))
    try announce(.products(path: path))
  }

  /// Tells the other processes that the run is over.
  func end() throws {
    standing.withLock { $0 = [] }
    for rank in others.keys.sorted() { try send(.end, to: rank) }
  }

  private func announce(_ message: ManagerMessage) throws {
    standing.withLock { messages in
      if case .products = message, case .products = messages.last { messages.removeLast() }
      messages.append(message)
    }
    for rank in others.keys.sorted() { try send(message, to: rank) }
  }

  /// Tells a process something.
  func send(_ message: ManagerMessage, to rank: Int) throws {
    if rank == 0 { local.handle(message) } else { try transport.send(message.bytes, to: rank) }
  }

  /// What happens next with any process; sleeps up to some seconds for it.
  func next(waiting seconds: Double) throws -> (rank: Int, event: CrewEvent)? {
    let end = Program.seconds() + seconds
    var pause = transport.isShared ? Self.sleep.lowerBound : seconds
    while true {
      if let message = mailbox.take(waiting: 0) { return (0, .message(message)) }
      if let arrival = try transport.receive() {
        if let event = try take(arrival) { return event }
        continue
      }
      let left = end - Program.seconds()
      if left <= 0 { return nil }
      if let message = mailbox.take(waiting: min(pause, left)) { return (0, .message(message)) }
      pause = min(pause * 2, transport.isShared ? Self.sleep.upperBound : seconds)
    }
  }

  /// What an arrival means; nil if nothing for the run.
  private func take(_ arrival: Arrival) throws -> (rank: Int, event: CrewEvent)? {
    switch arrival {
    case .lost(let rank, let reason):
      let wasThere = joined.withLock { $0.removeValue(forKey: rank) != nil }
      return wasThere ? (rank, .lost(reason: reason)) : nil
    case .message(let rank, let bytes):
      guard let message = try? ProcessMessage(bytes), message.isFirst || others[rank] != nil else {
        try transport.disconnect(rank, reason: "says what is not understood; use one version of xmdb everywhere")
        return nil
      }
      switch message {
      case .joined(let threads):
        let isNew = joined.withLock { $0.updateValue(threads, forKey: rank) == nil }
        guard isNew else { return nil }
        for message in standing.withLock({ $0 }) { try send(message, to: rank) }
      case .leaving:
        if joined.withLock({ $0.removeValue(forKey: rank) == nil }) { return nil }
      default: break
      }
      return (rank, .message(message))
    }
  }

  /// Tells all other processes that there is no more work, and lets the threads of this one end. May be called again.
  public func dismiss() throws {
    let isFirst = isDismissed.withLock { done in
      defer { done = true }
      return !done
    }
    guard isFirst else { return }
    local.dismiss()
    for rank in transport.others { try transport.send(ManagerMessage.dismiss.bytes, to: rank) }
  }

  // MARK: Other processes

  /// Works until process 0 says that there is no more work.
  /// - Precondition: This is not process 0.
  /// - Returns: Pieces that this process has done.
  /// - Throws: `StoreError.system` when process 0 cannot be reached or says what is not understood; over a transport that processes may
  ///   leave, `.interrupted` when this one was asked to stop.
  @discardableResult
  public func serve() throws -> Int {
    try transport.send(ProcessMessage.joined(threads: local.threads).bytes, to: 0)
    defer { local.dismiss() }
    var state = Service()
    while true {
      var isQuiet = true
      while let arrival = try transport.receive() {
        if try isDismissal(arrival, &state) { return state.pieces }
        isQuiet = false
      }
      if cancellation.isRequested && !state.hasToldToStop { try tellOfStop(&state) }
      state.pause = isQuiet ? min(state.pause * 2, Self.sleep.upperBound) : Self.sleep.lowerBound
      if let message = mailbox.take(waiting: state.pause) {
        try transport.send(message.bytes, to: 0)
        if case .done = message { state.pieces += 1 }
        // Who joined by hand has to be told, too.
        if case .refused(let error) = message, transport.isOpen { throw error }
        state.pause = Self.sleep.lowerBound
      }
    }
  }

  /// How a process that serves stands.
  private struct Service {
    var hasToldToStop = false
    var pieces = 0
    var pause = Crew.sleep.lowerBound
  }

  private func isDismissal(_ arrival: Arrival, _ state: inout Service) throws -> Bool {
    switch arrival {
    case .lost(_, let reason):
      cancellation.request()
      throw StoreError(.system, "match", "process 0 is lost: \(reason)")
    case .message(_, let bytes):
      let message = try ManagerMessage(bytes)
      if case .dismiss = message { return true }
      // A process that is told to give up has nothing to tell of that.
      if case .halt(abandon: true) = message, transport.isOpen { state.hasToldToStop = true }
      local.handle(message)
      return false
    }
  }

  private func tellOfStop(_ state: inout Service) throws {
    state.hasToldToStop = true
    if !transport.isOpen { return try transport.send(ProcessMessage.stopping.bytes, to: 0) }
    try transport.send(ProcessMessage.leaving.bytes, to: 0)
    local.handle(.halt(abandon: true))
    throw StoreError(.interrupted, "match", "this process takes no part any more; the others go on")
  }
}

/// What happens with a process of a crew.
enum CrewEvent: Sendable {
  /// It tells the manager something.
  case message(ProcessMessage)
  /// It is lost.
  case lost(reason: String)
}
