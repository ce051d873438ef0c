/// The name that may have been meant.
enum Nearest {
  /// The one that differs least, by at most a third of its letters.
  static func name(to typed: String, among names: [String]) -> String? {
    let typed = Array(typed.lowercased().unicodeScalars.prefix(100))
    var best: (name: String, distance: Int)?
    for name in names.prefix(5000) {
      let letters = Array(name.lowercased().unicodeScalars)
      guard abs(letters.count - typed.count) <= 3 else { continue }
      let distance = distance(typed, letters)
      if distance <= max(1, letters.count / 3), distance < best?.distance ?? .max { best = (name, distance) }
    }
    return best?.name
  }

  /// Letters to be changed, added or left out to make one word of the other.
  private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let replaced = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }

  /// The first names, for messages.
  static func list(_ names: [String]) -> String {
    names.prefix(20).map(ADQL.spelling).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
  }
}
