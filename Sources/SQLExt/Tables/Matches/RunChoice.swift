import CatalogStore

/// The run that a query asks for by its number.
struct RunChoice {
  let names: (a: String, b: String)
  let number: Int64
  /// What the number was given as: "argument 3 (run)".
  let subject: String

  init(_ names: (String, String), _ number: Int64, givenAs subject: String) {
    self.names = (names.0, names.1)
    self.number = number
    self.subject = subject
  }

  func find(in contents: SkyContents) throws -> RunInfo {
    let runs = try contents.registry.allRuns().filter { $0.kind == .match }
    if let run = runs.first(where: { $0.id == number && isOfThese($0) && $0.finished != nil }) { return run }
    let ours = runs.filter(isOfThese)
    let list = ours.map { "\($0.id)" + ($0.finished == nil ? " (not finished)" : "") }.reversed().joined(
      separator: ", ")
    let other = runs.first { $0.id == number && !isOfThese($0) }
    throw SQLFunctionError(
      "\(subject) is \(number)"
        + (other.map { ", a run of \($0.catalogueA) and \($0.catalogueB)" } ?? "")
        + "; expected the number of a finished run of \(names.a) and \(names.b), of which "
        + (ours.isEmpty ? "there is none; `xmdb match \(names.a) \(names.b)` makes one" : "there are: \(list)"))
  }

  private func isOfThese(_ run: RunInfo) -> Bool { run.catalogueA == names.a && run.catalogueB == names.b }
}
