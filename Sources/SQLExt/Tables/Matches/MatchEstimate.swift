import CatalogStore

/// What a scan of match results is expected to cost and to give, in units of one row read by its rowid (about 1 µs).
struct MatchEstimate {
  private(set) var rows: Double
  private(set) var cost: Double

  /// Matching a source on the fly, and reading a row of a stored run.
  private static let (matching, reading) = (3.0, 1.5)
  /// Matching the islands of a few sources, and looking into one chunk's file.
  private static let (matchingFew, openingChunk) = (2000.0, 150.0)

  init(_ request: PlanRequest, _ kind: ResultTable, _ layout: MatchLayout, _ context: XMDBContext) {
    let facts = Self.facts(request, context)
    let usable = request.constraints.filter { $0.isUsable && $0.operator.isPushable }
    let keys = [layout.a.id, layout.b.id, layout.a.rowid, layout.b.rowid, layout.island].compactMap(\.self)
    if usable.contains(where: { keys.contains($0.column) && $0.operator.isEquality }) {
      rows = 1
      cost = facts.chunks.map { min(Double($0) * Self.openingChunk, Self.matchingFew) } ?? Self.matchingFew
      return
    }
    let share = Self.skyShare(usable, layout)
    rows = facts.sources / 2
    for constraint in usable { rows *= constraint.operator.isEquality ? 0.05 : 0.5 }
    cost = facts.chunks == nil ? Self.matchingFew + facts.sources * share * Self.matching : facts.sources * Self.reading
  }

  /// Sources of both catalogues, and chunks of the run that will be read, if there is one.
  private static func facts(_ request: PlanRequest, _ context: XMDBContext) -> (sources: Double, chunks: Int?) {
    guard case .text(let a)? = request.arguments[0], case .text(let b)? = request.arguments[1],
      let contents = try? context.contents(), let filesA = try? contents.catalogue(a),
      let filesB = try? contents.catalogue(b)
    else { return (1_000_000, nil) }
    let sources = Double(filesA.info.rows) + Double(filesB.info.rows)
    guard let run = try? contents.registry.finishedRun(a, b), let chunks = try? contents.runChunks(run.id) else {
      return (sources, nil)
    }
    return (sources, chunks.count)
  }

  private static func skyShare(_ usable: [PlanConstraint], _ layout: MatchLayout) -> Double {
    let known = usable.compactMap(\.asFilter)
    func share(_ source: MatchLayout.Source) -> Double {
      guard let ra = source.ra, let dec = source.dec else { return 1 }
      return SkyBox(ra: known.numberRange(ofColumn: ra), dec: known.numberRange(ofColumn: dec), raDegrees: 0...360)
        .share
    }
    return min(share(layout.a), share(layout.b))
  }
}
