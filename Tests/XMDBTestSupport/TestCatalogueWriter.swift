import CSQLiteBoot
import CatalogStore
import Indexing

/// Makes SQLite usable in this process.
func bootSQLite() { precondition(xsql_bootstrap() == 0, "SQLite could not be started") }

/// Writes the shards of a test catalogue.
struct TestCatalogueWriter {
  private let catalogue: TestCatalogue
  private let number: Int
  private let rows: [Int]
  private let healpix29: [Int64]
  private let columns: [(name: String, sqlType: String)]

  init(_ catalogue: TestCatalogue, number: Int) {
    self.catalogue = catalogue
    self.number = number
    rows = catalogue.rowsByRowid
    let index = catalogue.healpix29
    healpix29 = rows.map { index[$0] }
    columns = Self.columns(of: catalogue)
  }

  private static func columns(of catalogue: TestCatalogue) -> [(name: String, sqlType: String)] {
    var columns: [(name: String, sqlType: String)] = []
    switch catalogue.ids {
    case .none: break
    case .integer: columns.append((catalogue.idName, "INTEGER"))
    case .text: columns.append((catalogue.idName, "TEXT"))
    }
    columns += [(catalogue.raName, "REAL"), (catalogue.decName, "REAL"), ("pos_err", "REAL")]
    if !catalogue.motionRA.isEmpty { columns += [("pmra", "REAL"), ("pmdec", "REAL")] }
    if catalogue.epochs.count > 1 { columns.append(("epoch", "REAL")) }
    if !catalogue.magnitudes.isEmpty { columns.append(("g_mag", "REAL")) }
    return columns + catalogue.extras.map { ($0.name, $0.sqlType) }
  }

  /// Writes all shards and gives what the registry needs.
  func write(below folder: String) throws -> (CatalogueInfo, CoverageMap) {
    var info = describe()
    let schema = ShardSchema(
      columns: columns, idColumn: catalogue.layout.id == .none ? nil : 0, layout: catalogue.layout)
    let home = SkyDatabase.generationPath(catalogue: catalogue.name, number: number)
    for (pixel, range) in shards() {
      let path = "\(home)/Norder=\(pixel.order)/Npix=\(pixel.index).sqlite"
      try FileSystem.createDirectories(FileSystem.parent(folder + "/" + path))
      let writer = try ShardWriter(path: folder + "/" + path, schema: schema, firstRowid: Int64(range.lowerBound))
      for rowid in range { try append(rowid, to: writer) }
      let summary = try writer.finish()
      info.shards.append(
        ShardInfo(
          pixel: pixel, firstRowid: Int64(range.lowerBound), rows: summary.rows, path: path, bytes: summary.bytes,
          fingerprint: summary.fingerprint, smallestID: summary.smallestID, largestID: summary.largestID))
    }
    return (info, CoverageBuilder(rows: Int64(rows.count), count: count).build())
  }

  private func count(_ range: Range<Int64>) -> Int64 { Int64(rowids(in: range).count) }

  private func rowids(in range: Range<Int64>) -> Range<Int> { position(range.lowerBound)..<position(range.upperBound) }

  private func position(_ index: Int64) -> Int {
    var (low, high) = (0, healpix29.count)
    while low < high {
      let middle = (low + high) / 2
      if healpix29[middle] >= index { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private func shards() -> [(HealpixPixel, Range<Int>)] {
    var found: [(HealpixPixel, Range<Int>)] = []
    func divide(_ pixel: HealpixPixel) {
      let rowids = rowids(in: pixel.range29)
      if rowids.isEmpty { return }
      if rowids.count <= catalogue.sourcesPerShard || pixel.order == 20 {
        found.append((pixel, rowids))
      } else {
        pixel.children.forEach(divide)
      }
    }
    HealpixPixel.basePixels.forEach(divide)
    return found
  }

  private func append(_ rowid: Int, to writer: ShardWriter) throws {
    let row = rows[rowid]
    try narrow(row).withUnsafeBufferPointer { narrow in
      try writer.append(healpix29: healpix29[rowid], narrow: narrow, id: catalogue.ids.id(at: row)) {
        put(row, into: &$0)
      }
    }
  }

  private func narrow(_ row: Int) -> [Double] {
    let (x, y) = (catalogue.sigmaX[row], catalogue.sigmaY[row])
    var values = [catalogue.normalisedRA(row), catalogue.sky.decDegrees[row], x * x]
    if !catalogue.isCircular { values += [y * y, catalogue.correlation[row] * x * y] }
    if !catalogue.motionRA.isEmpty {
      let sigma = catalogue.motionRA[row].isNaN ? .nan : catalogue.motionSigma
      values += [catalogue.motionRA[row], catalogue.motionDec[row], sigma, sigma]
    }
    if catalogue.epochs.count > 1 { values.append(catalogue.epochs[row]) }
    if !catalogue.magnitudes.isEmpty { values.append(catalogue.magnitudes[row]) }
    return values
  }

  private func put(_ row: Int, into record: inout RecordBuffer) {
    if catalogue.layout.id != .none {
      record.put(catalogue.ids.id(at: row))
    }
    for value in [catalogue.sky.raDegrees[row], catalogue.sky.decDegrees[row], catalogue.sigmaX[row]] {
      record.put(compactly: value)
    }
    if !catalogue.motionRA.isEmpty {
      for value in [catalogue.motionRA[row], catalogue.motionDec[row]] { record.put(compactly: value) }
    }
    if catalogue.epochs.count > 1 { record.put(compactly: catalogue.epochs[row]) }
    if !catalogue.magnitudes.isEmpty { record.put(compactly: catalogue.magnitudes[row]) }
    for extra in catalogue.extras { Self.put(extra.values[row], into: &record) }
  }

  private static func put(_ value: TestCatalogue.Value, into record: inout RecordBuffer) {
    switch value {
    case .null: record.putNull()
    case .integer(let value): record.put(value)
    case .real(let value): record.put(compactly: value)
    case .text(let value): record.put(text: value)
    }
  }

  /// Rows with an id that another row has, too.
  private var repeatedIDs: Int64 {
    // By their bytes: to Swift, texts of the same characters are equal.
    var rowsOfID: [[UInt8]: Int64] = [:]
    for row in rows where catalogue.ids.id(at: row) != .null {
      rowsOfID[Array("\(catalogue.ids.id(at: row))".utf8), default: 0] += 1
    }
    return rowsOfID.values.reduce(0) { $1 > 1 ? $0 + $1 : $0 }
  }

  private func describe() -> CatalogueInfo {
    var info = CatalogueInfo(
      name: catalogue.name, inputsFingerprint: Fingerprint(of: "\(catalogue)").description, layout: catalogue.layout)
    info.number = number
    info.created = Program.now()
    info.program = Program.version
    info.rows = Int64(rows.count)
    info.inputRows = info.rows
    info.duplicateIDs = repeatedIDs
    info.largestSigmaArcsec = zip(catalogue.sigmaX, catalogue.sigmaY).map { max($0, $1) * 2.0.squareRoot() }.max() ?? 0
    let epochs = catalogue.epochs.filter { !$0.isNaN }
    if let first = epochs.min(), let last = epochs.max() { info.epochRange = first...last }
    info.epochYears = catalogue.epochs.count == 1 ? catalogue.epochs[0] : nil
    let motions = zip(catalogue.motionRA, catalogue.motionDec).filter { !$0.isNaN && !$1.isNaN }
    info.knownMotions = Int64(motions.count)
    info.largestMotionMasPerYear = motions.map { ($0 * $0 + $1 * $1).squareRoot() }.max() ?? 0
    info.largestSigmaMotionMasPerYear = motions.isEmpty ? 0 : catalogue.motionSigma
    info.columns = columns.map {
      ColumnInfo(name: $0.name, sourceName: $0.name, type: Self.type($0.sqlType), unit: nil, ucd: nil, description: nil)
    }
    for extra in catalogue.extras {
      guard let type = extra.inputType, let place = info.columns.firstIndex(where: { $0.name == extra.name }) else {
        continue
      }
      info.columns[place].type = type
    }
    info.roles = roles()
    if catalogue.countsMagnitudes {
      var histogram = MagnitudeHistogram()
      for magnitude in catalogue.magnitudes { histogram.add(magnitude) }
      info.magnitudes = [histogram]
    }
    return info
  }

  private static func type(_ sqlType: String) -> String {
    switch sqlType {
    case "REAL": "float64"
    case "TEXT": "text"
    case "BLOB": "binary"
    default: "int64"
    }
  }

  private func roles() -> [RoleInfo] {
    func role(_ role: String, _ column: String, _ unit: String?) -> RoleInfo {
      RoleInfo(role: role, column: column, constant: nil, unit: unit, reason: "test")
    }
    var roles = [
      role("ra", catalogue.raName, "deg"), role("dec", catalogue.decName, "deg"), role("sigma", "pos_err", "arcsec"),
    ]
    if catalogue.layout.id != .none { roles.append(role("id", catalogue.idName, nil)) }
    if !catalogue.motionRA.isEmpty { roles += [role("pm_ra", "pmra", "mas/yr"), role("pm_dec", "pmdec", "mas/yr")] }
    if catalogue.epochs.count > 1 { roles.append(role("epoch", "epoch", "yr")) }
    if !catalogue.magnitudes.isEmpty { roles.append(role("mag:G", "g_mag", "mag")) }
    return roles
  }
}
