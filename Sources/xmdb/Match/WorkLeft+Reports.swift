import MatchRun

extension WorkLeft {
  /// What runs have left; nil if nothing.
  init?(_ reports: [MatchReport], pairsLeft: Int) {
    let problems = reports.flatMap(\.outcome.problems)
    let (status, description): (ExitStatus, String)
    if reports.contains(where: \.outcome.isCutShort) {
      status = .cutShort
      let more = pairsLeft > 0 ? ", and \(pairsLeft) more to begin with" : ""
      description = "match: the time for this job is over, with one run unfinished\(more); the same command goes on"
    } else if let first = problems.first {
      // What fails in a later stage may only miss what an earlier one could not give.
      let causes = problems.filter { $0.stage == first.stage }
      status = causes.allSatisfy { $0.code == .damaged } ? .damaged : .failed
      description =
        "match: \(problems.count == 1 ? "one piece of work is" : "\(problems.count) pieces of work are") set aside, "
        + "\(first.stage) \(first.pixel) after \(Format.count(Int64(first.attempts), "attempt")): \(first.reason). "
        + "The same command tries only what is missing; `xmdb status` lists it"
    } else {
      return nil
    }
    self.init(status: status, description: description)
  }
}
