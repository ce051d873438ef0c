internal import CatalogStore

/// The properties of a HATS catalogue: lines `key=value`.
///
/// Source: IVOA Note HATS 1.0, section 3; the names as the Python package hats reads them.
struct HatsProperties {
  private var lines: [(key: String, value: String)] = []

  mutating func add(_ key: String, _ value: String) { lines.append((key, value)) }

  /// In the form of Java's properties.
  var text: String {
    "#HATS catalog\n" + lines.map { "\($0.key)=\(Self.escaped($0.value))\n" }.joined()
  }

  /// A value begins with no blank and has no line ends; a backslash stands before itself.
  private static func escaped(_ value: String) -> String {
    let plain = value.replacing("\\", with: "\\\\").map { $0.isNewline ? " " : String($0) }.joined()
    return plain.hasPrefix(" ") ? "\\" + plain : plain
  }
}
