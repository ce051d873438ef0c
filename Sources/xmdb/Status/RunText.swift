import Logging
import MatchRun

/// How a run stands, in words.
enum RunText {
  /// What is being done in a stage.
  static func activity(_ stage: RunProgress.Stage) -> String {
    switch stage {
    case .counting: "counting pairs"
    case .estimating: "measuring densities"
    case .matching: "pairing"
    case .correcting: "learning errors"
    default: stage.name
    }
  }

  /// What a stage is cut into.
  static func pieces(_ stage: RunProgress.Stage) -> String {
    switch stage {
    case .estimating: "regions"
    case .counting, .matching: "chunks"
    case .correcting: "sightlines"
    default: "pieces"
    }
  }

  /// One line for a terminal.
  static func line(_ progress: RunProgress) -> String {
    var parts = [
      "\(progress.catalogueA) × \(progress.catalogueB): \(activity(progress.stage)), \(progress.done) of "
        + "\(progress.total) \(pieces(progress.stage))"
    ]
    if let speed = speed(progress) { parts.append("\(Format.short(speed)) sources/s") }
    if let left = progress.secondsLeft { parts.append("\(Format.seconds(left.rounded())) left") }
    if progress.failures > 0 { parts.append(Format.count(Int64(progress.failures), "failure")) }
    if progress.setAside > 0 { parts.append("\(progress.setAside) set aside") }
    return parts.joined(separator: ", ")
  }

  /// Sources of both catalogues per second; nil while nothing is known.
  static func speed(_ progress: RunProgress) -> Double? {
    progress.sourcesDone > 0 && progress.seconds > 0 ? progress.sourcesDone / progress.seconds : nil
  }

  /// The same for a log.
  static func metadata(_ progress: RunProgress) -> Logger.Metadata {
    var metadata: Logger.Metadata = [
      "run": "\(progress.run)", "a": "\(progress.catalogueA)", "b": "\(progress.catalogueB)",
      "stage": "\(progress.stage.name)", "done": "\(progress.done)", "total": "\(progress.total)",
      "processes": "\(progress.processes)", "workers": "\(progress.workers)", "in_flight": "\(progress.inFlight.count)",
      "failures": "\(progress.failures)", "set_aside": "\(progress.setAside)",
      "seconds": "\(Format.significant(progress.seconds, 4))",
    ]
    if let speed = speed(progress) { metadata["sources_per_s"] = "\(Format.significant(speed, 4))" }
    if let left = progress.secondsLeft { metadata["seconds_left"] = "\(Format.significant(left, 4))" }
    return metadata
  }
}
