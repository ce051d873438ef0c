/// The name that a mistyped one may stand for.
struct NearestName {
  private let names: [String]

  init(_ names: some Sequence<String>) { self.names = Array(Set(names)).sorted() }

  /// The nearest name, if few letters differ: one of three letters, two of six, three of more than eight.
  func callAsFunction(to typed: String) -> String? {
    let wanted = Array(typed.lowercased().unicodeScalars.prefix(100))
    let allowed = min(3, max(1, wanted.count / 3))
    let distances = names.map {
      (name: $0, edits: Self.edits(wanted, Array($0.lowercased().unicodeScalars.prefix(100))))
    }
    return distances.filter { $0.edits <= allowed }.min { $0.edits < $1.edits }?.name
  }

  /// Letters to be put in, left out, replaced, or exchanged with their neighbour.
  static func edits(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var (before, last, row) = ([Int](), Array(0...b.count), [Int]())
    for i in 0..<a.count {
      row = [i + 1]
      for j in 0..<b.count {
        var best = min(last[j + 1], row[j]) + 1
        best = min(best, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      (before, last) = (last, row)
    }
    return last[b.count]
  }
}
