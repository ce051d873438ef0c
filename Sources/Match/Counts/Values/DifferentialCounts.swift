import Glibc

/// Sources per magnitude and square degree at the centres of a magnitude grid: d²N / (dm dΩ), mag⁻¹ deg⁻².
public struct DifferentialCounts: Sendable, Hashable {
  /// The magnitudes.
  public let grid: MagnitudeGrid
  /// Sources mag⁻¹ deg⁻², as many as the grid has steps, none negative.
  public private(set) var density: [Double]

  /// Takes the densities; what is missing is 0, what is negative or NaN is taken as 0, what is too much is left out.
  public init(grid: MagnitudeGrid, density: [Double]) {
    self.grid = grid
    var kept = density.prefix(grid.count).map { $0 > 0 ? $0 : 0 }
    kept.append(contentsOf: repeatElement(0, count: grid.count - kept.count))
    self.density = kept
  }

  /// The density at a magnitude, mag⁻¹ deg⁻²: linear in log N between two centres where both are positive, linear in N
  /// elsewhere, 0 outside the grid.
  public func density(at magnitude: Double) -> Double {
    let place = (magnitude - grid.first) / grid.step
    guard place >= 0, place <= Double(grid.count - 1) else { return 0 }
    let below = min(Int(place), max(0, grid.count - 2))
    let share = place - Double(below)
    let left = density[below]
    let right = below + 1 < grid.count ? density[below + 1] : left
    if left > 0, right > 0 { return exp(log(left) * (1 - share) + log(right) * share) }
    return left * (1 - share) + right * share
  }

  /// Sources deg⁻² in the steps whose centres lie in a range: Σ N Δm.
  public func sourcesPerDeg2(from bright: Double, to faint: Double) -> Double {
    var sum = 0.0
    for i in 0..<grid.count where grid[i] >= bright && grid[i] <= faint { sum += density[i] }
    return sum * grid.step
  }

  /// All of them times a factor, 0 or more.
  public func scaled(by factor: Double) -> DifferentialCounts {
    DifferentialCounts(grid: grid, density: density.map { $0 * factor })
  }

  /// Sums over two kinds of sources on the same grid; where the other lacks steps, it adds nothing.
  public static func + (left: DifferentialCounts, right: DifferentialCounts) -> DifferentialCounts {
    guard left.grid != right.grid else {
      return DifferentialCounts(grid: left.grid, density: zip(left.density, right.density).map { $0 + $1 })
    }
    let sum = (0..<left.grid.count).map { left.density[$0] + right.density(at: left.grid[$0]) }
    return DifferentialCounts(grid: left.grid, density: sum)
  }
}
