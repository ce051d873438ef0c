/// The inner loops of the frontier programme, on a table of 2^width states; a state's set bits are the matched nodes.
enum FrontierKernels {
  typealias Table = UnsafeMutablePointer<Double>

  /// Opens a node at the top bit: it is unmatched in every state so far.
  static func open(_ table: Table, width: Int) {
    (table + (1 << width)).update(repeating: 0, count: 1 << width)
  }

  /// Decides an edge forward: T(S ∪ {p, q}) += w T(S) for every S without p and q.
  static func join(_ table: Table, _ operation: FrontierOperation, weight: Double) {
    let pair = 1 << Int(operation.bit) | 1 << Int(operation.higherBit)
    forEachRun(operation) { first, count in
      for state in first..<(first + count) { table[state + pair] += weight * table[state] }
    }
  }

  /// Decides an edge backward, B(S) += w B(S ∪ {p, q}), and sums T(S) B(S ∪ {p, q}).
  static func joinBackward(
    _ forward: Table, _ backward: Table, _ operation: FrontierOperation, weight: Double
  ) -> Double {
    let pair = 1 << Int(operation.bit) | 1 << Int(operation.higherBit)
    var sum = 0.0
    forEachRun(operation) { first, count in
      for state in first..<(first + count) {
        let together = backward[state + pair]
        sum += forward[state] * together
        backward[state] += weight * together
      }
    }
    return sum
  }

  /// A node leaves: T′(S∖p) = α T(S∌p) + T(S∋p). In place, the table halves.
  static func close(_ table: Table, _ operation: FrontierOperation, alone: Double) {
    let bit = 1 << Int(operation.bit)
    for block in 0..<(1 << (Int(operation.width) - 1 - Int(operation.bit))) {
      let (target, source) = (block * bit, 2 * block * bit)
      for offset in 0..<bit {
        table[target + offset] = alone * table[source + offset] + table[source + bit + offset]
      }
    }
  }

  /// A node comes back: B(S∌p) = α B′, B(S∋p) = B′; and sums T(S∌p) B′. In place, the table doubles.
  static func closeBackward(
    _ forward: Table, _ backward: Table, _ operation: FrontierOperation, alone: Double
  ) -> Double {
    let bit = 1 << Int(operation.bit)
    var sum = 0.0
    for block in (0..<(1 << (Int(operation.width) - 1 - Int(operation.bit)))).reversed() {
      let (source, target) = (block * bit, 2 * block * bit)
      for offset in 0..<bit {
        let value = backward[source + offset]
        sum += forward[target + offset] * value
        backward[target + offset] = alone * value
        backward[target + bit + offset] = value
      }
    }
    return sum
  }

  /// Divides by the power of two that brings the largest entry to [1, 2).
  ///
  /// - Returns: The exponent of that power.
  static func normalise(_ table: Table, width: Int) -> Int {
    var largest = 0.0
    for state in 0..<(1 << width) { largest = max(largest, table[state]) }
    // The best matching weighs 1, so the largest entry is neither 0 nor infinite; were it so, nothing would be scaled.
    guard largest > 0 && largest < .infinity else { return 0 }
    let exponent = Int(largest.exponent)
    let factor = Double(sign: .plus, exponent: -exponent, significand: 1)
    for state in 0..<(1 << width) { table[state] *= factor }
    return exponent
  }

  /// Calls `body` with each run of consecutive states that lack both bits of a join.
  @inline(__always)
  private static func forEachRun(_ operation: FrontierOperation, _ body: (Int, Int) -> Void) {
    let (low, high, size) = (1 << Int(operation.bit), 1 << Int(operation.higherBit), 1 << Int(operation.width))
    var outer = 0
    while outer < size {
      var inner = outer
      while inner < outer + high {
        body(inner, low)
        inner += 2 * low
      }
      outer += 2 * high
    }
  }
}
