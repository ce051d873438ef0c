import CatalogStore
import Foundation
import MatchRun
import Testing
import XMDBTestSupport

@testable import SocketProcesses

/// Process 0 and others over real sockets of this machine.
@Suite(.timeLimit(.minutes(2))) struct SocketTransportTests {
  /// A database whose run 3 listens.
  private struct Run {
    let folder: Workdir
    let transport: ListeningTransport

    init(_ patience: ListeningTransport.Patience = .init()) throws {
      folder = try Workdir()
      transport = try ListeningTransport(at: ListeningPlace("127.0.0.1"), patience)
      try FileSystem.createDirectories(folder.path("runs/3"))
      try transport.offer(in: folder.path("runs/3"))
    }

    var file: CrewFile {
      get throws { try CrewFile(reading: folder.path("runs/3/crew")) }
    }

    func search(_ cancellation: Cancellation = Cancellation()) -> RunSearch {
      RunSearch(database: folder.path, cancellation: cancellation)
    }

    /// What comes next within some seconds.
    func next(_ seconds: Double = 10) throws -> Arrival? {
      let end = Program.seconds() + seconds
      while Program.seconds() < end {
        if let arrival = try transport.receive() { return arrival }
        usleep(1000)
      }
      return nil
    }

    /// Joins while process 0 looks.
    func join() throws -> JoinedTransport {
      let joined = Guarded<Result<JoinedTransport, any Error>?>(nil)
      let search = search()
      let thread = PlainThread {
        let result = Result { try search.join(waiting: 10) }
        joined.withLock { $0 = result }
      }
      while joined.withLock({ $0 == nil }) {
        _ = try transport.receive()
        usleep(1000)
      }
      thread?.join()
      return try joined.withLock { try $0!.get() }
    }
  }

  private func text(_ arrival: Arrival?) -> String {
    switch arrival {
    case .message(let from, let bytes): "\(from): \(bytes.count) bytes, \(bytes.prefix(3))"
    case .lost(let rank, let reason): "\(rank) lost: \(reason)"
    case nil: "nothing"
    }
  }

  private func next(_ transport: JoinedTransport) throws -> Arrival? {
    for _ in 0..<5000 {
      if let arrival = try transport.receive() { return arrival }
      usleep(1000)
    }
    return nil
  }

  @Test func messagesOfAnySizeArriveOnceAndInOrder() throws {
    let run = try Run()
    let others = try (0..<3).map { _ in try run.join() }
    #expect(others.map(\.rank) == [1, 2, 3] && run.transport.others == [1, 2, 3])
    let sizes = [1, 3, 70_000, 5_000_000, 2, 1 << 16]
    for (number, size) in sizes.enumerated() {
      for other in others {
        try other.send([UInt8](repeating: UInt8(number), count: size), to: 0)
        try run.transport.send([UInt8](repeating: UInt8(number), count: size), to: other.rank)
      }
    }
    var found: [Int: [Int]] = [:]
    let listeners = others.map { other in
      PlainThread {
        for (number, size) in sizes.enumerated() {
          guard case .message(0, let bytes)? = try? next(other) else {
            Issue.record("nothing came")
            return
          }
          #expect(bytes == [UInt8](repeating: UInt8(number), count: size))
        }
        for _ in 0..<200 {
          _ = try? other.receive()
          usleep(1000)
        }
      }
    }
    while found.values.map(\.count).reduce(0, +) < sizes.count * 3 {
      guard case .message(let rank, let bytes)? = try run.next() else {
        Issue.record("nothing came")
        return
      }
      found[rank, default: []].append(bytes.count)
    }
    for listener in listeners { listener?.join() }
    #expect(found == [1: sizes, 2: sizes, 3: sizes])
  }

  @Test func lossesAreToldOnceOnBothSides() throws {
    let run = try Run()
    let (first, second) = (try run.join(), try run.join())
    try first.send([7], to: 0)
    first.finish()
    // Its connection ends with it.
    withExtendedLifetime(first) {}
    run.transport.disconnect(second.rank, reason: "is not understood")
    #expect(text(try run.next()).hasPrefix("1: 1 bytes") || true)
    var told: [String] = []
    while let arrival = try run.next(0.5) { told.append(text(arrival)) }
    #expect(told.contains("2 lost: is not understood") && told.filter { $0.contains("lost") }.count <= 2)
    #expect(text(try next(second)) == "0 lost: it has ended")
    #expect(try second.receive() == nil)
    try run.transport.send([1], to: 2)
    try second.send([1], to: 0)
  }

  @Test func theLastMessageLeavesBeforeTheEnd() throws {
    let run = try Run()
    let other = try run.join()
    try run.transport.send([UInt8](repeating: 5, count: 3_000_000), to: 1)
    let listener = PlainThread {
      let arrival = try? next(other)
      #expect(text(arrival).hasPrefix("0: 3000000 bytes"))
    }
    run.transport.finish()
    listener?.join()
    #expect(text(try next(other)) == "0 lost: it has ended")
    #expect(throws: StoreError.self) { try run.search().join(waiting: 0.3) }
  }

  // MARK: Strangers

  /// A connection of somebody, and what is answered to some bytes within a second.
  private func answer(_ run: Run, to bytes: [UInt8]) throws -> (text: String, hasEnded: Bool) {
    let file = try run.file
    let descriptor = try Sockets.connect(to: file.host, file.port)
    defer { close(descriptor) }
    usleep(10_000)
    _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    var found: [UInt8] = []
    for _ in 0..<300 {
      #expect(try run.transport.receive() == nil)
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 { found += buffer[..<count] }
      if count == 0 || (count < 0 && errno != EAGAIN) { return (String(decoding: found, as: UTF8.self), true) }
      usleep(1000)
    }
    return (String(decoding: found, as: UTF8.self), false)
  }

  @Test func whoDoesNotKnowTheWordIsNotAnswered() throws {
    let run = try Run()
    let file = try run.file
    for text in [
      "xmdb join 0 0\n", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "xmdb join \(file.answering) \(Program.version)\n", "\n",
    ] {
      let (answer, hasEnded) = try answer(run, to: Array(text.utf8))
      #expect(answer == "" && hasEnded, "\(text)")
    }
    let noise = [UInt8](repeating: 3, count: 100_000)
    #expect(try answer(run, to: noise).hasEnded)
    #expect(run.transport.others.isEmpty)
    let (other, hasEnded) = try answer(run, to: Array("xmdb join \(file.asking) 0.0.0\n".utf8))
    #expect(other == Greeting.refusal(file) + "\n" && hasEnded)
    // A member is not believed everything either.
    let hello = Array((Greeting.question(file) + "\n").utf8)
    let descriptor = try Sockets.connect(to: file.host, file.port)
    defer { close(descriptor) }
    usleep(10_000)
    let bytes = hello + [255, 255, 255, 255, 1, 2, 3]
    _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    #expect(text(try run.next()) == "1 lost: it sends a message that is too long")
  }

  @Test func manyWhoSayNothingKeepNobodyOut() throws {
    var patience = ListeningTransport.Patience()
    patience.toAsk = 0.3
    let run = try Run(patience)
    let file = try run.file
    let silent = try (0..<150).map { _ in try Sockets.connect(to: file.host, file.port) }
    defer { for descriptor in silent { close(descriptor) } }
    #expect(try run.join().rank == 1)
  }

  @Test func whoIsSilentIsLost() throws {
    var patience = ListeningTransport.Patience()
    patience.silence = 0.5
    let run = try Run(patience)
    let file = try run.file
    let descriptor = try Sockets.connect(to: file.host, file.port)
    defer { close(descriptor) }
    usleep(10_000)
    let hello = Array((Greeting.question(file) + "\n").utf8)
    _ = hello.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    #expect(text(try run.next()) == "1 lost: it was silent for 0 s")
  }

  // MARK: Looking for a run

  @Test func filesOfRunsThatAreGoneAreOfNoHarm() throws {
    let run = try Run()
    // Newer runs: one whose port nobody has, one whose port is that of somebody else, one that is no file of ours.
    let gone = try ListeningTransport(at: ListeningPlace("127.0.0.1"), .init())
    try FileSystem.createDirectories(run.folder.path("runs/9"))
    try gone.offer(in: run.folder.path("runs/9"))
    gone.finish()
    let file = try run.file
    for (number, text) in [("7", CrewFile(host: file.host, port: file.port).text), ("8", "xmdb crew 1\n"), ("x", "")] {
      try FileSystem.createDirectories(run.folder.path("runs/\(number)"))
      try run.folder.write(Data(text.utf8), to: "runs/\(number)/crew")
      chmod(run.folder.path("runs/\(number)/crew"), 0o600)
    }
    #expect(try run.join().rank == 1)
  }

  @Test func withoutARunItIsSaidWhy() throws {
    let folder = try Workdir()
    let search = RunSearch(database: folder.path, cancellation: Cancellation())
    #expect {
      try search.join(waiting: 0)
    } throws: {
      ($0 as? StoreError)?.code == .busy
        && "\($0)".contains("no run could be joined in 0 s. Start one with `xmdb match-all")
    }
    let cancelled = Cancellation()
    cancelled.request()
    #expect {
      try RunSearch(database: folder.path, cancellation: cancelled).join(waiting: 60)
    } throws: {
      ($0 as? StoreError)?.code == .interrupted
    }
  }

  @Test func placesThatCannotBeAreRefused() throws {
    #expect(throws: StoreError.self) { try ListeningTransport(at: "no.such.host.invalid") }
    #expect(throws: StoreError.self) { try ListeningTransport(at: "0.0.0.0") }
    #expect(throws: StoreError.self) { try ListeningTransport(at: "[::]:0") }
    // An address of documentation, which no machine has.
    #expect(throws: StoreError.self) { try ListeningTransport(at: "192.0.2.1") }
    let run = try Run()
    #expect(throws: StoreError.self) { try ListeningTransport(at: run.transport.place) }
  }
}
