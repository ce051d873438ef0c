internal import Indexing
internal import Match

/// The bins of magnitude of all pixels that a sightline has, summed up on the grid.
struct PixelSums {
  private let grid: MagnitudeGrid
  /// The pixels of the table.
  private(set) var pixels: Set<Int64> = []
  /// Of each step: densities times the parts of the step that bins cover, and these parts.
  private var sums: [(density: Double, part: Double)]
  private var faintest = -Double.infinity

  init(_ grid: MagnitudeGrid) {
    self.grid = grid
    sums = [(Double, Double)](repeating: (0, 0), count: grid.count)
  }

  mutating func add(_ bin: CountTable.Bin) {
    pixels.insert(bin.pixel)
    faintest = max(faintest, bin.faint)
    // Magnitudes lie within −30 to 60 mag: these are small integers.
    let first = max(0, Int(((bin.bright - grid.first) / grid.step + 0.5).rounded(.down)))
    let last = min(grid.count - 1, Int(((bin.faint - grid.first) / grid.step + 0.5).rounded(.down)))
    guard first <= last else { return }
    for step in first...last {
      let (low, high) = (grid[step] - grid.step / 2, grid[step] + grid.step / 2)
      let part = max(0, min(high, bin.faint) - max(low, bin.bright)) / grid.step
      sums[step].density += part * bin.density
      sums[step].part += part
    }
  }

  /// The mean of the pixels.
  /// - Throws: `CountsError` for bins that overlap, or leave a gap.
  func stars(_ pixel: HealpixPixel) throws -> GivenStars {
    let number = Double(pixels.count)
    let covered = sums.indices.filter { sums[$0].part > 1e-6 }
    guard let first = covered.first, let last = covered.last else {
      throw CountsError("pixel \(pixel) has no bin between \(grid[0]) and \(grid[grid.count - 1]) mag")
    }
    for step in first...last {
      let magnitude = (grid[step] * 10).rounded() / 10
      if sums[step].part > number * (1 + 1e-6) {
        throw CountsError("bins of pixel \(pixel) overlap at \(magnitude) mag; give each magnitude once")
      }
      if sums[step].part <= 1e-6 {
        throw CountsError(
          "pixel \(pixel) has no bin at \(magnitude) mag, between others; give 0 where there are no stars")
      }
    }
    let density = sums.map { Float($0.part > 1e-6 ? $0.density / $0.part : 0) }
    return GivenStars(grid: grid, density: density, faintEnd: min(faintest, grid[last] + grid.step / 2))
  }
}
