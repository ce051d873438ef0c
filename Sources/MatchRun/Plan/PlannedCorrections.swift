internal import CatalogStore

/// The corrections of both catalogues' errors that a match applies.
struct PlannedCorrections {
  let a: CatalogueCorrections?
  let b: CatalogueCorrections?
  /// What is recorded with the run.
  let setting: MatchConfiguration.Corrections

  /// - Throws: `StoreError.usage` when those that a run has used are gone; `.damaged` for those that cannot be read.
  init(
    _ wanted: MatchConfiguration.Corrections, _ infoA: CatalogueInfo, _ infoB: CatalogueInfo, _ registry: Registry
  ) throws {
    switch wanted {
    case .none: (a, b) = (nil, nil)
    case .stored:
      (a, b) = (
        try CatalogueCorrections(of: infoA.name, in: registry), try CatalogueCorrections(of: infoB.name, in: registry)
      )
    case .runs(let runA, let runB):
      a = try runA.map { try CatalogueCorrections(of: infoA.name, run: $0, in: registry) }
      b = try runB.map { try CatalogueCorrections(of: infoB.name, run: $0, in: registry) }
    }
    setting = wanted == .none ? .none : .runs(a: a?.run.id, b: b?.run.id)
  }
}
