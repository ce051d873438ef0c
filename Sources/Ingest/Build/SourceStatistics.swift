internal import Indexing

/// Extremes and counts of a catalogue's match columns, gathered batch by batch.
struct SourceStatistics {
  private(set) var largestVariance = 0.0
  private(set) var largestMotion = 0.0
  private(set) var largestSigmaMotion = 0.0
  private(set) var knownMotions: Int64 = 0
  private(set) var epochs: ClosedRange<Double>?
  private(set) var magnitudes: [MagnitudeHistogram] = []
  /// What the median of the rows' epochs is taken from.
  private(set) var epochCounts = EpochCounts()

  mutating func add(_ sources: borrowing SourceGeometry) {
    for row in 0..<sources.count where sources.verdicts[row] == .ok {
      let (xx, yy, xy) = (sources.covarianceXX[row], sources.covarianceYY[row], sources.covarianceXY[row])
      let half = (xx - yy) / 2
      largestVariance = max(largestVariance, (xx + yy) / 2 + (half * half + xy * xy).squareRoot())
      if !sources.pmRA.isEmpty { addMotion(sources, row) }
      if !sources.epoch.isEmpty { add(epoch: sources.epoch[row]) }
    }
    addMagnitudes(sources)
  }

  private mutating func addMagnitudes(_ sources: borrowing SourceGeometry) {
    if magnitudes.isEmpty { magnitudes = Array(repeating: MagnitudeHistogram(), count: sources.magnitudes.count) }
    for band in magnitudes.indices {
      for row in 0..<sources.count where sources.verdicts[row] == .ok {
        magnitudes[band].add(sources.magnitudes[band][row])
      }
    }
  }

  private mutating func addMotion(_ sources: borrowing SourceGeometry, _ row: Int) {
    let (x, y) = (sources.pmRA[row], sources.pmDec[row])
    guard x.isFinite, y.isFinite else { return }
    knownMotions += 1
    largestMotion = max(largestMotion, (x * x + y * y).squareRoot())
    let known = [sources.sigmaPMRA[row], sources.sigmaPMDec[row]].filter(\.isFinite)
    // Correlated errors are larger along a diagonal than along either axis, by a factor of √2 at most.
    let correlation = sources.correlationPM.isEmpty || known.count < 2 ? 0 : sources.correlationPM[row]
    let growth = correlation.isFinite ? (1 + abs(correlation)).squareRoot() : 1
    for sigma in known { largestSigmaMotion = max(largestSigmaMotion, sigma * growth) }
  }

  private mutating func add(epoch: Double) {
    guard epoch.isFinite else { return }
    epochCounts.add(epoch)
    epochs = epochs.map { min($0.lowerBound, epoch)...max($0.upperBound, epoch) } ?? epoch...epoch
  }
}
