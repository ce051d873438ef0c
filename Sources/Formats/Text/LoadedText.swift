internal import Glibc

/// Reads what `DelimitedText` writes in the style `loaded`: a row a line, fields between commas, `\N` for NULL.
public struct LoadedText {
  /// A field of a line; nil for NULL.
  public typealias Field = String?

  /// The longest line that is read, bytes.
  public static let longestLine = 16 << 20
  private static let blockBytes = 1 << 20

  private let path: String
  private let fields: Int

  /// - Parameter fields: How many fields each line has.
  public init(_ path: String, fields: Int) {
    (self.path, self.fields) = (path, fields)
  }

  /// Runs `body` with some fields of each line, in order.
  /// - Parameters:
  ///   - wanted: Positions of the fields, from 0.
  ///   - body: Receives the number of the line, from 1, and the fields.
  /// - Throws: `FormatError` when the file cannot be read, a line has another number of fields or is too long, or the last one does
  ///   not end; whatever `body` throws.
  public func forEachLine(_ wanted: [Int], _ body: (Int64, [Field]) throws -> Void) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw FormatError(.notReadable, subject: path, "cannot be opened: \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var (block, rest): ([UInt8], [UInt8]) = (Array(repeating: 0, count: Self.blockBytes), [])
    var number: Int64 = 0
    while true {
      let count = read(descriptor, &block, block.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw FormatError(.notReadable, subject: path, "cannot be read: \(String(cString: strerror(errno)))")
      }
      if count == 0 { break }
      var start = 0
      while let end = block[start..<count].firstIndex(of: UInt8(ascii: "\n")) {
        number += 1
        if rest.isEmpty {
          try body(number, line(block[start..<end], number, wanted))
        } else {
          rest += block[start..<end]
          try body(number, line(rest[...], number, wanted))
          rest.removeAll(keepingCapacity: true)
        }
        start = end + 1
      }
      rest += block[start..<count]
      guard rest.count <= Self.longestLine else {
        throw FormatError(.damaged, subject: path, "line \(number + 1) is longer than \(Self.longestLine) bytes")
      }
    }
    guard rest.isEmpty else {
      throw FormatError(.truncated, subject: path, "ends within line \(number + 1); get a whole copy of the file")
    }
  }

  private func line(_ bytes: ArraySlice<UInt8>, _ number: Int64, _ wanted: [Int]) throws(FormatError) -> [Field] {
    var bounds: [Range<Int>] = []
    bounds.reserveCapacity(fields)
    var (start, place) = (bytes.startIndex, bytes.startIndex)
    while place < bytes.endIndex {
      switch bytes[place] {
      case UInt8(ascii: "\\"): place += 2
      case UInt8(ascii: ","):
        bounds.append(start..<place)
        place += 1
        start = place
      default: place += 1
      }
    }
    bounds.append(start..<max(start, bytes.endIndex))
    guard bounds.count == fields, place == bytes.endIndex else {
      throw FormatError(
        .damaged, subject: path, "line \(number) has \(bounds.count) fields, not the \(fields) of its description")
    }
    return wanted.map { bounds.indices.contains($0) ? Self.field(bytes[bounds[$0]]) : nil }
  }

  private static func field(_ bytes: ArraySlice<UInt8>) -> Field {
    guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
    if bytes.elementsEqual("\\N".utf8) { return nil }
    var (text, isEscaped): ([UInt8], Bool) = ([], false)
    for byte in bytes {
      if !isEscaped && byte == UInt8(ascii: "\\") {
        isEscaped = true
        continue
      }
      text.append(isEscaped ? meaning(byte) : byte)
      isEscaped = false
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// What a byte after a backslash stands for.
  private static func meaning(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "n"): UInt8(ascii: "\n")
    case UInt8(ascii: "r"): UInt8(ascii: "\r")
    case UInt8(ascii: "t"): UInt8(ascii: "\t")
    default: byte
    }
  }
}
