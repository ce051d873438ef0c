internal import CatalogStore

/// A stage of a run that has not begun: its pieces, and what they are expected to take.
public struct StageEstimate: Sendable {
  /// Its name, as in the status of a run.
  public let name: String
  /// How many pieces it has: chunks, or regions.
  public let pieces: Int
  /// Seconds of one thread for all of them.
  public let seconds: Double
  /// Seconds of one thread for the longest.
  public let longestSeconds: Double

  init(_ stage: any Stage) {
    let pieces = stage.pieces()
    name = stage.id.name
    self.pieces = pieces.count
    seconds = pieces.reduce(0) { $0 + $1.seconds }
    longestSeconds = pieces.lazy.map(\.seconds).max() ?? 0
  }
}

extension MatchPlan {
  /// The stages that a run of this plan has, in order, as they declare themselves.
  /// - Complexity: that of `chunkEstimates`, for each stage.
  public var stageEstimates: [StageEstimate] { stageEstimates(of: RunContext.standardStages) }

  func stageEstimates(of stages: @escaping StageList) -> [StageEstimate] {
    let context = RunContext(plan: self, run: 0, base: nil, stages: stages, cancellation: Cancellation())
    return context.stages.filter(\.isNeeded).map { StageEstimate($0) }
  }
}
