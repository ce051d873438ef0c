/// Sums over the pairs of each cell, with r = g h/(1 + g h) and s = q h/(1 + q h): P of a pair with and without its
/// separation.
struct LevelSums {
  /// Σ n r.
  var found: [Double]
  /// Σ n r².
  var foundSquares: [Double]
  /// Σ n s.
  var expected: [Double]
  /// Σ n s².
  var expectedSquares: [Double]

  init(count: Int) {
    found = [Double](repeating: 0, count: count)
    foundSquares = found
    expected = found
    expectedSquares = found
  }
}
