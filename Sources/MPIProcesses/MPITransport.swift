internal import CMPI
internal import CatalogStore
internal import Glibc
public import MatchRun

/// The processes of an `mpirun` or `srun` job, and messages between them.
///
/// Nothing here waits in a busy loop: messages are sent from copies that are kept until they have left, and `receive`
/// takes what has arrived. Any thread may call, one at a time.
public final class MPITransport: Transport {
  /// This process, 0 ..< `size`.
  public let rank: Int
  /// The number of processes.
  public let size: Int
  /// Whether there are others.
  public var isShared: Bool { size > 1 }
  /// All of them, from the beginning.
  public var others: [Int] { (0..<size).filter { $0 != rank } }
  /// The number of processes on this machine.
  public let localSize: Int
  /// Held during every call: MPI is asked for one thread at a time.
  private let functions: Guarded<xmpi_functions>

  /// The largest message, bytes: MPI counts in a C int.
  public static let largestMessage = Int(Int32.max)

  /// Joins the other processes when this process was started by an MPI launcher; nil when it runs on its own.
  ///
  /// Environment: `XMDB_MPI=off` keeps a process on its own, `XMDB_MPI=on` makes it join. To be called once.
  /// - Throws: `StoreError.system` without the plugin or a working MPI, `.usage` for another `XMDB_MPI`.
  public static func joinIfLaunched() throws -> MPITransport? {
    guard case .together(let size) = try MPILaunch.ofThisProcess() else { return nil }
    let transport = try MPITransport(MPIPlugin.load())
    try transport.checkSize(launched: size)
    return transport
  }

  private init(_ functions: xmpi_functions) throws {
    var world = xmpi_world()
    try Self.check(functions.start(&world))
    (rank, size, localSize) = (Int(world.rank), Int(world.size), Int(world.local_size))
    self.functions = Guarded(functions)
  }

  /// A launcher of another MPI than the plugin's starts processes that do not find each other: each would do all.
  private func checkSize(launched: Int?) throws {
    guard let launched, launched != size else { return }
    throw StoreError(
      .system, "MPI",
      "the launcher started \(launched) processes, but this one sees \(size): it belongs to another MPI than the one"
        + " that xmdb was built with; use that one's mpirun, or build xmdb with the other's libraries")
  }

  /// Sends a message, 0 to 2³¹ − 1 bytes. It may still be on its way when this returns.
  /// - Throws: `StoreError.system` when MPI refuses or the message is too large.
  public func send(_ message: [UInt8], to rank: Int) throws {
    guard message.count <= Self.largestMessage else {
      throw StoreError(
        .system, "MPI", "a message of \(message.count) bytes is larger than the \(Self.largestMessage) that MPI carries"
      )
    }
    try functions.withLock { functions in
      try Self.check(functions.reap())
      try message.withUnsafeBytes {
        try Self.check(functions.send($0.baseAddress, Int32(message.count), Int32(rank)))
      }
    }
  }

  /// The next message that has arrived; nil if there is none. Never waits.
  public func receive() throws -> Arrival? {
    try next().map { .message(from: $0.from, $0.message) }
  }

  /// The next message that has arrived, and who sent it; nil if there is none. Never waits.
  public func next() throws -> (from: Int, message: [UInt8])? {
    try functions.withLock { functions in
      try Self.check(functions.reap())
      var (from, count): (Int32, Int32) = (-1, 0)
      try Self.check(functions.probe(&from, &count))
      if from < 0 { return nil }
      let message = try [UInt8](unsafeUninitializedCapacity: Int(count)) { buffer, initialized in
        try Self.check(functions.receive(buffer.baseAddress, count))
        initialized = Int(count)
      }
      return (Int(from), message)
    }
  }

  /// Waits, asleep, until everything sent has left and all processes have come here, then leaves MPI. Nothing may be called
  /// after it.
  public func finish() throws {
    try functions.withLock { try Self.check($0.stop()) }
  }

  /// Ends all processes at once, this one included: for a failure that the others cannot be told of.
  public func abort(_ status: Int32) -> Never {
    functions.withLock { $0.abort(status) }
    exit(status)
  }

  private static func check(_ reason: UnsafePointer<CChar>?) throws {
    guard let reason else { return }
    throw StoreError(.system, "MPI", String(cString: reason))
  }
}
