internal import CatalogStore
internal import Glibc

/// A place where process 0 listens, as `--listen` names it: `HOST`, `HOST:PORT`, `[ADDRESS]:PORT`.
struct ListeningPlace: Equatable {
  /// A name or an address of this machine.
  let host: String
  /// 0: any that is free.
  let port: UInt16

  /// - Throws: `StoreError.usage`.
  init(_ text: String) throws {
    let (host, port) = Self.parts(text)
    guard let host, !host.isEmpty, let number = UInt16(port ?? "0") else {
      throw StoreError(
        .usage, "--listen",
        "is '\(text)'; allowed: HOST, HOST:PORT or [ADDRESS]:PORT, where HOST is how others reach this machine")
    }
    (self.host, self.port) = (host, number)
  }

  private static func parts(_ text: String) -> (host: String?, port: String?) {
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return (nil, nil) }
      let (host, rest) = (text[text.index(after: text.startIndex)..<end], text[text.index(after: end)...])
      if rest.isEmpty { return (String(host), nil) }
      return rest.hasPrefix(":") ? (String(host), String(rest.dropFirst())) : (nil, nil)
    }
    let colons = text.filter { $0 == ":" }.count
    guard colons == 1, let colon = text.firstIndex(of: ":") else { return (text, nil) }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }
}

/// Sockets of the system, that never wait and that no other program inherits.
enum Sockets {
  /// Seconds after which a machine that does not answer any more is lost, about.
  private static let keepAlive: (idle: Int32, interval: Int32, probes: Int32) = (20, 10, 4)
  private static let backlog: Int32 = 512

  /// Listens.
  /// - Returns: The socket, and its address in numbers.
  static func listen(at place: ListeningPlace) throws -> (descriptor: Int32, host: String, port: UInt16) {
    var reason = "no such name or address"
    let bound = try withAddresses(place.host, place.port, numericOnly: false) { address -> Int32? in
      guard let descriptor = open(address.ai_family) else { return nil }
      if bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, Glibc.listen(descriptor, backlog) == 0 {
        return descriptor
      }
      reason = String(cString: strerror(errno))
      close(descriptor)
      return nil
    }
    guard let descriptor = bound else {
      throw StoreError(
        .usage, "--listen",
        "cannot be at \(place.host) port \(place.port): \(reason); name an address of this machine, and a port that is free"
      )
    }
    guard let (host, port) = name(of: descriptor), !["0.0.0.0", "::"].contains(host) else {
      close(descriptor)
      throw StoreError(
        .usage, "--listen",
        "is '\(place.host)', which is every address; name the one by which other processes reach this machine")
    }
    return (descriptor, host, port)
  }

  /// Begins to connect; the socket is writable when it is done.
  static func connect(to host: String, _ port: UInt16) throws -> Int32 {
    var reason = "is no address"
    let connected = try withAddresses(host, port, numericOnly: true) { address -> Int32? in
      guard let descriptor = open(address.ai_family) else { return nil }
      if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 || errno == EINPROGRESS {
        return descriptor
      }
      reason = String(cString: strerror(errno))
      close(descriptor)
      return nil
    }
    guard let connected else { throw StoreError(.system, "\(host) port \(port)", reason) }
    return connected
  }

  /// The next who connects; nil if nobody does.
  static func accept(_ listener: Int32) -> Int32? {
    let descriptor = Glibc.accept(listener, nil, nil)
    if descriptor < 0 { return nil }
    prepare(descriptor)
    return descriptor
  }

  private static func open(_ family: Int32) -> Int32? {
    let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
    if descriptor < 0 { return nil }
    prepare(descriptor)
    return descriptor
  }

  private static func prepare(_ descriptor: Int32) {
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
    set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
    let tcp = Int32(IPPROTO_TCP)
    set(descriptor, tcp, TCP_NODELAY, 1)
    set(descriptor, tcp, TCP_KEEPIDLE, keepAlive.idle)
    set(descriptor, tcp, TCP_KEEPINTVL, keepAlive.interval)
    set(descriptor, tcp, TCP_KEEPCNT, keepAlive.probes)
    set(descriptor, tcp, TCP_USER_TIMEOUT, 1000 * (keepAlive.idle + keepAlive.interval * keepAlive.probes))
  }

  private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    _ = setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Tries the addresses of a name until `body` gives something.
  private static func withAddresses<Result>(
    _ host: String, _ port: UInt16, numericOnly: Bool, _ body: (addrinfo) throws -> Result?
  ) throws -> Result? {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_NUMERICSERV | (numericOnly ? AI_NUMERICHOST : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &list) == 0 else { return nil }
    defer { freeaddrinfo(list) }
    var next = list
    while let address = next {
      if let result = try body(address.pointee) { return result }
      next = address.pointee.ai_next
    }
    return nil
  }

  /// The address of a socket, in numbers.
  private static func name(of descriptor: Int32) -> (host: String, port: UInt16)? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var (host, port) = ([CChar](repeating: 0, count: 256), [CChar](repeating: 0, count: 16))
    let isNamed = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        getsockname(descriptor, address, &length) == 0
          && getnameinfo(
            address, length, &host, socklen_t(host.count), &port, socklen_t(port.count), NI_NUMERICHOST | NI_NUMERICSERV
          ) == 0
      }
    }
    guard isNamed, let number = UInt16(text(port)) else { return nil }
    return (text(host), number)
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
