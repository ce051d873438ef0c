internal import CatalogStore
internal import Glibc

/// One end of a connection: a line of text each way, then messages, each after its length. Nothing here waits.
struct Connection: Sendable {
  let descriptor: Int32
  /// When the other end was last heard, `Program.seconds()`.
  var heard = Program.seconds()
  /// Why nothing will come of it any more.
  private(set) var ending: String?
  private var inbound: [UInt8] = []
  private var outbound: [UInt8] = []

  /// The longest line that is read, and the longest message, bytes.
  private static let longestLine = 512
  private static let longestMessage = 1 << 30
  /// So much is read before other connections have their turn, bytes.
  private static let turn = 1 << 20
  private static let lengthBytes = 4

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// What `poll` is asked.
  var interest: pollfd {
    pollfd(fd: descriptor, events: Int16(POLLIN | (outbound.isEmpty ? 0 : POLLOUT)), revents: 0)
  }
  /// Whether everything has left.
  var isFlushed: Bool { outbound.isEmpty || ending != nil }

  // MARK: Out

  mutating func send(line: String) {
    outbound += Array((line + "\n").utf8)
    flush()
  }

  /// An empty message says that this end is alive.
  mutating func send(_ message: [UInt8]) {
    withUnsafeBytes(of: UInt32(truncatingIfNeeded: message.count).littleEndian) { outbound += $0 }
    outbound += message
    flush()
  }

  /// Sends what is left, then says that nothing more will come, and hears what the other end still says: a connection that is closed
  /// with something unheard may lose what was sent.
  mutating func part() {
    flush()
    if outbound.isEmpty, ending == nil { _ = shutdown(descriptor, Int32(SHUT_WR)) }
    fill()
    inbound = []
  }

  static func mayBeSent(_ message: [UInt8]) -> Bool { message.count <= longestMessage }

  /// Sends what the system takes now.
  mutating func flush() {
    while !outbound.isEmpty, ending == nil {
      let count = outbound.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count < 0 && errno == EINTR { continue }
      if count < 0 && (errno == EAGAIN || errno == ENOTCONN) { return }
      if count < 0 { return end(Self.reason(errno)) }
      outbound.removeFirst(count)
    }
  }

  // MARK: In

  /// Reads what is there.
  mutating func fill() {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var rest = Self.turn
    while rest > 0, ending == nil {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN { return }
      if count < 0 { return end(Self.reason(errno)) }
      if count == 0 { return end("it has ended") }
      inbound += buffer[..<count]
      heard = Program.seconds()
      rest -= count
    }
  }

  /// The next line, without its end; nil while it is not there.
  mutating func line() -> String? {
    guard let end = inbound.firstIndex(of: UInt8(ascii: "\n")) else {
      if inbound.count > Self.longestLine { self.end("it does not speak as xmdb does") }
      return nil
    }
    defer { inbound.removeFirst(end + 1) }
    return String(decoding: inbound[..<end], as: UTF8.self)
  }

  /// The messages that are there, without the empty ones.
  mutating func messages() -> [[UInt8]] {
    var (messages, start): ([[UInt8]], Int) = ([], 0)
    while inbound.count - start >= Self.lengthBytes {
      let length = inbound[start..<(start + Self.lengthBytes)].reversed().reduce(0) { $0 << 8 | Int($1) }
      if length > Self.longestMessage {
        end("it sends a message that is too long")
        break
      }
      let body = start + Self.lengthBytes
      if inbound.count - body < length { break }
      if length > 0 { messages.append(Array(inbound[body..<(body + length)])) }
      start = body + length
    }
    inbound.removeFirst(start)
    return messages
  }

  // MARK: The end

  mutating func end(_ reason: String) { if ending == nil { ending = reason } }

  func close() { _ = Glibc.close(descriptor) }

  private static func reason(_ number: Int32) -> String { String(cString: strerror(number)) }
}
