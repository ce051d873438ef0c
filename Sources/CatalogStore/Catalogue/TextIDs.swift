/// Identifiers that are text, end to end as UTF-8; some may be absent.
public struct TextIDs: Sendable, Equatable {
  private var utf8: [UInt8] = []
  /// Where each begins, and where the last ends.
  private var bounds = [0]
  /// The absent ones; empty when none is.
  private var nulls: [Bool] = []

  /// No identifiers.
  public init() {}

  /// Identifiers in order, nil for absent ones.
  public init(_ texts: some Sequence<String?>) {
    for text in texts {
      var text = text
      if text?.withUTF8({ append(UnsafeRawBufferPointer($0)) }) == nil { appendNull() }
    }
  }

  /// The number of identifiers.
  public var count: Int { bounds.count - 1 }

  /// Adds one.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) {
    utf8.append(contentsOf: bytes)
    bounds.append(utf8.count)
    if !nulls.isEmpty { nulls.append(false) }
  }

  /// Adds an absent one.
  public mutating func appendNull() {
    if nulls.isEmpty { nulls = Array(repeating: false, count: count) }
    bounds.append(utf8.count)
    nulls.append(true)
  }

  /// Calls `body` with the bytes of one, nil if it is absent.
  public func withUTF8<Result>(at index: Int, _ body: (UnsafeRawBufferPointer?) throws -> Result) rethrows -> Result {
    if !nulls.isEmpty && nulls[index] { return try body(nil) }
    return try utf8.withUnsafeBytes {
      try body(UnsafeRawBufferPointer(rebasing: $0[bounds[index]..<bounds[index + 1]]))
    }
  }

  /// Adds all of them to a fingerprint.
  func update(_ hasher: inout Fingerprint.Hasher) {
    hasher.update(utf8)
    hasher.update(bounds)
    hasher.update(nulls)
  }
}
