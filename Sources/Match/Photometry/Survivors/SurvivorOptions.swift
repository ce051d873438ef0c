/// How densities are made of survivor counts. `report` is the method as the report's reference implementation has it.
public struct SurvivorOptions: Sendable, Hashable {
  /// How N_c, N_A and N_B are fitted.
  public enum Estimator: Sendable, Hashable {
    /// χ² of the densities of survivors, with percentiles of the error circles.
    case chiSquared
    /// The likelihood of every source's fate; has an uncertainty (W18).
    case binomial
  }

  /// What becomes of the fraction Z_c of sources of one magnitude that have a counterpart.
  public enum Columns: Sendable, Hashable {
    /// It stays in c, so that magnitudes without counterparts have little of c.
    case kept
    /// Every magnitude has the same share of counterparts: c leaks to where there are none (W12).
    case normalised
  }

  /// Whose magnitudes are sliced to find the other's.
  public enum Direction: Sendable, Hashable {
    /// Those of a: c depends on which catalogue is a (W13).
    case fromA
    /// Those of a and those of b; the mean of both.
    case both
  }

  /// The fit of the priors.
  public var estimator: Estimator
  /// With or without Z_c.
  public var columns: Columns
  /// From a, or from both.
  public var direction: Direction
  /// The least f, mag⁻¹: bins without survivors have this instead of 0.
  public var fieldFloor: Double
  /// The least c, mag⁻².
  public var counterpartFloor: Double

  /// Options; what is not given repairs what the report's method has of defects.
  public init(
    estimator: Estimator = .binomial, columns: Columns = .kept, direction: Direction = .both,
    fieldFloor: Double = 1e-10, counterpartFloor: Double = 1e-100
  ) {
    self.estimator = estimator
    self.columns = columns
    self.direction = direction
    self.fieldFloor = fieldFloor
    self.counterpartFloor = counterpartFloor
  }

  /// χ², normalised columns, from a to b.
  public static let report = SurvivorOptions(estimator: .chiSquared, columns: .normalised, direction: .fromA)
}
