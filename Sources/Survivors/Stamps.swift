/// Whether a from-bin was met before by the present to-source, for each thing that is counted once.
struct Stamps {
  enum Kind {
    case mark(Circle)
    case brightest(Int)
  }

  private let bins: Int
  private var last: [Int32]
  private var present: Int32 = 0

  init(bins: Int, toBands: Int) {
    self.bins = bins
    last = [Int32](repeating: 0, count: bins * (Circle.allCases.count + toBands))
  }

  /// Turns to the next to-source.
  mutating func begin() { present += 1 }

  mutating func isFirst(_ kind: Kind, _ bin: Int) -> Bool {
    let row =
      switch kind {
      case .mark(let circle): circle.rawValue
      case .brightest(let toBand): Circle.allCases.count + toBand
      }
    let isFirst = last[row * bins + bin] != present
    last[row * bins + bin] = present
    return isFirst
  }
}
