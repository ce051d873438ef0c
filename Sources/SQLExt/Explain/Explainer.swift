import CatalogStore
import Indexing
import MatchRun

/// Finds a source in a match and gathers what decided about it.
struct Explainer {
  private let match: MatchSource
  private let context: XMDBContext
  private let withCrowding: Bool

  /// - Parameter withCrowding: Whether it is told what hidden neighbours have to do with the pairs: of a stored run, that takes its
  ///   plan, some tenths of a second.
  init(_ match: MatchSource, _ context: XMDBContext, withCrowding: Bool) {
    self.match = match
    self.context = context
    self.withCrowding = withCrowding
  }

  /// The explanations of all sources of one catalogue that have an id, by rowid.
  func explanations(ofID id: SQLValue, isA: Bool) throws -> [Explanation] {
    try (isA ? match.a : match.b).rowids(ofID: id, context).map { try explanation(ofRowid: $0, isA: isA) }
  }

  private func explanation(ofRowid rowid: Int64, isA: Bool) throws -> Explanation {
    let island = try island(ofRowid: rowid, isA: isA)
    let members = try members(of: island)
    guard let source = members.first(where: { $0.isA == isA && $0.rowid == rowid }) else {
      throw SQLFunctionError(
        "the source of rowid \(rowid) in \((isA ? match.a : match.b).info.name) has no row in the match; "
          + "run `xmdb verify`, then match again with --redo")
    }
    let pairs = try pairs(of: island, for: source)
    return Explanation(
      nameA: match.a.info.name, nameB: match.b.info.name, source: source, members: members, pairs: pairs,
      photometry: try pairs.map(photometry), crowding: try crowding(of: pairs),
      nearest: pairs.isEmpty ? try nearest(to: source) : nil, run: match.run?.id,
      candidateFraction: match.candidateFraction)
  }

  private func photometry(of pair: CandidatePair) throws -> PhotometricFactors? {
    guard pair.classes != nil, let place = try match.a.pixel(ofRowid: pair.rowidA, context).ranges.first?.lowerBound
    else { return nil }
    return PhotometricFactors(pair, at: place, in: try match.measurement(at: place))
  }

  private func crowding(of pairs: [CandidatePair]) throws -> [PairCrowding?] {
    guard withCrowding, !pairs.isEmpty, let again = try matchAgain() else { return [] }
    var stop = context.stopCheck
    return try pairs.map { pair in
      try again.crowding(
        a: (pair.rowidA, match.a.pixel(ofRowid: pair.rowidA, context)),
        b: (pair.rowidB, match.b.pixel(ofRowid: pair.rowidB, context)), stop: &stop)
    }
  }

  /// The plan and the densities of the match; nil for a run of another version, whose plan is not known.
  private func matchAgain() throws -> MatchBlends? {
    do { return try match.blends() } catch let error as StoreError where error.code == .usage { return nil }
  }

  private func nearest(to source: IslandMember) throws -> NearestSource? {
    guard let center = SkyPosition(raDegrees: source.raDegrees, decDegrees: source.decDegrees) else { return nil }
    let cone = try ConeCursor(
      source.isA ? match.b : match.a, center: center, radius: .arcseconds(NearestSource.radiusArcsec), context)
    var nearest: NearestSource?
    while !cone.isAtEnd {
      let (id, rowid, separation) = cone.current
      if separation.arcseconds < nearest?.separationArcsec ?? .infinity {
        nearest = NearestSource(id: id, rowid: rowid, separationArcsec: separation.arcseconds)
      }
      try cone.next()
    }
    return nearest
  }

  /// The island of a source: that of its pairs, and without any, one of its own.
  private func island(ofRowid rowid: Int64, isA: Bool) throws -> Int64 {
    let files = isA ? match.a : match.b
    var keys = [constraint(.pairs, isA ? "a_rowid" : "b_rowid", rowid)]
    // A stored run finds its rows by id.
    if let id = try files.storedID(ofRowid: rowid, context) {
      keys.append(
        FilterConstraint(
          column: ResultTable.pairs.place(of: isA ? "a_id" : "b_id"), operator: .equal, value: id))
    }
    let row = try match.rows(.pairs, where: keys)
    return row.isAtEnd ? 2 * rowid + (isA ? 0 : 1) : CandidatePair(row).island
  }

  private func members(of island: Int64) throws -> [IslandMember] {
    var members: [IslandMember] = []
    try read(.matches, island) { row in
      members += [true, false].map { IslandMember(row, .matches, isA: $0) }
    }
    for isA in [true, false] {
      try read(.nonmatches, side: isA ? "a" : "b", island) { row in
        members.append(IslandMember(row, .nonmatches, isA: isA))
      }
    }
    return members.sorted { $0.isA != $1.isA ? $0.isA : $0.rowid < $1.rowid }
  }

  private func pairs(of island: Int64, for source: IslandMember) throws -> [CandidatePair] {
    var pairs: [CandidatePair] = []
    try read(.pairs, island) { pairs.append(CandidatePair($0)) }
    func isOwn(_ pair: CandidatePair) -> Bool { (source.isA ? pair.rowidA : pair.rowidB) == source.rowid }
    return pairs.sorted { left, right in
      if isOwn(left) != isOwn(right) { return isOwn(left) }
      if left.probability != right.probability { return left.probability > right.probability }
      return (left.rowidA, left.rowidB) < (right.rowidA, right.rowidB)
    }
  }

  private func read(
    _ table: ResultTable, side: String? = nil, _ island: Int64, _ body: (MatchCursor) throws -> Void
  ) throws {
    let row = try match.rows(table, side: side, where: [constraint(table, "island", island)])
    while !row.isAtEnd {
      try body(row)
      try row.next()
    }
  }

  private func constraint(_ table: ResultTable, _ column: String, _ value: Int64) -> FilterConstraint {
    FilterConstraint(column: table.place(of: column), operator: .equal, value: .integer(value))
  }
}

extension CatalogueFiles {
  /// The rowids of the sources with an id. The sources of a catalogue without ids go by their rowids.
  func rowids(ofID id: SQLValue, _ context: XMDBContext) throws -> [Int64] {
    guard let value = asStored(id) else { return [] }
    guard info.layout.id != .none, let column = column(role: "id") else {
      guard case .integer(let rowid) = value, (0..<info.rows).contains(rowid) else { return [] }
      return [rowid]
    }
    let key = FilterConstraint(column: column, operator: .equal, value: value)
    let cursor = try CatalogueCursor(CatalogueScan(self, constraints: [key], columns: []), context)
    var rowids: [Int64] = []
    while !cursor.isAtEnd {
      if let rowid = cursor.rowid { rowids.append(rowid) }
      try cursor.next()
    }
    return rowids
  }

  /// The id of a source; nil where it has none.
  fileprivate func storedID(ofRowid rowid: Int64, _ context: XMDBContext) throws -> SQLValue? {
    guard info.layout.id != .none, let column = column(role: "id") else { return nil }
    let key = FilterConstraint(column: rowidColumn, operator: .equal, value: .integer(rowid))
    let cursor = try CatalogueCursor(CatalogueScan(self, constraints: [key], columns: [column]), context)
    return cursor.isAtEnd || cursor.value(column).isNull ? nil : cursor.value(column)
  }

  /// An id as a person gives it, as the value that the catalogue stores: digits for an integer, any number for a text.
  func asStored(_ id: SQLValue) -> SQLValue? {
    switch (info.layout.id, id) {
    case (.text, .text): id
    case (.text, .integer(let value)): .text(String(value))
    case (.integer, .integer), (.none, .integer): id
    case (.integer, .text(let text)), (.none, .text(let text)): Int64(text).map { .integer($0) }
    case (.integer, .real(let value)), (.none, .real(let value)): Int64(exactly: value).map { .integer($0) }
    default: nil
    }
  }
}
