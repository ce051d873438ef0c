internal import Glibc

/// Laws of x̄ = Σ Xᵢ / (1 + Σ Fᵢ) over Poisson distributed neighbours, for any number of them in each bin of magnitude.
///
/// With μ_κ(F) = Σ λₖ ⟨J(κX) δ(F − Fₖ)⟩ the pair (transform of ΣX at κ, density of ΣF) is compound Poisson, so
///
///     φ_κ(F) = DFT⁻¹ exp(DFT μ_κ − Λ) ,     A(ρ) = Σ_F φ_{ρ/(1+F)}(F)
///
/// F is held in cells of 1/32; a neighbour's F is laid on the three nearest cells so that its first two moments are kept. φ is interpolated in ln κ
/// with six points. All of a bin that does not depend on λ is tabulated once, in units of σ_P: one table serves all PSFs and sightlines.
struct CompoundTable: Sendable {
  let bins: NeighbourBins
  let grid: TransformGrid
  private let parts: [BinPart]

  private static let cell = 1.0 / 32
  private static let mostCells = 4096

  /// What one bin adds to μ for one expected neighbour.
  private struct BinPart: Sendable {
    var firstCell: Int
    var cellCount: Int
    /// `cellCount` values for each κ.
    var values: [Double]
    var meanF: Double
    var meanSquareF: Double
    var mostF: Double
  }

  /// - Complexity: O(κ · points of the quadrature), some 5 ms for `fluxWeighted` and 30 ms else, with bins to 6.5 mag.
  init(bins: NeighbourBins, rule: PerturbationRule, grid: TransformGrid) {
    self.bins = bins
    self.grid = grid
    parts = (0..<bins.count).map { Self.part(NeighbourPoints(bins: bins, bin: $0, rule: rule), grid) }
  }

  private static func part(_ points: NeighbourPoints, _ grid: TransformGrid) -> BinPart {
    let centres = points.stiffnesses.map { max(1, Int(($0 / cell).rounded())) }
    let first = (centres.min() ?? 1) - 1
    let count = (centres.max() ?? 1) + 2 - first
    var values = [Double](repeating: 0, count: count * grid.kappaCount)
    for (point, centre) in centres.enumerated() {
      let t = points.stiffnesses[point] / cell - Double(centre)
      let shares = SIMD3(t * (t - 1) / 2, 1 - t * t, t * (t + 1) / 2)
      for k in 0..<grid.kappaCount {
        let kernel = points.weights[point] * points.kernel(point, at: grid.kappa(k))
        for c in 0..<3 { values[k * count + centre - 1 - first + c] += kernel * shares[c] }
      }
    }
    let weighted = zip(points.weights, points.stiffnesses)
    return BinPart(
      firstCell: first, cellCount: count, values: values, meanF: weighted.reduce(0) { $0 + $1.0 * $1.1 },
      meanSquareF: weighted.reduce(0) { $0 + $1.0 * $1.1 * $1.1 }, mostF: points.stiffnesses.max() ?? 0)
  }

  /// A at the points of the grid.
  /// - Parameter expected: λₖ for each bin.
  /// - Complexity: O(κ · cells log cells): 0.2 to 0.6 ms.
  func transform(expected: [Double]) -> [Double] {
    let used = parts.indices.filter { expected[$0] > 0 }
    guard !used.isEmpty else { return Array(repeating: 1, count: grid.count) }
    let mean = used.reduce(0) { $0 + expected[$1] * parts[$1].meanF }
    let square = used.reduce(0) { $0 + expected[$1] * parts[$1].meanSquareF }
    let most = used.reduce(0) { max($0, parts[$1].mostF) }
    let cells = ((mean + 8 * square.squareRoot() + 2 * most) / Self.cell).rounded(.up) + 4
    guard cells <= Double(Self.mostCells) else { return meanField(expected, used, meanF: mean) }
    return compound(expected, used, fourier: FourierTransform(count: Int(cells)))
  }

  private func compound(_ expected: [Double], _ used: [Int], fourier: FourierTransform) -> [Double] {
    let total = used.reduce(0) { $0 + expected[$1] }
    let cells = fourier.count
    var columns = ShiftedColumns(grid: grid, columns: cells)
    let measure = measure(expected, used, cells: cells)
    for k in stride(from: 0, to: grid.kappaCount, by: 2) {
      var real = Array(measure[k * cells..<(k + 1) * cells])
      var imaginary = Array(measure[(k + 1) * cells..<(k + 2) * cells])
      fourier.forward(&real, &imaginary)
      Self.exponentiate(&real, &imaginary, total: total)
      fourier.inverse(&real, &imaginary)
      columns.set(row: k, real)
      columns.set(row: k + 1, imaginary)
    }
    return columns.sum { log1p(Double($0) * Self.cell) }
  }

  /// μ, the cells of one κ after those of another.
  private func measure(_ expected: [Double], _ used: [Int], cells: Int) -> [Double] {
    var measure = [Double](repeating: 0, count: grid.kappaCount * cells)
    for bin in used {
      let (part, weight) = (parts[bin], expected[bin])
      let (values, width) = (part.values, part.cellCount)
      for k in 0..<grid.kappaCount {
        let (from, to) = (k * width, k * cells + part.firstCell)
        for c in 0..<width { measure[to + c] += weight * values[from + c] }
      }
    }
    return measure
  }

  /// Two real sequences at once: their spectra are taken apart, each exponentiated, and put together again. Four frequencies at a time.
  private static func exponentiate(_ real: inout [Double], _ imaginary: inout [Double], total: Double) {
    let n = real.count
    for start in stride(from: 0, through: n / 2, by: 4) {
      var (re, im) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
      let lanes = min(4, n / 2 + 1 - start)
      for lane in 0..<lanes {
        let (k, m) = (start + lane, (n - start - lane) & (n - 1))
        (re[lane], im[lane]) = ((real[k] + real[m]) / 2, (imaginary[k] - imaginary[m]) / 2)
        (re[lane + 4], im[lane + 4]) = ((imaginary[k] + imaginary[m]) / 2, (real[m] - real[k]) / 2)
      }
      let size = Exponentials.nonPositive(re - total)
      let (cosine, sine) = Exponentials.cosineAndSine(im)
      let (c, s) = (size * cosine, size * sine)
      for lane in 0..<lanes {
        let (k, m) = (start + lane, (n - start - lane) & (n - 1))
        (real[k], imaginary[k]) = (c[lane] - s[lane + 4], s[lane] + c[lane + 4])
        (real[m], imaginary[m]) = (c[lane] + s[lane + 4], c[lane + 4] - s[lane])
      }
    }
  }

  /// With very many neighbours ΣF is its mean.
  private func meanField(_ expected: [Double], _ used: [Int], meanF: Double) -> [Double] {
    let total = used.reduce(0) { $0 + expected[$1] }
    var columns = ShiftedColumns(grid: grid, columns: 1)
    for k in 0..<grid.kappaCount {
      var sum = 0.0
      for bin in used {
        let part = parts[bin]
        for c in 0..<part.cellCount { sum += expected[bin] * part.values[k * part.cellCount + c] }
      }
      columns.set(row: k, [exp(sum - total)])
    }
    return columns.sum { _ in log1p(meanF) }
  }
}
