import CatalogStore

/// Which columns of a result table name sources of either catalogue.
struct MatchLayout {
  /// Columns about one source of a row; those of non-matches belong to whichever catalogue was asked for.
  struct Source {
    let id: Int?
    let rowid: Int?
    let ra: Int?
    let dec: Int?

    init(_ table: ResultTable, prefix: String) { self.init(table.columns.map(\.name), prefix: prefix) }

    /// - Parameter names: Of the columns of a table.
    init(_ names: [String], prefix: String) {
      func column(_ name: String) -> Int? { names.firstIndex(of: prefix + name) }
      id = column("id")
      rowid = column(prefix.isEmpty ? "xm_rowid" : "rowid")
      ra = column("ra_deg")
      dec = column("dec_deg")
    }
  }

  let a: Source
  let b: Source
  let island: Int?
  /// Positions of the columns that hold ids of sources of a, and of b; the other catalogue's where `side` is 'b'.
  let idsOfA: [Int]
  let idsOfB: [Int]

  /// That of a table whose rows are about a source of each catalogue.
  /// - Parameter names: Of its columns.
  init(pairsNamed names: [String]) {
    (a, b) = (Source(names, prefix: "a_"), Source(names, prefix: "b_"))
    island = nil
    (idsOfA, idsOfB) = ([a.id].compactMap(\.self), [b.id].compactMap(\.self))
  }

  /// That of a table whose rows are about one source.
  /// - Parameter names: Of its columns.
  init(sourcesNamed names: [String]) {
    (a, b) = (Source(names, prefix: ""), Source(names, prefix: ""))
    island = nil
    (idsOfA, idsOfB) = ([a.id].compactMap(\.self), [])
  }

  init(_ table: ResultTable) {
    func columns(_ names: [String]) -> [Int] {
      names.compactMap { name in table.columns.firstIndex { $0.name == name } }
    }
    island = columns(["island"]).first
    if table == .nonmatches {
      (a, b) = (Source(table, prefix: ""), Source(table, prefix: ""))
      (idsOfA, idsOfB) = (columns(["id"]), columns(["nnm_id"]))
    } else {
      (a, b) = (Source(table, prefix: "a_"), Source(table, prefix: "b_"))
      (idsOfA, idsOfB) = (columns(["a_id", "b_runner_up_id"]), columns(["b_id", "a_runner_up_id"]))
    }
  }

  /// The sources of a row that a query may ask for, with the catalogue of each.
  func sources<Files>(_ filesA: Files, _ filesB: Files, side: String?) -> [(source: Source, files: Files)] {
    switch side {
    case nil: [(a, filesA), (b, filesB)]
    case "a": [(a, filesA)]
    default: [(b, filesB)]
    }
  }
}

/// The rows of one result table that a query wants, as an inner query on it.
struct ResultRowsWanted {
  let kind: ResultTable
  /// 'a' or 'b' for non-matches.
  let side: String?
  let columns: [Int]
  /// Visible columns and the column of the inner query that each comes from.
  let slots: [Int]
  let conditions: PushedConditions

  init(
    _ kind: ResultTable, _ filter: FilterRequest, _ layout: MatchLayout, _ a: CatalogueFiles, _ b: CatalogueFiles,
    side: String?
  ) {
    self.kind = kind
    self.side = side
    columns = kind.columns.indices.filter { filter.uses(column: $0) }
    var slots = [Int](repeating: -1, count: kind.columns.count)
    for (slot, column) in columns.enumerated() { slots[column] = slot }
    self.slots = slots
    let (first, second) = side == "b" ? (b, a) : (a, b)
    var conditions = PushedConditions(
      filter.constraints.filter { constraint in
        if layout.idsOfA.contains(constraint.column) { return first.holdsIDs(like: constraint.value) }
        if layout.idsOfB.contains(constraint.column) { return second.holdsIDs(like: constraint.value) }
        return true
      }, column: { (kind.columns[$0].name, .any) })
    if let side { conditions.add("side = ?", .text(side)) }
    self.conditions = conditions
  }

  func rows(of reader: ResultReader) throws -> Statement {
    try reader.rows(kind, columns: columns, where: conditions.sql) { conditions.bind(to: $0) }
  }
}

extension CatalogueFiles {
  /// Whether ids are stored as values of this kind, so that they compare in the result files just as outside.
  func holdsIDs(like value: SQLValue) -> Bool {
    switch (value, info.layout.id) {
    case (.integer, .integer), (.text, .text): true
    default: false
    }
  }
}
