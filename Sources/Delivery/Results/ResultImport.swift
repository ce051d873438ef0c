public import CatalogStore

/// Reads result sets back, looks for repeated and lost sources in them, and compares two of them. Changes nothing: rows are held in a
/// temporary SQLite file.
public struct ResultImport: Sendable {
  /// The set that is checked.
  public var place: ResultPlace
  /// The set that it is compared with; nil: none.
  public var other: ResultPlace?
  /// The database of runs and catalogues; nil where none is needed.
  public var database: SkyDatabase?
  /// The catalogues whose sources must all be there; nil: not known.
  public var a, b: String?
  /// The largest difference of probabilities that counts as none.
  public var tolerance = 0.0
  /// The folder of the temporary file.
  public var scratch: String

  /// What was found.
  public struct Outcome: Sendable {
    /// The set.
    public let check: ResultCheck
    /// The other one, and how they differ.
    public let other: (check: ResultCheck, comparison: ResultComparison)?

    /// Whether every source is there once, and the sets are the same.
    public var isSame: Bool { check.isWhole && (other.map { $0.check.isWhole && $0.comparison.isSame } ?? true) }
  }

  /// A set to read.
  public init(_ place: ResultPlace, scratch: String) { (self.place, self.scratch) = (place, scratch) }

  /// Reads, checks and compares.
  /// - Throws: `FormatError` and `StoreError` for files that cannot be read as what they should be; `StoreError.interrupted`.
  /// - Complexity: O(n log n), in files; memory does not grow with the rows.
  /// - Parameter stoppable: Runs the work, given what stops it at once: SQLite does not look at `cancellation` while it sorts.
  public func run(
    cancellation: Cancellation = Cancellation(),
    stoppable: (_ stop: @escaping @Sendable () -> Void, _ work: () throws -> Outcome) throws -> Outcome = { try $1() }
  ) throws -> Outcome {
    let store = try ResultStore(scratch: scratch)
    do {
      return try stoppable(store.connection.interrupter) { try run(in: store, cancellation) }
    } catch let error as StoreError where error.code == .interrupted {
      throw StoreError(.interrupted, "import-results", "interrupted")
    }
  }

  private func run(in store: ResultStore, _ cancellation: Cancellation) throws -> Outcome {
    for (name, isA) in [(a, true), (b, false)] {
      guard let name else { continue }
      let info = try requireDatabase().registry().catalogue(name)
      try store.add(catalogue: info, isA: isA, of: requireDatabase(), cancellation)
    }
    let check = try check(place, store, .first, cancellation)
    guard let other else { return Outcome(check: check, other: nil) }
    let second = try self.check(other, store, .second, cancellation)
    let hasAlone = check.hasAlone && second.hasAlone
    let comparison = try ResultComparison(store, tolerance: tolerance, hasAlone: hasAlone, cancellation)
    return Outcome(check: check, other: (second, comparison))
  }

  /// Whether a set tells which sources of the first and of the second catalogue are alone.
  private static func hasAlone(
    _ place: ResultPlace, _ counts: (pairs: Int64, aloneA: Int64, aloneB: Int64)
  ) -> (Bool, Bool) {
    switch place {
    case .run, .package, .macauff: (true, true)
    case .table: (counts.aloneA > 0, counts.aloneB > 0)
    case .files(_, let a, let b, _): (!a.isEmpty, !b.isEmpty)
    }
  }

  private func requireDatabase() throws -> SkyDatabase {
    if let database { return database }
    throw StoreError(.usage, "import-results", "needs a database for runs and catalogues; give --db DIR")
  }

  private func check(
    _ place: ResultPlace, _ store: ResultStore, _ side: ResultStore.Side, _ cancellation: Cancellation
  ) throws -> ResultCheck {
    let sink = try store.sink(side)
    switch place {
    case .run(let number): try RunResults(number, requireDatabase(), cancellation).read(into: sink)
    case .package(let folder): try PackageResults(folder, cancellation).read(into: sink)
    case .macauff(let paths): try MacauffResults(paths, cancellation).read(into: sink)
    case .table(let paths, let columns):
      try TableResults(columns: columns, cancellation: cancellation).read(paths, into: sink)
    case .files(let matches, let aloneA, let aloneB, let columns):
      let tables = TableResults(columns: columns, cancellation: cancellation)
      try tables.readMatches(matches, into: sink)
      try tables.readAlone(aloneA, isA: true, into: sink)
      try tables.readAlone(aloneB, isA: false, into: sink)
    }
    try cancellation.check("import-results")
    try store.sort(side)
    let counts = sink.counts
    let (aloneA, aloneB) = Self.hasAlone(place, counts)
    return ResultCheck(
      name: place.name, pairs: counts.pairs, aloneA: counts.aloneA, aloneB: counts.aloneB, hasAlone: aloneA && aloneB,
      leftOut: sink.leftOut,
      a: try .init(store, side, isA: true, hasCatalogue: a != nil, hasAlone: aloneA),
      b: try .init(store, side, isA: false, hasCatalogue: b != nil, hasAlone: aloneB))
  }
}

extension ResultPlace {
  /// What a path or a number means: a run where nothing of that name is there, a package, or a table.
  public init(_ text: String, _ columns: ResultColumns) {
    if !FileSystem.isThere(text), let number = Int64(text) {
      self = .run(number)
    } else {
      self = PackageResults.isPackage(text) ? .package(text) : .table([text], columns)
    }
  }
}
