/// The best count of a field at all magnitudes: the catalogue's own where it is complete, the scaled models beyond.
public enum DeepCounts {
  /// A bin with fewer sources than this is noisier than the models, 20 %.
  public static let fewestSources: Int64 = 25

  /// Counts on the grid of the models. A step takes the observed density if it lies wholly where the catalogue is
  /// complete and the bin has at least 25 sources, the scaled models otherwise.
  ///
  /// - Parameter scaled: stars and galaxies, each with its factor.
  public static func completed(
    _ observed: ObservedCounts, range: CompleteRange, scaled: DifferentialCounts
  ) -> DifferentialCounts {
    let grid = scaled.grid
    let density = (0..<grid.count).map { i -> Double in
      guard range.contains(grid[i], step: grid.step), let bin = observed.grid.index(of: grid[i]),
        observed.counts[bin] >= fewestSources, range.contains(observed.grid[bin], step: observed.grid.step)
      else { return scaled.density[i] }
      return Double(observed.counts[bin]) / (observed.areaDeg2 * observed.grid.step)
    }
    return DifferentialCounts(grid: grid, density: density)
  }
}
