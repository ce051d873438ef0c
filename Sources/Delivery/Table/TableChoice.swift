internal import CatalogStore

/// Which rows of a match go into one table, in the words of STILTS.
public struct TableChoice: Sendable, Hashable {
  /// Which pairs.
  public enum Find: String, Sendable, CaseIterable {
    /// The counterparts: each source in one pair at most, those of the most probable assignment.
    case best
    /// Every candidate pair.
    case all
    /// A row for each source of the first catalogue, with its counterpart or none.
    case each
  }

  /// Which sources without a pair, or with one.
  public enum Join: String, Sendable, CaseIterable {
    case both = "1and2"
    case either = "1or2"
    case all1, all2
    case onlyFirst = "1not2"
    case onlySecond = "2not1"
  }

  /// Which pairs.
  public let find: Find
  /// Which sources.
  public let join: Join

  /// Makes a choice.
  /// - Parameter join: Nil for the usual one: `all1` with `each`, else `1and2`.
  /// - Throws: `StoreError.usage` for `each` with another join.
  public init(find: Find = .best, join: Join? = nil) throws {
    if find == .each, let join, join != .all1 {
      throw StoreError(
        .usage, "--join",
        "is \(join.rawValue), and --find each gives a row for each source of the first catalogue, which is all1; leave it out"
      )
    }
    self.find = find
    self.join = join ?? (find == .each ? .all1 : .both)
  }

  /// The tables of a run whose rows are taken, one after the other.
  var parts: [TablePart] {
    var parts: [TablePart] = []
    if join != .onlyFirst && join != .onlySecond { parts.append(TablePart(find == .all ? .pairs : .matches)) }
    if [.either, .all1, .onlyFirst].contains(join) { parts.append(alone("a")) }
    if [.either, .all2, .onlySecond].contains(join) { parts.append(alone("b")) }
    return parts
  }

  /// The sources of a side that are in no row of the pairs.
  private func alone(_ side: String) -> TablePart {
    var part = TablePart(.nonmatches)
    part.side = side
    part.condition = "side = '\(side)'"
    // The pairs of a source are in its own chunk.
    if find == .all { part.condition += " AND xm_rowid NOT IN (SELECT \(side)_rowid FROM pairs)" }
    return part
  }
}

/// Rows of one table of a run.
struct TablePart: Sendable {
  let table: ResultTable
  /// The catalogue whose sources the rows are, `a` or `b`; nil for pairs.
  var side: String?
  /// What rows are taken, in SQL; empty for all.
  var condition = ""

  init(_ table: ResultTable) { self.table = table }

  /// Where a column of the match, by its name among those of pairs, is in the rows; nil if they have none of it.
  func place(of name: String) -> Int? {
    guard let side else { return index(name) }
    if let own = index(name), !Self.named(name) { return own }
    guard name.hasPrefix(side + "_") else { return nil }
    let rest = String(name.dropFirst(2))
    return index(rest == "rowid" ? "xm_rowid" : rest)
  }

  /// Position of the rowid of a catalogue's source; nil where it takes no part.
  func rowid(_ catalogue: String) -> Int? { place(of: catalogue + "_rowid") }

  private func index(_ name: String) -> Int? { table.columns.firstIndex { $0.name == name } }

  /// Whether a column of sources alone goes by another name beside pairs, such as `a_id`, or tells nothing there.
  static func named(_ name: String) -> Bool {
    ["side", "id", "ra_deg", "dec_deg", "avg_cont", "sigma_used_arcsec", "xm_rowid"].contains(name)
  }
}
