internal import CatalogStore
internal import Indexing

/// What two catalogues say about which sources are the same object: a column that is equal for counterparts.
///
/// Nine bytes a source stay in memory, eight more while the counterparts are being looked up: a counterpart may lie anywhere.
/// A column of the truth is a matter of simulations and of bright surveys; shifts need none and hold one chunk at a time.
struct TruthKeys: Sendable {
  private let keysA: [Int64]
  private let keysB: [Int64]
  private let hasCounterpartA: [Bool]
  private let hasCounterpartB: [Bool]

  /// Stands for NULL: no counterpart.
  private static let unknown = Int64.min

  /// Reads the column of both catalogues.
  init(database: SkyDatabase, _ a: CatalogueInfo, _ b: CatalogueInfo, column: String, check: () throws -> Void) throws {
    keysA = try Self.read(database, a, column, check)
    keysB = try Self.read(database, b, column, check)
    hasCounterpartA = try Self.found(keysA, in: keysB, check)
    hasCounterpartB = try Self.found(keysB, in: keysA, check)
  }

  /// Whether two sources are the same object.
  /// - Throws: `StoreError.damaged` for a rowid that no source has.
  func areCounterparts(rowidA: Int64, rowidB: Int64) throws -> Bool {
    try check(rowidA, keysA)
    try check(rowidB, keysB)
    let key = keysA[Int(rowidA)]
    return key == keysB[Int(rowidB)] && key != Self.unknown
  }

  /// Whether the other catalogue has the object of a source, be it a candidate or not.
  /// - Throws: `StoreError.damaged` for a rowid that no source has.
  func hasCounterpart(isA: Bool, rowid: Int64) throws -> Bool {
    try check(rowid, isA ? keysA : keysB)
    return (isA ? hasCounterpartA : hasCounterpartB)[Int(rowid)]
  }

  private func check(_ rowid: Int64, _ keys: [Int64]) throws {
    guard rowid >= 0, rowid < Int64(keys.count) else {
      throw StoreError(
        .damaged, "calibrate",
        "finds rowid \(rowid) in the results of catalogues of \(keys.count) sources; run `xmdb verify`")
    }
  }

  /// How many sources of a have a counterpart, whole and by group.
  func counterparts(_ groups: SourceGroups, _ magnitudes: inout MagnitudesByRowid) throws -> Grouped<Int64> {
    var counts = Grouped(Int64(0), groups)
    for (rowid, hasOne) in hasCounterpartA.enumerated() where hasOne {
      let magnitude = try magnitudes.bin(ofRowid: Int64(rowid))
      counts.update(rowidA: Int64(rowid), magnitude: magnitude, groups) { $0 += 1 }
    }
    return counts
  }

  private static func read(
    _ database: SkyDatabase, _ info: CatalogueInfo, _ column: String, _ check: () throws -> Void
  ) throws -> [Int64] {
    var keys: [Int64] = []
    keys.reserveCapacity(Int(info.rows))
    for shard in info.shards {
      try check()
      let rows = try WideShard(shard.file(in: database)).rows(.all, columns: [column], condition: nil)
      while try rows.step() { keys.append(try key(rows, info, column)) }
    }
    guard keys.count == Int(info.rows) else {
      throw StoreError(
        .damaged, info.name, "has \(keys.count) sources, not \(info.rows); run `xmdb verify \(info.name)`")
    }
    return keys
  }

  private static func key(_ row: Statement, _ info: CatalogueInfo, _ column: String) throws -> Int64 {
    switch row.type(0) {
    case .null: return unknown
    case .integer: return row.int64(0)
    case .text: return Int64(bitPattern: row.withBytes(0, Fingerprint.hash64))
    case .real, .blob:
      throw StoreError(
        .usage, "--truth", "column \(column) of \(info.name) holds real numbers or blobs; allowed: integers or text")
    }
  }

  private static func found(_ keys: [Int64], in others: [Int64], _ check: () throws -> Void) throws -> [Bool] {
    let sorted = others.sorted()
    try check()
    return keys.map { key in
      let place = sorted.binarySearch { $0 >= key }
      return place < sorted.count && sorted[place] == key && key != unknown
    }
  }
}
