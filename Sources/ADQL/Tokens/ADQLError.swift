/// Why a query is refused, and where in it.
public struct ADQLError: Error, CustomStringConvertible, Sendable, Equatable {
  /// What is wrong, what is allowed, what to do.
  public let message: String
  /// Bytes of the query before the place.
  public let offset: Int
  /// The line of the place, from 1.
  public let line: Int
  /// The character within the line, from 1.
  public let column: Int

  public var description: String { "line \(line), column \(column): \(message)" }

  init(_ message: String, at offset: Int, in text: [UInt8]) {
    self.message = message
    self.offset = offset
    let before = text.prefix(offset)
    line = 1 + before.count { $0 == UInt8(ascii: "\n") }
    let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    // Bytes that go on with a character are not counted.
    column = 1 + before[start...].count { $0 & 0xC0 != 0x80 }
  }
}

/// The same before it is known which line and column it is.
struct Refusal: Error {
  let message: String
  let offset: Int

  init(_ message: String, at offset: Int) {
    self.message = message
    self.offset = offset
  }
}
