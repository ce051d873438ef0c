internal import Glibc

/// Columns of numbers over a grid in ln κ, added up with each column shifted by an amount of its own: Σ φₙ(ln ρ − shiftₙ).
struct ShiftedColumns {
  private let grid: TransformGrid
  private let height: Int
  private var values: [Double]

  /// Rows before the first, which repeat it: the transform is constant there.
  private let front: Int
  private static let widestShift = 12.0
  private static let back = 8

  init(grid: TransformGrid, columns: Int) {
    self.grid = grid
    front = Int((Self.widestShift / grid.step).rounded(.up))
    height = front + grid.kappaCount + Self.back
    values = Array(repeating: 0, count: height * columns)
  }

  /// The numbers of all columns at one point of κ.
  mutating func set(row: Int, _ numbers: [Double]) {
    let isFirst = row == 0
    let isLast = row == grid.kappaCount - 1
    for (column, number) in numbers.enumerated() {
      let base = column * height
      values[base + front + row] = number
      if isFirst { for r in 0..<front { values[base + r] = number } }
      if isLast { for r in 0..<Self.back { values[base + front + grid.kappaCount + r] = number } }
    }
  }

  /// The sum at the points of ρ.
  /// - Parameter shift: By how much a column is shifted, in ln ρ, not negative.
  func sum(shift: (Int) -> Double) -> [Double] {
    var sums = [Double](repeating: 0, count: grid.count)
    for column in 0..<values.count / height {
      let place = min(max(Double(front + grid.lead) - shift(column) / grid.step, 2), Double(front + grid.lead))
      let cell = Int(place)
      let weights = SixPoints.weights(place - Double(cell))
      let base = column * height + cell - 2
      let (a, b, c, d, e, f) = (weights[0], weights[1], weights[2], weights[3], weights[4], weights[5])
      for i in 0..<grid.count {
        let low = a * values[base + i] + b * values[base + i + 1] + c * values[base + i + 2]
        sums[i] += low + d * values[base + i + 3] + e * values[base + i + 4] + f * values[base + i + 5]
      }
    }
    return sums
  }
}
