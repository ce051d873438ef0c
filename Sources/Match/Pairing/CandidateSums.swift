/// The sums T(S) over matchings of rivals with the candidates S of one source, for all S (`NeighbourhoodSums`).
///
/// S is a number whose bits are the candidates.
struct CandidateSums: Sendable {
  /// The most candidates.
  private static let most = 6

  /// α′ of each candidate; positive.
  var alone = [Double](repeating: 0, count: most)
  /// The weights of the node at hand with each candidate.
  var weights = [Double](repeating: 0, count: most)
  /// After `finish`, for each candidate: the sum over what the others may do if it is taken.
  private(set) var without = [Double](repeating: 0, count: most)
  private var table = [Double](repeating: 0, count: 1 << most)
  private var count = 0

  /// Begins with no rival.
  mutating func begin(_ candidates: Int) {
    count = candidates
    for subset in 0..<(1 << count) { table[subset] = 0 }
    table[0] = 1
  }

  /// A rival takes one of the candidates by its `weights`, or none.
  ///
  /// - Complexity: O(count · 2^count).
  mutating func add(alone: Double) {
    for subset in stride(from: (1 << count) - 1, through: 0, by: -1) {
      var sum = table[subset] * alone
      for place in 0..<count where subset >> place & 1 == 1 { sum += weights[place] * table[subset ^ 1 << place] }
      table[subset] = sum
    }
  }

  /// Sums with the source itself alone, or paired with a candidate by its `weights`.
  ///
  /// - Parameter alone: α′ of the source.
  /// - Returns: The sum with all candidates left to rivals, and the sum over everything.
  mutating func finish(alone ownAlone: Double) -> (free: Double, total: Double) {
    for place in 0..<count { without[place] = 0 }
    var free = 0.0
    for subset in 0..<(1 << count) { free += spread(subset) }
    var total = free * ownAlone
    for place in 0..<count { total += weights[place] * without[place] }
    return (free, total)
  }

  /// Adds T(S) with the rest of the candidates alone to `without`; returns it.
  private mutating func spread(_ subset: Int) -> Double {
    var product = table[subset]
    for place in 0..<count where subset >> place & 1 == 0 { product *= alone[place] }
    for place in 0..<count where subset >> place & 1 == 0 {
      without[place] += product / alone[place]
    }
    return product
  }
}
