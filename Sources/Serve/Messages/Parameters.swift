/// The parameters of a request. Names are told apart without case, as the protocols of the Virtual Observatory have it (DALI 1.1, 2.3).
struct Parameters: Sendable {
  private(set) var pairs: [(name: String, value: String)] = []
  /// The parts of a form that are files, by name.
  private(set) var files: [String: [UInt8]] = [:]

  private static let mostParameters = 1000

  init() {}

  /// `a=1&b=2`, with `%20` and `+` for blanks.
  /// - Throws: `RequestError` for what is not UTF-8, or holds NUL.
  mutating func add(form text: some Collection<UInt8>) throws {
    for part in text.split(separator: UInt8(ascii: "&")) {
      let halves = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      try add(Self.decoded(halves[0]), halves.count > 1 ? Self.decoded(halves[1]) : "")
    }
  }

  mutating func add(_ name: String, _ value: String) throws {
    guard pairs.count < Self.mostParameters else {
      throw RequestError.wrong("the request has more than \(Self.mostParameters) parameters")
    }
    if value.utf8.contains(0) { throw RequestError.wrong("the parameter \(name) holds a NUL character") }
    pairs.append((name.uppercased(), value))
  }

  mutating func add(file name: String, _ bytes: [UInt8]) throws {
    guard files.count < 100 else { throw RequestError.wrong("the request has more than 100 files") }
    files[name] = bytes
  }

  /// Adds those of another request; of a name that both have, they take the place of the earlier ones.
  mutating func add(_ others: Parameters) throws {
    let names = Set(others.pairs.map(\.name))
    pairs.removeAll { names.contains($0.name) && $0.name != "UPLOAD" }
    for (name, value) in others.pairs { try add(name, value) }
    for (name, bytes) in others.files { try add(file: name, bytes) }
  }

  /// Bytes that they take.
  var bytes: Int { pairs.reduce(0) { $0 + $1.value.utf8.count } + files.values.reduce(0) { $0 + $1.count } }

  private static func decoded(_ bytes: some Collection<UInt8>) throws -> String {
    var plain: [UInt8] = []
    var rest = Array(bytes)[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): plain.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard rest.count >= 2, let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
          throw RequestError.wrong("a parameter has % without two hexadecimal digits behind it")
        }
        plain.append(code)
        rest = rest.dropFirst(2)
      default: plain.append(byte)
      }
    }
    guard let text = String(validating: plain, as: UTF8.self) else {
      throw RequestError.wrong("a parameter is not UTF-8")
    }
    return text
  }

  // MARK: Values

  /// The last value of a parameter; nil where it is not given, or empty.
  subscript(_ name: String) -> String? {
    pairs.last { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  /// All values of a parameter.
  func all(_ name: String) -> [String] { pairs.filter { $0.name == name && !$0.value.isEmpty }.map(\.value) }

  /// A number.
  /// - Throws: `RequestError` when the value is none.
  func number(_ name: String) throws -> Double? {
    guard let text = self[name] else { return nil }
    guard let number = Double(text.filter { $0 != " " }), number.isFinite else {
      throw RequestError.wrong("\(name) is '\(text.prefix(100))'; expected is a number")
    }
    return number
  }

  /// A whole number of 0 or more.
  func count(_ name: String) throws -> Int64? {
    guard let text = self[name] else { return nil }
    guard let number = Int64(text), number >= 0 else {
      throw RequestError.wrong("\(name) is '\(text.prefix(100))'; expected is a whole number of 0 or more")
    }
    return number
  }
}
