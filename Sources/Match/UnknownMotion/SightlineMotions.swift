internal import Glibc

/// How the stars of one direction move, by magnitude: the stars of the built-in model of the Galaxy, each population at each distance with its
/// own Gaussian of proper motion.
///
/// Stars of the same population within half a magnitude of distance modulus are taken together, with the mean and covariance of all of them.
struct SightlineMotions {
  private let populations = KinematicPopulation.allCases
  private let stars: StarsByDistance
  /// Of each population and distance, with weight 1.
  private let gaussians: [MotionGaussian]
  private let distances: Int

  /// Shares of stars that are left out.
  private static let negligible = 1e-9
  /// Steps of distance in a cell.
  private static let cell = StarsByDistance.stepsPerMagnitude / 2

  /// - Complexity: some 0.3 ms, and 0.2 ms a magnitude.
  init(
    _ direction: GalacticDirection, counts: StarCounts, extinction: ExtinctionDistribution?, magnitudes: [Double]
  ) throws {
    stars = try counts.starsByDistance(in: direction, extinction: extinction, magnitudes: magnitudes)
    let motion = SkyMotion(direction)
    let kiloparsecs = StarsByDistance.distancesPc.map { $0 / 1000 }
    distances = kiloparsecs.count
    gaussians = KinematicPopulation.allCases.flatMap { population in
      kiloparsecs.map { motion.gaussian(of: population, distanceKpc: $0) }
    }
  }

  /// The distribution of motions of the stars of a magnitude: a Gaussian for each population and cell of distance. Empty if there are no stars.
  func cells(magnitude: Int) -> [MotionGaussian] {
    let weights = weights(magnitude: magnitude)
    let total = weights.reduce(0, +)
    guard total > 0, total.isFinite else { return [] }
    var cells: [MotionGaussian] = []
    for population in populations.indices {
      for start in stride(from: 0, to: distances, by: Self.cell) {
        let range = population * distances + start..<population * distances + min(start + Self.cell, distances)
        if let cell = merged(range, weights, total), cell.weight > Self.negligible { cells.append(cell) }
      }
    }
    return cells
  }

  /// Of each population and distance.
  private func weights(magnitude: Int) -> [Double] {
    var weights = [Double](repeating: 0, count: populations.count * distances)
    for (part, component) in GalacticComponent.allCases.enumerated() {
      let start = KinematicPopulation(component).rawValue * distances
      for (place, density) in stars.densities(magnitude: magnitude, part: part).enumerated() {
        weights[start + place] += density
      }
    }
    return weights
  }

  private func merged(_ range: Range<Int>, _ weights: [Double], _ total: Double) -> MotionGaussian? {
    var cell: MotionGaussian?
    for place in range where weights[place] > 0 {
      let own = gaussians[place].scaled(by: weights[place] / total)
      guard own.isPossible else { continue }
      cell = cell?.merged(with: own) ?? own
    }
    return cell
  }
}
