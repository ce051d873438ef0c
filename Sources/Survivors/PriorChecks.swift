internal import Match

/// What is checked of fitted densities before they are used.
///
/// - Source: docs/method.md §8, in its order. Densities come from logarithms, so none is 0 or less but by underflow.
enum PriorChecks {
  /// A density below this share of another is raised to it.
  private static let floor = 0.01

  static func checked(_ x: Double, _ y: Double, _ z: Double) -> Result<PriorDensities, PriorFitFailure> {
    let isVanishing =
      !(x.isFinite && y.isFinite && z.isFinite) || (x <= 0 && (y <= 0 || z <= 0))
      || (y <= floor * x && x <= floor * z) || (z <= floor * x && x <= floor * y)
    if isVanishing { return .failure(.vanishing(counterparts: x, a: y, b: z)) }
    let counterparts = y > 0 && z > 0 ? max(x, floor * min(y, z)) : x
    return .success(
      PriorDensities(
        counterpartsPerDegree2: counterparts, unmatchedAPerDegree2: max(y, floor * counterparts),
        unmatchedBPerDegree2: max(z, floor * counterparts)))
  }
}
