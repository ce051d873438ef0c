import CatalogStore

/// A question for explanations as a program asks it; `xm_explain` asks in SQL.
package struct ExplainQuestion: Sendable {
  package var a: String
  package var b: String
  /// As a person gives it: digits for an integer id, or for the rowid in a catalogue without ids.
  package var id: String
  /// The catalogue of the source; nil for either.
  package var which: String?
  /// The run to read; nil for the newest, or a match on the fly.
  package var run: Int64?

  package init(a: String, b: String, id: String, which: String? = nil, run: Int64? = nil) {
    self.a = a
    self.b = b
    self.id = id
    self.which = which
    self.run = run
  }

  /// The explanations of all sources with the id, those of a first.
  /// - Throws: `StoreError.usage` for catalogues, a run or an id that are not there; the last with ids that are near.
  package func answer(in context: XMDBContext) throws -> [Explanation] {
    let view = try context.view()
    defer { withExtendedLifetime(view) {} }
    let contents = view.contents
    if a == b {
      throw StoreError(.usage, "explain", "both catalogues are '\(a)'; a match needs two different ones")
    }
    let (filesA, filesB) = (try contents.catalogue(a), try contents.catalogue(b))
    do {
      let match = try MatchSource(filesA, filesB, run: run, givenAs: "--run", contents, context)
      let explainer = Explainer(match, context, withCrowding: true)
      let sides = try sides(match)
      let found = try sides.flatMap { try explainer.explanations(ofID: .text(id), isA: $0 == "a") }
      if found.isEmpty { throw try UnknownID(id, in: sides.map { $0 == "a" ? filesA : filesB }, context).error }
      return found
    } catch let error as SQLFunctionError where error.sqliteCode == 1 {
      throw StoreError(.usage, "explain", error.message)
    }
  }

  private func sides(_ match: MatchSource) throws -> [String] {
    guard let which else { return ["a", "b"] }
    if let side = match.side(named: which) { return [side] }
    throw StoreError(.usage, "--which", "is '\(which)'; allowed: '\(a)' or '\(b)'")
  }
}
