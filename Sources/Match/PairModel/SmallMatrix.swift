internal import Glibc

/// A symmetric matrix of a few rows, by rows.
struct SmallMatrix {
  let size: Int
  var elements: [Double]

  /// A matrix of zeros.
  init(size: Int) {
    self.size = size
    elements = [Double](repeating: 0, count: size * size)
  }

  subscript(row: Int, column: Int) -> Double {
    get { elements[row * size + column] }
    set { elements[row * size + column] = newValue }
  }

  /// Adds s · v vᵀ to the elements up to the diagonal, where v begins at `offset`; `mirror` makes the matrix whole.
  mutating func add(_ scale: Double, _ vector: [Double], at offset: Int) {
    for row in 0..<size {
      let scaled = scale * vector[offset + row]
      for column in 0...row { elements[row * size + column] += scaled * vector[offset + column] }
    }
  }

  /// Copies the elements below the diagonal to those above.
  mutating func mirror() {
    for row in 0..<size { for column in 0..<row { self[column, row] = self[row, column] } }
  }

  /// The matrix with eigenvalues below share · max(1, the largest) lifted to that.
  func lifted(share: Double) -> SmallMatrix {
    let (values, vectors) = eigen()
    let floor = share * max(values.max() ?? 0, 1)
    var lifted = SmallMatrix(size: size)
    for index in 0..<size {
      let vector = (0..<size).map { vectors[$0, index] }
      lifted.add(max(values[index], floor), vector, at: 0)
    }
    lifted.mirror()
    return lifted
  }

  /// Eigenvalues, and eigenvectors as columns, by Jacobi's rotations.
  ///
  /// - Complexity: O(size³) for each of at most 30 sweeps; 6 or so suffice.
  func eigen() -> (values: [Double], vectors: SmallMatrix) {
    var (matrix, vectors) = (self, SmallMatrix(size: size))
    for row in 0..<size { vectors[row, row] = 1 }
    for _ in 0..<30 where matrix.isMixed {
      for p in 0..<size { for q in p + 1..<max(size, p + 1) { matrix.rotate(p, q, &vectors) } }
    }
    return ((0..<size).map { matrix[$0, $0] }, vectors)
  }

  /// Whether anything off the diagonal matters beside it.
  private var isMixed: Bool {
    let largest = elements.reduce(0) { max($0, abs($1)) }
    return (0..<size).contains { row in
      (0..<size).contains { $0 != row && abs(self[row, $0]) > 1e-17 * largest }
    }
  }

  /// One rotation, after which element (p, q) is 0.
  private mutating func rotate(_ p: Int, _ q: Int, _ vectors: inout SmallMatrix) {
    guard self[p, q] != 0 else { return }
    let half = (self[q, q] - self[p, p]) / (2 * self[p, q])
    let tangent = (half < 0 ? -1 : 1) / (abs(half) + hypot(half, 1))
    let cosine = 1 / hypot(tangent, 1)
    let sine = tangent * cosine
    turn(p, q, cosine, sine, stride: size, apart: 1)
    turn(p, q, cosine, sine, stride: 1, apart: size)
    vectors.turn(p, q, cosine, sine, stride: size, apart: 1)
  }

  /// Turns two columns (`stride` the size, `apart` 1), or two rows, into one another.
  private mutating func turn(_ p: Int, _ q: Int, _ cosine: Double, _ sine: Double, stride: Int, apart: Int) {
    for k in 0..<size {
      let (one, other) = (k * stride + p * apart, k * stride + q * apart)
      let (x, y) = (elements[one], elements[other])
      elements[one] = cosine * x - sine * y
      elements[other] = sine * x + cosine * y
    }
  }

  /// x with this matrix · x = b, by Cholesky's factors of the matrix scaled to unit diagonal.
  ///
  /// - Precondition: Positive definite; a pivot that rounding makes smaller than 10⁻¹⁵ is taken as that.
  func solved(_ right: [Double]) -> [Double] {
    let scale = (0..<size).map { 1 / max(self[$0, $0], 1e-300).squareRoot() }
    let lower = scaledFactor(scale)
    var x = zip(right, scale).map { $0 * $1 }
    for row in 0..<size {
      for column in 0..<row { x[row] -= lower[row, column] * x[column] }
      x[row] /= lower[row, row]
    }
    for row in (0..<size).reversed() {
      for below in row + 1..<max(size, row + 1) { x[row] -= lower[below, row] * x[below] }
      x[row] /= lower[row, row]
    }
    return zip(x, scale).map { $0 * $1 }
  }

  private func scaledFactor(_ scale: [Double]) -> SmallMatrix {
    var lower = SmallMatrix(size: size)
    for row in 0..<size {
      for column in 0...row {
        var sum = self[row, column] * scale[row] * scale[column]
        for k in 0..<column { sum -= lower[row, k] * lower[column, k] }
        lower[row, column] = row == column ? max(sum, 1e-15).squareRoot() : sum / lower[column, column]
      }
    }
    return lower
  }
}
