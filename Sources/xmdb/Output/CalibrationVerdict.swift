import MatchRun

extension Calibration.Answer {
  /// The verdict in words.
  var judgement: String {
    switch verdict {
    case "agrees": "the probabilities of the pairs can be trusted"
    case "close":
      "the probabilities of the pairs can be trusted to a \(evidence == "truth" ? "tenth" : "quarter") of P or of 1 − P"
    case "few": "too few pairs for a judgement"
    default: "do not trust the probabilities of the pairs (\(verdict))"
    }
  }
}
