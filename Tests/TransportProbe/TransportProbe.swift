import CatalogStore
import Glibc
import MPIProcesses
import MatchRun

/// Exercises the transport between real processes: `mpirun -n N TransportProbe exchange|ring|flood FILE|roundtrip COUNT|idle SECONDS|abort`.
/// Every process says one line; a wrong message ends all processes.
@main
enum TransportProbe {
  static func main() {
    do {
      guard let transport = try MPITransport.joinIfLaunched() else {
        print("alone")
        return
      }
      try run(CommandLine.arguments.dropFirst().map { $0 }, transport)
      try transport.finish()
    } catch {
      complain("Error: \(error)")
      exit(1)
    }
  }

  private static func run(_ arguments: [String], _ transport: MPITransport) throws {
    let number = arguments.count > 1 ? Double(arguments[1]) ?? 0 : 0
    switch arguments.first {
    case "exchange": try Exchange(transport).run()
    case "ring": try Ring(transport).run()
    case "flood": try Flood(transport: transport, file: arguments[1]).run()
    case "roundtrip": try roundTrips(Int(number), transport)
    case "idle": try idle(number, transport)
    case "abort": if transport.rank == 1 { transport.abort(7) } else { _ = try next(transport) }
    default: throw StoreError(.usage, "TransportProbe", "needs exchange, ring, flood, roundtrip, idle or abort")
    }
  }

  private static func complain(_ text: String) {
    let line = Array((text + "\n").utf8)
    write(STDERR_FILENO, line, line.count)
  }

  /// The next message; sleeps while there is none.
  static func next(_ transport: MPITransport) throws -> (from: Int, message: [UInt8]) {
    while true {
      if let received = try transport.next() { return received }
      usleep(100)
    }
  }

  /// Rank 0 and 1 throw a byte to and fro without sleeping.
  private static func roundTrips(_ count: Int, _ transport: MPITransport) throws {
    let start = Program.seconds()
    for _ in 0..<count where transport.rank < 2 {
      if transport.rank == 0 { try transport.send([1], to: 1) }
      while try transport.next() == nil {}
      if transport.rank == 1 { try transport.send([1], to: 0) }
    }
    if transport.rank == 0 { print("round trip \((Program.seconds() - start) / Double(count) * 1e6) microseconds") }
  }

  /// Looks for messages every millisecond, as a manager does that has nothing to do.
  private static func idle(_ seconds: Double, _ transport: MPITransport) throws {
    let (start, before) = (Program.seconds(), cpuSeconds())
    while Program.seconds() - start < seconds {
      _ = try transport.next()
      usleep(1000)
    }
    print("rank \(transport.rank) idle \((cpuSeconds() - before) / seconds) local \(transport.localSize)")
    // Rank 1 comes late: the others wait in `finish`, which must not spin either.
    let waiting = cpuSeconds()
    if transport.rank == 1 { usleep(UInt32(seconds * 1e6)) }
    try transport.finish()
    print("rank \(transport.rank) finish \((cpuSeconds() - waiting) / seconds)")
    exit(0)
  }

  private static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Ends all processes when a message is not what it should be.
  static func require(_ condition: Bool, _ what: @autoclosure () -> String, _ transport: MPITransport) {
    if condition { return }
    complain("rank \(transport.rank): \(what())")
    transport.abort(9)
  }
}
