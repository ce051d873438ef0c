/// 3×3 matrices, row by row: what the fits need of linear algebra.
enum Matrix3 {
  /// The inverse by cofactors; nil where the determinant is 0 or not finite.
  static func inverse(_ m: [[Double]]) -> [[Double]]? {
    func minor(_ i: Int, _ j: Int) -> Double {
      let (r, s) = ((i + 1) % 3, (i + 2) % 3)
      let (c, d) = ((j + 1) % 3, (j + 2) % 3)
      return m[r][c] * m[s][d] - m[r][d] * m[s][c]
    }
    let determinant = m[0][0] * minor(0, 0) + m[0][1] * minor(0, 1) + m[0][2] * minor(0, 2)
    guard determinant.isFinite, determinant != 0 else { return nil }
    return (0..<3).map { i in (0..<3).map { j in minor(j, i) / determinant } }
  }

  static func product(_ m: [[Double]], _ v: [Double]) -> [Double] {
    m.map { row in row[0] * v[0] + row[1] * v[1] + row[2] * v[2] }
  }
}
