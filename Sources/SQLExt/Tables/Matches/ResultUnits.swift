import CatalogStore
import Indexing
import MatchRun

/// The results of a match, one unit after the other along the curve.
protocol ResultUnits {
  /// The next unit that may have rows; nil after the last.
  mutating func next() throws -> ResultReader?
}

/// The units of a stored run.
///
/// No unit is left out for the sake of a position: an island is stored with the unit of its first member, and how far the
/// other members lie from there is not known without reading them.
struct StoredUnits: ResultUnits {
  private let database: SkyDatabase
  private let context: XMDBContext
  private var units: ArraySlice<RunUnit>

  init(_ database: SkyDatabase, _ units: [RunUnit], _ kind: ResultTable, _ context: XMDBContext) {
    self.database = database
    self.context = context
    self.units =
      units.filter { unit in
        switch kind {
        case .matches: unit.totals.matches > 0
        case .nonmatches: unit.totals.nonmatchesA + unit.totals.nonmatchesB > 0
        case .pairs: unit.totals.pairs > 0
        }
      }[...]
  }

  mutating func next() throws -> ResultReader? {
    guard let unit = units.popFirst() else { return nil }
    try context.checkInterrupt()
    context.counters.unitsRead += 1
    return try ResultReader(database: database, unit: unit)
  }
}

/// Units that are matched when they are asked for.
struct FreshUnits: ResultUnits {
  private let kind: ResultTable
  private let region: PixelRangeSet
  private let context: XMDBContext
  private var matcher: UnitMatcher
  private var units: ArraySlice<MatchUnit>

  init(_ match: LiveMatch, _ kind: ResultTable, region: PixelRangeSet, _ context: XMDBContext) {
    self.kind = kind
    self.region = region
    self.context = context
    matcher = UnitMatcher(match, cancellation: context.cancellation, stop: context.stopCheck)
    units = match.plan.units(sourcesPerUnit: context.sourcesPerUnit).filter { region.intersects($0.pixel.range29) }[...]
  }

  mutating func next() throws -> ResultReader? {
    while let unit = units.popFirst() {
      try context.checkInterrupt()
      context.counters.unitsMatched += 1
      let result = try matcher.match(unit, region: region)
      if hasRows(result) { return try ResultReader(holding: kind, of: result) }
    }
    return nil
  }

  private func hasRows(_ result: UnitResult) -> Bool {
    switch kind {
    case .matches: !result.matches.isEmpty
    case .nonmatches: !result.nonmatches.isEmpty
    case .pairs: !result.pairs.isEmpty
    }
  }
}
