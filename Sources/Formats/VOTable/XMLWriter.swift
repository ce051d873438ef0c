internal import CLibXML
internal import CatalogStore

/// An XML document, written as a stream over libxml2. Whatever texts hold, it is well-formed: characters that XML does not have
/// are left out.
package final class XMLWriter {
  /// What takes the bytes, and why it failed.
  private final class Target {
    let take: (UnsafeRawBufferPointer) throws -> Void
    var failure: (any Error)?

    init(_ take: @escaping (UnsafeRawBufferPointer) throws -> Void) { self.take = take }
  }

  private let target: Target
  private let writer: OpaquePointer

  /// - Parameter take: Called with the bytes of the document in order.
  package init(_ take: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {
    let target = Target(take)
    let writer = xxml_open(
      { context, bytes, count in
        guard let context, let bytes, count >= 0 else { return -1 }
        let target = Unmanaged<Target>.fromOpaque(context).takeUnretainedValue()
        do {
          if target.failure == nil { try target.take(UnsafeRawBufferPointer(start: bytes, count: Int(count))) }
        } catch {
          target.failure = error
        }
        return target.failure == nil ? count : -1
      }, Unmanaged.passUnretained(target).toOpaque())
    guard let writer else { throw StoreError(.system, "XML", "cannot be written: not enough memory") }
    (self.target, self.writer) = (target, writer)
  }

  deinit { xxml_free(writer) }

  private func check(_ code: Int32) throws {
    if let failure = target.failure { throw failure }
    if code < 0 { throw StoreError(.system, "XML", "cannot be written: libxml2 reports a failure") }
  }

  /// Begins an element.
  package func start(_ name: String, _ attributes: [(name: String, value: String?)] = []) throws {
    try check(xxml_start(writer, name))
    for (name, value) in attributes {
      guard let value, !value.isEmpty else { continue }
      try check(xxml_attribute(writer, name, Self.allowed(value)))
    }
  }

  /// Ends the last element that was begun.
  package func end() throws { try check(xxml_end(writer)) }

  /// An element without others in it.
  package func element(
    _ name: String, _ attributes: [(name: String, value: String?)] = [], text: String? = nil
  ) throws {
    try start(name, attributes)
    if let text { try check(xxml_text(writer, Self.allowed(text))) }
    try end()
  }

  /// Bytes in base64. What follows can be appended if their number is a multiple of three.
  package func base64(_ bytes: UnsafeRawBufferPointer) throws {
    // libxml2 counts in 32 bits.
    let step = 3 << 20
    for first in stride(from: 0, to: bytes.count, by: step) {
      let part = UnsafeRawBufferPointer(rebasing: bytes[first..<min(first + step, bytes.count)])
      try check(xxml_base64(writer, part.baseAddress, Int32(part.count)))
    }
  }

  /// Ends all elements, and hands over what is left.
  package func finish() throws {
    try check(xxml_finish(writer))
  }

  /// The characters of a text that XML 1.0 has; line ends and tabs as blanks.
  private static func allowed(_ text: String) -> String {
    var allowed = String.UnicodeScalarView()
    for scalar in text.unicodeScalars where scalar.value != 0xFFFE && scalar.value != 0xFFFF {
      switch scalar.value {
      case 9, 10, 13: allowed.append(" ")
      case 0..<32: continue
      default: allowed.append(scalar)
      }
    }
    return String(allowed)
  }
}
