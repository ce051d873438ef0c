import Glibc
import MPIProcesses

/// A message whose bytes follow from who sent it and when, so that a wrong one is recognised.
struct Letter {
  let bytes: [UInt8]

  init(sender: Int, number: Int, size: Int) {
    var state = UInt64(sender &* 1_000_003 &+ number) &* 0x9E37_79B9_7F4A_7C15 | 1
    bytes = (0..<size).map { _ in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state >> 32)
    }
  }

  /// Sizes around every threshold of an MPI library, a large one, none at all, and many small ones.
  static let sizes =
    [0, 1, 7, 0, 64, 255, 256, 1023, 4095, 4096, 4097, 8192, 65535, 65536, 1_000_003, 20_000_000, 3]
    + Array(repeating: 24, count: 3000) + [0, 5_000_000, 1]
}

/// Every process sends all letters to rank 0 at once, which sends each back; both look at order and bytes.
struct Exchange {
  let transport: MPITransport
  init(_ transport: MPITransport) { self.transport = transport }

  func run() throws {
    if transport.rank == 0 { try serve() } else { try exchange() }
    print("rank \(transport.rank) of \(transport.size) exchanged")
  }

  private func serve() throws {
    var counts = Array(repeating: 0, count: transport.size)
    for _ in 0..<(transport.size - 1) * Letter.sizes.count {
      let (from, message) = try TransportProbe.next(transport)
      check(message, sender: from, number: counts[from])
      counts[from] += 1
      try transport.send(message, to: from)
    }
  }

  private func exchange() throws {
    for (number, size) in Letter.sizes.enumerated() {
      try transport.send(Letter(sender: transport.rank, number: number, size: size).bytes, to: 0)
    }
    for number in Letter.sizes.indices {
      let (from, message) = try TransportProbe.next(transport)
      TransportProbe.require(from == 0, "a message of rank \(from)", transport)
      check(message, sender: transport.rank, number: number)
    }
  }

  private func check(_ message: [UInt8], sender: Int, number: Int) {
    let expected = Letter(sender: sender, number: number, size: Letter.sizes[number]).bytes
    TransportProbe.require(message == expected, "message \(number) of \(sender): \(message.count) bytes", transport)
  }
}

/// Every process sends all letters to the next one, large ones too, before it looks for any.
struct Ring {
  let transport: MPITransport
  init(_ transport: MPITransport) { self.transport = transport }

  func run() throws {
    let (rank, size) = (transport.rank, transport.size)
    for (number, bytes) in Letter.sizes.enumerated() {
      try transport.send(Letter(sender: rank, number: number, size: bytes).bytes, to: (rank + 1) % size)
    }
    for (number, bytes) in Letter.sizes.enumerated() {
      let (from, message) = try TransportProbe.next(transport)
      let expected = Letter(sender: from, number: number, size: bytes).bytes
      TransportProbe.require(from == (rank + size - 1) % size && message == expected, "message \(number)", transport)
    }
    print("rank \(rank) of \(size) went round")
  }
}

/// Rank 0 sends more than any buffer holds to processes that do not listen before a file appears, which rank 0 writes when all
/// is sent: were sending to wait for them, this would never end.
struct Flood {
  let transport: MPITransport
  let file: String

  private static let (count, size) = (200, 1_000_000)

  func run() throws {
    if transport.rank > 0 { return try listen() }
    for number in 0..<Self.count {
      for rank in 1..<transport.size {
        try transport.send(Letter(sender: 0, number: number, size: Self.size).bytes, to: rank)
      }
    }
    close(creat(file, 0o600))
    for _ in 1..<transport.size { _ = try TransportProbe.next(transport) }
    print("rank 0 was heard")
  }

  private func listen() throws {
    while access(file, F_OK) != 0 { usleep(1000) }
    for number in 0..<Self.count {
      let (_, message) = try TransportProbe.next(transport)
      let expected = Letter(sender: 0, number: number, size: Self.size).bytes
      TransportProbe.require(message == expected, "message \(number)", transport)
    }
    try transport.send([], to: 0)
    print("rank \(transport.rank) heard all")
  }
}
