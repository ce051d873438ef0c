/// When two names of columns are the same.
///
/// SQL does not tell A from a, but É from é; and many programs write é in one piece or as e with an accent, which
/// look the same. Swift compares texts in the latter sense, so bytes are compared here where that matters.
public enum ColumnNames {
  /// The name with A–Z as a–z, as SQLite compares names.
  public static func folded(_ name: String) -> String {
    String(decoding: name.utf8.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }, as: UTF8.self)
  }

  /// Whether the bytes are the same.
  public static func areIdentical(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

  /// Why two columns of these names cannot stand in one table; nil if they can.
  public static func clash(_ a: String, _ b: String) -> String? {
    if areIdentical(a, b) {
      return "two columns are named '\(a)', and no option can tell them apart; --exclude leaves both out"
    }
    let pair = "columns '\(a)' and '\(b)'"
    if a == b {
      return "\(pair) have the same letters in two Unicode forms, with accents composed (\(codes(a))) and apart "
        + "(\(codes(b))); leave one out with --exclude"
    }
    return folded(a) == folded(b)
      ? "\(pair) have the same name (SQL does not tell case apart); leave one out with --exclude \(b)" : nil
  }

  private static func codes(_ name: String) -> String {
    name.unicodeScalars.filter { !$0.isASCII }.prefix(4).map { "U+" + String($0.value, radix: 16, uppercase: true) }
      .joined(separator: " ")
  }

  /// Refuses names that cannot stand in one table.
  static func requireDistinct(_ names: [String], path: String) throws(FormatError) {
    // Equal when folded and composed: all names that clash have the same key.
    var seen: [String: String] = [:]
    for name in names {
      guard let first = seen.updateValue(name, forKey: folded(name)) else { continue }
      guard let reason = clash(first, name) else { continue }
      throw FormatError(.unsupported, subject: path, reason)
    }
  }
}

/// A name by its bytes.
struct ExactName: Hashable, Sendable {
  private let bytes: [UInt8]

  init(_ name: String) { bytes = Array(name.utf8) }
}
