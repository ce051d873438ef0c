internal import Indexing

/// Which members of one catalogue in an island may be detections of one object: all pairs of them, each looked at once.
///
/// In a heap of sources the same two are asked for with every candidate that both have.
struct DetectionTable {
  private let count: Int
  private var isOne: [Bool]

  /// - Parameters:
  ///   - questions: How often two members will be asked for; where these are fewer than pairs of members, there is no table.
  /// - Complexity: O(count²) calls of `areOne`, and no more than half as many as questions.
  init?(
    count: Int, questions: Int, stop: inout StopCheck, areOne: (_ one: Int32, _ other: Int32) -> Bool
  ) throws {
    let (pairs, overflow) = count.multipliedReportingOverflow(by: count)
    guard count > 1, !overflow, pairs < questions else { return nil }
    self.count = count
    isOne = Array(repeating: false, count: pairs)
    for one in 0..<count {
      try stop.after(steps: 4 * one)
      for other in 0..<one where areOne(Int32(other), Int32(one)) {
        isOne[one * count + other] = true
        isOne[other * count + one] = true
      }
    }
  }

  /// Whether two members may be one object; they are not the same.
  subscript(one: Int32, other: Int32) -> Bool { isOne[Int(one) * count + Int(other)] }
}
