/// How densities are made of survivor counts. `report` is the method as the report's reference implementation has it.
public struct SurvivorOptions: Sendable, Hashable {
  /// How N_c, N_A and N_B are fitted.
  public enum Estimator: String, Sendable, CaseIterable {
    /// χ² of the densities of survivors, with percentiles of the error circles.
    case chiSquared = "chi_squared"
    /// The likelihood of every source's fate; has an uncertainty.
    case binomial
  }

  /// What becomes of the fraction Z_c of sources of one magnitude that have a counterpart.
  public enum Columns: String, Sendable, CaseIterable {
    /// It stays in c, so that magnitudes without counterparts have little of c.
    case kept
    /// Every magnitude has the same share of counterparts: c leaks to where there are none.
    case normalised
  }

  /// Whose magnitudes are sliced to find the other's.
  public enum Direction: String, Sendable, CaseIterable {
    /// Those of a: c depends on which catalogue is a.
    case fromA = "from_a"
    /// Those of a and those of b; the mean of both.
    case both
  }

  /// In which band of the other catalogue N_A, f_A, N_B and f_B of a pair are taken.
  public enum FieldBand: String, Sendable, CaseIterable {
    /// In that of the pair.
    case pair
    /// In the first one.
    case first
  }

  /// How magnitudes are divided into bins.
  public enum Bins: String, Sendable, CaseIterable {
    /// The faintest bin of a band is as rich as the others; a magnitude on an edge is in the bin above.
    case full
    /// The faintest bin holds what is left; partners on an edge are in the bin below.
    case report
  }

  /// The fit of the priors.
  public var estimator: Estimator
  /// With or without Z_c.
  public var columns: Columns
  /// From a, or from both.
  public var direction: Direction
  /// The band of field terms.
  public var fieldBand: FieldBand
  /// The bins.
  public var bins: Bins
  /// The least f, mag⁻¹: bins without survivors have this instead of 0.
  public var fieldFloor: Double
  /// The least c, mag⁻².
  public var counterpartFloor: Double

  /// Options; what is not given repairs what the report's method has of defects.
  public init(
    estimator: Estimator = .binomial, columns: Columns = .kept, direction: Direction = .both,
    fieldBand: FieldBand = .pair, bins: Bins = .full, fieldFloor: Double = 1e-10, counterpartFloor: Double = 1e-100
  ) {
    self.estimator = estimator
    self.columns = columns
    self.direction = direction
    self.fieldBand = fieldBand
    self.bins = bins
    self.fieldFloor = fieldFloor
    self.counterpartFloor = counterpartFloor
  }

  /// χ², normalised columns, from a to b, field terms with the first band, the report's bins.
  public static let report = SurvivorOptions(
    estimator: .chiSquared, columns: .normalised, direction: .fromA, fieldBand: .first, bins: .report)
}
