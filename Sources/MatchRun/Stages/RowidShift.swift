/// How rowids move from one generation of a catalogue to the next, where the sources themselves are the same.
struct RowidShift: Sendable, Equatable {
  /// From which old rowid on each shift holds.
  private(set) var steps: [(from: Int64, shift: Int64)] = []

  /// The shift, where both list the same number of sources.
  init(from old: [ChunkInputs.Piece], to new: [ChunkInputs.Piece]) {
    var (i, j) = (0, 0)
    var (passedOld, passedNew): (Int64, Int64) = (0, 0)
    while i < old.count, j < new.count {
      let from = old[i].first + passedOld
      let shift = new[j].first + passedNew - from
      if steps.last?.shift != shift { steps.append((from, shift)) }
      let length = min(old[i].count - passedOld, new[j].count - passedNew)
      passedOld += length
      passedNew += length
      if passedOld == old[i].count { (i, passedOld) = (i + 1, 0) }
      if passedNew == new[j].count { (j, passedNew) = (j + 1, 0) }
    }
  }

  /// Whether every rowid stays what it is.
  var isIdentity: Bool { steps.allSatisfy { $0.shift == 0 } }

  /// The shift of the rowid in an SQL expression, as one.
  func sql(_ rowid: String) -> String {
    guard let first = steps.first else { return "0" }
    if steps.count == 1 { return "\(first.shift)" }
    let cases = zip(steps, steps.dropFirst()).map { "WHEN \(rowid) < \($1.from) THEN \($0.shift)" }
    return "(CASE \(cases.joined(separator: " ")) ELSE \(steps[steps.count - 1].shift) END)"
  }

  static func == (left: RowidShift, right: RowidShift) -> Bool {
    left.steps.elementsEqual(right.steps) { $0.from == $1.from && $0.shift == $1.shift }
  }
}
