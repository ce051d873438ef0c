import Glibc
import Match

/// Position errors of a pair (Gaussian and circular) and what they say of the pair by itself, without neighbours.
enum ProbabilityFunctions {
  static let all = [density, enclosed, radius, matchProbability, probabilityOfFactors, probabilityOfRatio, xi]

  private static let pair = [Parameter.separation("separation"), .sigma("sigma_a"), .sigma("sigma_b")]
  private static let densities = [Parameter.density("n_c"), .density("n_a"), .density("n_b")]

  private static let density = ScalarFunction(
    "xm_auf_density", in: .probabilities, parameters: pair,
    summary: """
      Probability density per square degree that two detections of one object lie this far apart: a Gaussian of \
      variance sigma_a² + sigma_b².
      """,
    example: "SELECT round(xm_auf_density(0.5, 0.3, 0.4), 3)", answer: "5004237.16"
  ) { arguments in
    .real(exp(try logDensity(arguments)))
  }

  private static let enclosed = ScalarFunction(
    "xm_auf_cdf", in: .probabilities, parameters: pair,
    summary: "Probability that two detections of one object lie no farther apart than this.",
    example: "SELECT round(xm_auf_cdf(0.5, 0.3, 0.4), 9)", answer: "0.39346934"
  ) { arguments in
    let separation = try arguments.arcsec(0)
    return .real(GaussianAUF.cumulative(dxArcsec: separation, dyArcsec: 0, covariance: try covariance(arguments)))
  }

  private static let radius = ScalarFunction(
    "xm_auf_radius", in: .probabilities,
    parameters: [
      .real("fraction", "probability", NumberRange(from: 0, to: 1, includingUpper: false)),
      .sigma("sigma_a"), .sigma("sigma_b"),
    ],
    summary: "The separation in arcsec within which that fraction of the detections of one object lies.",
    example: "SELECT round(xm_auf_radius(0.99, 0.3, 0.4), 6)", answer: "1.517427"
  ) { arguments in
    let limit = GaussianAUF.chiSquaredLimit(fraction: try arguments.real(0))
    return .real((limit * (try covariance(arguments)).xx).squareRoot())
  }

  private static let matchProbability = ScalarFunction(
    "xm_match_probability", in: .probabilities, parameters: pair + densities,
    summary: """
      Probability that two sources without other candidates are one object, from their separation, their errors, and \
      the densities of counterparts (n_c) and of sources of either catalogue without one (n_a, n_b). No magnitudes.
      """,
    example: "SELECT round(xm_match_probability(0.5, 0.3, 0.4, 1e4, 2e4, 3e4), 10)", answer: "0.9881522136"
  ) { arguments in
    let logRatio = PairQuantities.logRatio(logDensity: try logDensity(arguments), priors: try priors(arguments))
    return .real(PairQuantities.matchProbability(logRatio: logRatio))
  }

  private static let probabilityOfFactors = ScalarFunction(
    "xm_match_probability", in: .probabilities,
    parameters: [.log10("log10_density", "log10 of G per square degree")] + densities
      + [.log10("eta", "log10 of the photometric likelihood ratio")],
    summary: """
      The same from columns of `xm_pairs`, any of which may be replaced or scaled: `eta * 0` leaves the magnitudes out. \
      For sources with several candidates see `xm_what_if` and `xm_pairing`.
      """,
    example: "SELECT round(xm_match_probability(6.69933786, 1e4, 2e4, 3e4, 0.60206), 8)", answer: "0.9970115"
  ) { arguments in
    let priors = PriorDensities(
      counterpartsPerDegree2: try arguments.real(1), unmatchedAPerDegree2: try arguments.real(2),
      unmatchedBPerDegree2: try arguments.real(3))
    let logRatio = PairQuantities.logRatio(
      logDensity: try arguments.real(0) * log(10), priors: priors,
      logPhotometricRatio: try arguments.real(4) * log(10))
    return .real(PairQuantities.matchProbability(logRatio: logRatio))
  }

  private static let probabilityOfRatio = ScalarFunction(
    "xm_match_probability", in: .probabilities, parameters: [.log10("log10_ratio", "log10 of R")],
    summary: """
      The same from the likelihood ratio, R / (1 + R): `eta + xi` of a row of `xm_pairs`, or `xi` alone for the answer \
      of position and densities.
      """,
    example: "SELECT round(xm_match_probability(1.92118663), 8)", answer: "0.98815221"
  ) { arguments in
    .real(PairQuantities.matchProbability(logRatio: try arguments.real(0) * log(10)))
  }

  private static let xi = ScalarFunction(
    "xm_xi", in: .probabilities, parameters: pair + densities,
    summary: """
      log10 of the evidence of position and densities, n_c · density / (n_a · n_b); ±30 where a side vanishes. \
      Arguments as for `xm_match_probability`.
      """,
    example: "SELECT round(xm_xi(0.5, 0.3, 0.4, 1e4, 2e4, 3e4), 8)", answer: "1.92118663"
  ) { arguments in
    .real(PairQuantities.xi(logDensity: try logDensity(arguments), priors: try priors(arguments)))
  }

  /// The pair's covariance, from arguments 2 and 3.
  private static func covariance(
    _ arguments: borrowing FunctionArguments
  ) throws(SQLFunctionError) -> PositionCovariance {
    PositionCovariance(circularSigmaArcsec: try arguments.arcsec(1))
      + PositionCovariance(circularSigmaArcsec: try arguments.arcsec(2))
  }

  private static func logDensity(_ arguments: borrowing FunctionArguments) throws(SQLFunctionError) -> Double {
    GaussianAUF.logDensity(
      dxArcsec: try arguments.arcsec(0), dyArcsec: 0, covariance: try covariance(arguments))
  }

  /// The densities, from arguments 4 to 6.
  private static func priors(_ arguments: borrowing FunctionArguments) throws(SQLFunctionError) -> PriorDensities {
    PriorDensities(
      counterpartsPerDegree2: try arguments.real(3), unmatchedAPerDegree2: try arguments.real(4),
      unmatchedBPerDegree2: try arguments.real(5))
  }
}
