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

  /// Tells a process something.
  func send(_ message: ManagerMessage, to rank: Int) throws {
    if rank == 0 { local.handle(message) } else { try transport.send(message.bytes, to: rank) }
  }

  /// The next message of any process; sleeps up to some seconds for it.
  func next(waiting seconds: Double) throws -> (rank: Int, message: ProcessMessage)? {
    let end = Program.seconds() + seconds
    var pause = transport.size > 1 ? Self.sleep.lowerBound : seconds
    while true {
      if let message = mailbox.take(waiting: 0) { return (0, message) }
      if let (rank, bytes) = try transport.receive() {
        let message = try ProcessMessage(bytes)
        if case .joined(let threads) = message { joined.withLock { $0[rank] = threads } }
        return (rank, message)
      }
      let left = end - Program.seconds()
      if left <= 0 { return nil }
      if let message = mailbox.take(waiting: min(pause, left)) { return (0, message) }
      pause = min(pause * 2, transport.size > 1 ? Self.sleep.upperBound : seconds)
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
    for rank in 0..<transport.size where rank != 0 { try transport.send(ManagerMessage.dismiss.bytes, to: rank) }
  }

  // MARK: Other processes

  /// Works until process 0 says that there is no more work.
  /// - Precondition: This is not process 0.
  /// - Throws: `StoreError.system` when process 0 cannot be reached or says what is not understood.
  public func serve() throws {
    try transport.send(ProcessMessage.joined(threads: local.threads).bytes, to: 0)
    defer { local.dismiss() }
    var hasToldToStop = false
    var pause = Self.sleep.lowerBound
    while true {
      var isQuiet = true
      while let (_, bytes) = try transport.receive() {
        let message = try ManagerMessage(bytes)
        if case .dismiss = message { return }
        local.handle(message)
        isQuiet = false
      }
      if cancellation.isRequested && !hasToldToStop {
        try transport.send(ProcessMessage.stopping.bytes, to: 0)
        hasToldToStop = true
      }
      pause = isQuiet ? min(pause * 2, Self.sleep.upperBound) : Self.sleep.lowerBound
      if let message = mailbox.take(waiting: pause) {
        try transport.send(message.bytes, to: 0)
        pause = Self.sleep.lowerBound
      }
    }
  }
}
