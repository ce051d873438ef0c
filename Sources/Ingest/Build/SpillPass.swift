internal import CatalogStore
internal import Formats
internal import Indexing

/// The pass over the input: every row is converted, judged, and either spilled for sorting or kept aside as a problem.
struct SpillPass {
  private let plan: IngestPlan
  private let cancellation: Cancellation
  private let layout: NarrowLayout
  private let batchRows: Int?
  private let spill: RowSpill
  private let problems: ProblemWriter
  private let duplicates: DuplicateFinder
  private var geometry: SourceGeometry
  private var encoder: RowEncoder
  private var exactIDs: ExactIDs?
  private var readings: PositionReadings?
  private let problemBinder: RowBinder
  private var keys: [Int64] = []
  private(set) var statistics = SourceStatistics()
  private(set) var nullIDs: Int64 = 0
  private(set) var inputRows: Int64 = 0
  private(set) var hugeColumns: Set<Int> = []
  /// The rows kept aside, when there are any.
  private(set) var problemFile: SealedFile?
  /// Texts that were not UTF-8, by column.
  private var repairs: [Int: Int64] = [:]

  init(plan: IngestPlan, staging: String, folder: String, sorting: IngestDriver.Sorting, cancellation: Cancellation) {
    self.plan = plan
    batchRows = sorting.batchRows
    self.cancellation = cancellation
    layout = plan.layout(hugeColumns: [])
    geometry = SourceGeometry(plan.roles)
    encoder = RowEncoder(format: RowFormat(narrowWidth: layout.width, columnCount: plan.columns.count))
    spill = RowSpill(folder: staging, budgetBytes: sorting.spillBytes)
    duplicates = DuplicateFinder(folder: staging)
    // Unsigned columns keep whatever comes: whether they fit into signed integers is known only at the end.
    let columns = zip(plan.columnNames, plan.storedTypes).map { name, type in
      (name: name, sqlType: type == .uint64 ? "" : StoredColumns.sqlType(type, hasHugeValues: false))
    }
    problemBinder = RowBinder(plan.storedTypes, hugeColumns: Set(plan.columns.indices))
    exactIDs = ExactIDs(plan)
    readings = PositionReadings(plan.roles)
    problems = ProblemWriter(path: folder + "/problems.sqlite", columns: columns)
  }

  /// Columns with texts that were not UTF-8, in order.
  var repairedTexts: [(column: String, count: Int64)] {
    repairs.sorted { $0.key < $1.key }.map { (plan.source.columns[$0.key].name, $0.value) }
  }

  var format: RowFormat { encoder.format }
  var problemCounts: [ProblemReason: Int64] { problems.counts }
  var spilledBytes: Int64 { spill.byteCount }
  var spilledRows: Int64 { spill.rowCount }

  mutating func run(progress: (Int64) -> Void) throws {
    try plan.source.forEachBatch(batchRows: batchRows) { batch in
      try cancellation.check(plan.name)
      try exactIDs?.load(batch)
      if let exactIDs { try exactIDs.withConverted(batch) { try take($0) } } else { try take(batch) }
      progress(inputRows)
    }
    if let refusal = readings?.refusal { throw IngestError(.missingRole, subject: plan.name, refusal) }
    problemFile = try problems.finish()
  }

  /// Rows whose motion was given as a placeholder.
  var placeholderMotions: Int64 { geometry.rowsWithPlaceholderMotion }

  private mutating func readPositions(_ batch: borrowing RecordBatch) {
    guard readings != nil, let ra = plan.roles[.ra]?.columnIndex, let dec = plan.roles[.dec]?.columnIndex else {
      return
    }
    for row in 0..<batch.rowCount {
      readings?.add(ra: batch.columns[ra].number(row), dec: batch.columns[dec].number(row))
    }
  }

  private mutating func take(_ batch: borrowing RecordBatch) throws {
    inputRows += Int64(batch.rowCount)
    geometry.load(batch)
    readPositions(batch)
    statistics.add(geometry)
    findKeys()
    findHugeValues(batch)
    for (index, column) in batch.columns.enumerated() where column.repairedTexts > 0 {
      repairs[index, default: 0] += column.repairedTexts
    }
    if plan.roles.derivesPosition {
      let (ra, dec) = (geometry.raDegrees, geometry.decDegrees)
      try DerivedPosition.withAdded(batch, ra: ra, dec: dec) { try keep($0) }
    } else {
      try keep(batch)
    }
    try findIDs(batch)
  }

  /// Encodes the rows, and keeps each for sorting or aside.
  private mutating func keep(_ batch: borrowing RecordBatch) throws {
    let size = encoder.measure(batch)
    let rows = try spill.reserve(byteCount: size)
    encoder.encode(batch, narrow: narrow(), to: rows)
    for row in 0..<batch.rowCount {
      let start = encoder.rowOffsets[row]
      if geometry.verdicts[row] == .ok {
        try spill.append(key: keys[row], row: rows + start, length: encoder.rowOffsets[row + 1] - start)
      } else {
        try keepAside(EncodedRow(start: UnsafeRawPointer(rows + start), format: format), batch, row)
      }
    }
  }

  private mutating func findKeys() {
    let count = geometry.count
    var (ra, dec) = (geometry.raDegrees, geometry.decDegrees)
    // Rows with problems have no place on the sphere; they get one that is never used.
    for row in 0..<count where geometry.verdicts[row] != .ok { (ra[row], dec[row]) = (0, 0) }
    keys = Healpix29.indices(raDegrees: ra, decDegrees: dec)
  }

  /// The columns of the narrow form, in their order.
  private func narrow() -> [[Double]] { layout.columns.map { geometry.values(of: $0.quantity) } }

  private func keepAside(
    _ row: EncodedRow, _ batch: borrowing RecordBatch, _ index: Int
  ) throws {
    let file = plan.shown(plan.source.files[batch.fileIndex].path)
    try problems.append(geometry.verdicts[index], file: file, row: batch.firstRowInFile + Int64(index) + 1) {
      problemBinder.bind(row, to: $0, first: $1)
    }
  }

  private mutating func findHugeValues(_ batch: borrowing RecordBatch) {
    for (index, column) in batch.columns.enumerated() {
      guard case .uint64(let values) = column.values, !hugeColumns.contains(index) else { continue }
      for row in 0..<batch.rowCount where values[row] > UInt64(Int64.max) && column.validity.isPresent(row) {
        hugeColumns.insert(index)
      }
    }
  }

  /// Collects the identifiers of the sources, to find those that occur twice.
  private mutating func findIDs(_ batch: borrowing RecordBatch) throws {
    guard let idColumn = plan.idColumn else { return }
    let column = batch.columns[idColumn]
    for row in 0..<batch.rowCount where geometry.verdicts[row] == .ok {
      guard column.validity.isPresent(row) else {
        nullIDs += 1
        continue
      }
      try duplicates.append(Self.key(column.values, row))
    }
  }

  /// An integer is its own key; other identifiers are hashed.
  private static func key(_ values: ColumnValues, _ row: Int) -> UInt64 {
    switch values {
    case .int64(let values): UInt64(bitPattern: values[row])
    case .uint64(let values): values[row]
    case .bool(let values): UInt64(values[row])
    case .float64(let values): values[row].bitPattern
    case .float32(let values): UInt64(values[row].bitPattern)
    case .text(let strings), .binary(let strings): Fingerprint.hash64(UnsafeRawBufferPointer(strings[row]))
    }
  }

  /// Ends the pass: the rows sorted, and the keys of identifiers that occur more than once.
  func finish() throws -> (rows: SortedRows, repeatedIDs: [(key: UInt64, count: Int64)]) {
    (try spill.finish(), try duplicates.finish())
  }
}
