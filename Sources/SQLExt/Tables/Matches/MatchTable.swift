import CatalogStore
import Indexing
import MatchRun

/// One of the tables of match results.
final class MatchTable: VirtualTable {
  private let kind: ResultTable
  private let context: XMDBContext
  private let layout: MatchLayout
  private let opened: SkyContents?

  init(_ kind: ResultTable, _ context: XMDBContext, opened: SkyContents? = nil) {
    self.kind = kind
    self.context = context
    self.opened = opened
    layout = MatchLayout(kind)
  }

  private var whichArgument: Int? { kind == .nonmatches ? 2 : nil }
  private var runArgument: Int { kind == .nonmatches ? 3 : 2 }

  func open() throws -> any OpenTable { MatchTable(kind, context, opened: try context.refreshedContents()) }

  // MARK: Plan

  func plan(_ request: PlanRequest) throws -> Plan {
    var plan = Plan(cost: 0, rows: 0)
    for constraint in request.constraints where constraint.isUsable && constraint.column >= 0 {
      if kind.columns[constraint.column].sqlType.isEmpty {
        // Identifiers have no declared type; SQLite looks again whether they are equal its way.
        if constraint.operator.isEquality { plan.take(constraint, isExact: false) }
      } else if constraint.operator.isPushable {
        plan.take(constraint, isExact: true)
      }
    }
    let estimate = MatchEstimate(request, kind, layout, context)
    plan.rows = max(1, Int64(estimate.rows))
    plan.cost = estimate.cost
    return plan
  }

  // MARK: Scan

  func makeCursor(_ filter: FilterRequest) throws -> VirtualCursor {
    let contents = try opened ?? context.contents()
    let a = try filter.catalogue(0, in: contents)
    let b = try filter.catalogue(1, in: contents)
    if a === b {
      throw SQLFunctionError(
        "argument 2 (b) is '\(b.info.name)', as argument 1 (a); expected two different catalogues")
    }
    let side = try whichArgument.map { try self.side(filter, $0, a, b) }
    let rows = ResultRowsWanted(kind, filter, layout, a, b, side: side)
    return try MatchCursor(rows, try units(filter, rows, contents, a, b), context)
  }

  /// 'a' or 'b', as the result table has it.
  private func side(
    _ filter: FilterRequest, _ index: Int, _ a: CatalogueFiles, _ b: CatalogueFiles
  ) throws(SQLFunctionError) -> String {
    switch try filter.text(index) {
    case a.info.name: return "a"
    case b.info.name: return "b"
    default:
      throw SQLFunctionError(
        "argument \(index + 1) (which) is \((filter.arguments[index] ?? .null).inMessage); "
          + "expected '\(a.info.name)' or '\(b.info.name)'")
    }
  }

  private func units(
    _ filter: FilterRequest, _ rows: ResultRowsWanted, _ contents: SkyContents, _ a: CatalogueFiles, _ b: CatalogueFiles
  ) throws -> any ResultUnits {
    let names = (a.info.name, b.info.name)
    if let number = try filter.integer(runArgument) {
      return try stored(RunChoice(names, number, argument: runArgument).find(in: contents), contents)
    }
    let run = try contents.registry.finishedRun(names.0, names.1)
    if let run, try contents.runUnits(run.id).count <= unitsWorthOpening(filter) { return try stored(run, contents) }
    let wanted = try WantedSky(filter, layout, a, b, side: rows.side, context).region
    if let run {
      // A run with the fingerprint of this very plan holds the rows that matching gives. For a small part of the sky that
      // is quicker than to look into every unit's file.
      guard let wanted, isSmall(wanted, a, b),
        try contents.plan(names.0, names.1).fingerprint.description == run.fingerprint
      else { return try stored(run, contents) }
    }
    return FreshUnits(try contents.plan(names.0, names.1), kind, region: wanted ?? .wholeSky, context)
  }

  /// Up to so many files are opened rather than matching a part of the sky again: with an identifier each has an index.
  private func unitsWorthOpening(_ filter: FilterRequest) -> Int {
    let hasIndex = filter.constraints.contains {
      $0.operator.isEquality && kind.columns.indices.contains($0.column)
        && kind.indexedColumns.contains(kind.columns[$0.column].name)
    }
    return hasIndex ? 1000 : 4
  }

  private static let fewSources = 20_000.0

  private func isSmall(_ region: PixelRangeSet, _ a: CatalogueFiles, _ b: CatalogueFiles) -> Bool {
    func sources(_ files: CatalogueFiles) -> Double {
      files.shards(in: region).reduce(0) { sum, position in
        let shard = files.info.shards[position]
        let part = region.intersection(PixelRangeSet(pixels: [shard.pixel]))
        return sum + Double(shard.rows) * Double(part.pixelCount) / Double(shard.pixel.range29.count)
      }
    }
    return sources(a) + sources(b) < MatchTable.fewSources
  }

  private func stored(_ run: RunInfo, _ contents: SkyContents) throws -> StoredUnits {
    StoredUnits(contents.database, try contents.runUnits(run.id), kind, context)
  }
}

/// The run that a query asks for by its number.
private struct RunChoice {
  let names: (a: String, b: String)
  let number: Int64
  let argument: Int

  init(_ names: (String, String), _ number: Int64, argument: Int) {
    self.names = (names.0, names.1)
    self.number = number
    self.argument = argument
  }

  func find(in contents: SkyContents) throws -> RunInfo {
    let runs = try contents.registry.allRuns()
    if let run = runs.first(where: { $0.id == number && isOfThese($0) && $0.finished != nil }) { return run }
    let ours = runs.filter(isOfThese)
    let list = ours.map { "\($0.id)" + ($0.finished == nil ? " (not finished)" : "") }.reversed().joined(
      separator: ", ")
    let other = runs.first { $0.id == number && !isOfThese($0) }
    throw SQLFunctionError(
      "argument \(argument + 1) (run) is \(number)"
        + (other.map { ", a run of \($0.catalogueA) and \($0.catalogueB)" } ?? "")
        + "; expected the number of a finished run of \(names.a) and \(names.b), of which "
        + (ours.isEmpty ? "there is none; `xmdb match \(names.a) \(names.b)` makes one" : "there are: \(list)"))
  }

  private func isOfThese(_ run: RunInfo) -> Bool { run.catalogueA == names.a && run.catalogueB == names.b }
}
