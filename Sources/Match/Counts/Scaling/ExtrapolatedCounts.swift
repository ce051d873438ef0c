internal import Glibc

/// Counts of a field in a band of which no model is known: the catalogue's own where it is complete, and their slope continued beyond.
public enum ExtrapolatedCounts {
  /// Slopes that counts of the sky have, mag⁻¹: up to that of a uniform Euclidean space.
  private static let slopes = 0.0...0.6 * log(10.0)
  /// The magnitudes before the end that the slope is taken from.
  private static let depth = 4.0

  /// - Parameter grid: The magnitudes.
  /// - Throws: `CountsError` if there are too few sources to tell where the catalogue is complete, or which slope its counts have.
  public static func counts(_ observed: ObservedCounts, on grid: MagnitudeGrid) throws -> DifferentialCounts {
    let range = try CompleteRange(of: observed)
    let end = range.completenessMagnitude
    let fitted = (0..<observed.grid.count).filter {
      range.contains(observed.grid[$0], step: observed.grid.step) && observed.grid[$0] > end - depth
    }
    guard
      let law = LogParabola(
        magnitudes: fitted.map { observed.grid[$0] }, counts: fitted.map { Double(observed.counts[$0]) })
    else { throw CountsError("the counts have no slope: fewer than three magnitudes where they are complete") }
    let slope = min(max(law.slope(at: end), slopes.lowerBound), slopes.upperBound)
    let perSource = 1 / (observed.areaDeg2 * observed.grid.step)
    let density = (0..<grid.count).map { step in
      let (near, beyond) = (min(grid[step], end), max(grid[step] - end, 0))
      return perSource * law.value(at: near) * exp(slope * beyond)
    }
    return DeepCounts.completed(observed, range: range, scaled: DifferentialCounts(grid: grid, density: density))
  }
}
