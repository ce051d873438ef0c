internal import Glibc

/// What was found of a catalogue's errors on one sightline: what a stage stores, a table shows and a plot draws.
public struct CorrectionRecord: Sendable, Hashable {
  /// The middle of the sightline, degrees.
  public let raDegrees: Double
  public let decDegrees: Double
  /// The relation that was fitted.
  public let relation: ErrorRelation
  /// m² and n² (arcsec²) of the quadratic relation, m and n of the linear one, which are normal; their variances are infinite where nothing is known.
  public let values: SIMD2<Double>
  public let variances: SIMD2<Double>
  /// ln L, and with errors as they are quoted.
  public let logLikelihood: Double
  public let logLikelihoodAsQuoted: Double
  /// How the fit describes each group.
  public let groups: [CorrectionGroup]
  /// How many pairs took part, and how many were refused.
  public let pairs: Int
  public let refused: Int

  /// Of a fit.
  public init(raDegrees: Double, decDegrees: Double, _ fit: CorrectionFit) {
    (self.raDegrees, self.decDegrees) = (raDegrees, decDegrees)
    relation = fit.correction.relation
    (values, variances) = fit.errors.fitted
    (logLikelihood, logLikelihoodAsQuoted) = (fit.logLikelihood, fit.logLikelihoodAsQuoted)
    groups = fit.groups
    (pairs, refused) = (fit.pairs, fit.refused)
  }

  /// Of a fit of slices, which describes no group.
  public init(raDegrees: Double, decDegrees: Double, _ fit: SliceFit, pairs: Int, refused: Int) {
    (self.raDegrees, self.decDegrees) = (raDegrees, decDegrees)
    relation = fit.correction.relation
    (values, variances) = fit.errors.fitted
    (logLikelihood, logLikelihoodAsQuoted) = (-fit.negativeLogLikelihood, -fit.negativeLogLikelihoodAsQuoted)
    groups = []
    (self.pairs, self.refused) = (pairs, refused)
  }

  /// Of a sightline with too few pairs for a fit.
  public init(unmeasuredRADegrees: Double, decDegrees: Double, relation: ErrorRelation, pairs: Int, refused: Int) {
    (raDegrees, self.decDegrees, self.relation) = (unmeasuredRADegrees, decDegrees, relation)
    (values, variances) = (SIMD2(1, 0), SIMD2(repeating: .infinity))
    (logLikelihood, logLikelihoodAsQuoted) = (0, 0)
    groups = []
    (self.pairs, self.refused) = (pairs, refused)
  }

  /// How well the model describes the separations of all groups.
  public var fitness: SeparationFitness { SeparationFitness(groups.map(\.fitness)) }

  /// Whether m and n are known here.
  public var isMeasured: Bool { variances.x.isFinite && variances.y.isFinite }

  /// m and n as they were fitted here.
  public var correction: ErrorCorrection { .init(relation: relation, fitted: values) }

  /// The larger half of the range of 1 σ of m; infinite if it is not known.
  public var factorError: Double { half(values.x, variances.x) }
  /// The same of n, arcsec.
  public var floorErrorArcsec: Double { half(values.y, variances.y) }

  private func half(_ value: Double, _ variance: Double) -> Double {
    let error = variance.squareRoot()
    if relation == .linear { return error }
    let middle = max(value, 0).squareRoot()
    return max((value + error).squareRoot() - middle, middle - max(value - error, 0).squareRoot())
  }
}

extension ErrorCorrection {
  /// From the numbers that are fitted; negative ones count as 0.
  init(relation: ErrorRelation, fitted values: SIMD2<Double>) {
    let (x, y) = (max(values.x, 0), max(values.y, 0))
    self =
      relation == .quadratic
      ? ErrorCorrection(relation: relation, factor: x.squareRoot(), floorArcsec: y.squareRoot())
      : ErrorCorrection(relation: relation, factor: x, floorArcsec: y)
  }
}
