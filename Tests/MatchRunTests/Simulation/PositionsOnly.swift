import MatchRun

extension MatchConfiguration {
  /// Positions and counts alone decide, up to F_max = 0.999: what the oracles compute.
  static var positionsOnly: MatchConfiguration {
    var configuration = MatchConfiguration()
    configuration.photometry = false
    configuration.priors = .counts
    configuration.candidateFraction = 0.999
    return configuration
  }
}
