import CSQLiteBoot
import CatalogStore
import Foundation
import Indexing
import ParquetFixture
import XMDBTestSupport

@testable import Ingest

/// A database of its own, files to ingest, and a way to look at all that a catalogue holds.
final class IngestLab {
  let workdir: Workdir
  let database: SkyDatabase

  init() throws {
    _ = xsql_bootstrap()
    workdir = try Workdir("ingest lab")
    database = try SkyDatabase.openOrCreate(at: workdir.path("sky.xmdb"))
  }

  /// Writes a Parquet file.
  @discardableResult
  func write(_ columns: [ParquetColumn], to name: String = "c.parquet", rowGroupRows: Int = 1 << 20) throws -> String {
    var options = ParquetFixture.Options()
    options.rowGroupRows = rowGroupRows
    try ParquetFixture.write(columns, to: workdir.path(name), options: options)
    return workdir.path(name)
  }

  /// Ingests files.
  @discardableResult
  func ingest(
    _ paths: [String], as name: String = "c", spillBytes: Int = 1 << 20, batchRows: Int? = nil,
    _ change: (inout IngestOptions) -> Void = { _ in }
  ) throws -> IngestDriver.Outcome {
    var options = IngestOptions(paths: paths)
    options.name = name
    change(&options)
    return try IngestDriver(
      plan: IngestPlan(options), sorting: IngestDriver.Sorting(spillBytes: spillBytes, batchRows: batchRows)
    ).run(into: database)
  }

  /// Everything a catalogue holds, one line a source, in rowid order: ids, numbers to the bit, wide values with their types.
  func contents(_ name: String = "c") throws -> [String] { try Self.contents(database, name) }

  static func contents(_ database: SkyDatabase, _ name: String = "c") throws -> [String] {
    let info = try database.registry().catalogue(name)
    let narrow = try CatalogueReader(database: database, info: info).sources(in: .wholeSky)
    guard narrow.rowid == Array(0..<info.rows) else { throw Flaw("the rowids are not 0 ..< \(info.rows)") }
    var lines: [String] = []
    for shard in info.shards {
      let path = database.path + "/" + shard.path
      try shard.file(in: database).check()
      guard shard.firstRowid == Int64(lines.count) else { throw Flaw("\(path) begins at rowid \(shard.firstRowid)") }
      let wide = try Connection(path: path, mode: .immutable).prepare("SELECT * FROM source ORDER BY xm_rowid")
      while try wide.step() {
        let rowid = lines.count
        let key = narrow.healpix29[rowid]
        guard wide.int(0) == rowid, wide.int64(1) == key, shard.pixel.contains(healpix29: key) else {
          throw Flaw("row \(rowid) of \(path) and the narrow form differ")
        }
        let numbers = narrow.columns.map { String($0[rowid].bitPattern, radix: 16) }.joined(separator: " ")
        let values = (2..<wide.columnCount).map { value(wide, $0) }.joined(separator: " | ")
        lines.append("\(rowid) \(key) \(narrow.ids.id(at: rowid)) : \(numbers) : \(values)")
      }
      guard Int64(lines.count) == shard.firstRowid + shard.rows else { throw Flaw("\(path) has \(lines.count) rows") }
    }
    return lines
  }

  /// A value with its type, to the bit.
  static func value(_ row: Statement, _ column: Int) -> String {
    switch row.type(column) {
    case .null: "NULL"
    case .integer: "\(row.int64(column))"
    case .real: "r" + String(row.double(column).bitPattern, radix: 16)
    case .text: "'\(row.text(column))'"
    case .blob: "x" + row.withBytes(column) { $0.map { String($0, radix: 16) }.joined(separator: ",") }
    }
  }

  /// The values of some columns of all sources, in rowid order.
  func values(_ name: String = "c", _ columns: String...) throws -> [[String]] {
    let info = try database.registry().catalogue(name)
    var rows: [[String]] = []
    for shard in info.shards {
      let names = columns.map { "source." + SQLText.identifier($0) }.joined(separator: ", ")
      let statement = try Connection(path: database.path + "/" + shard.path, mode: .immutable).prepare(
        "SELECT \(names) FROM source ORDER BY xm_rowid")
      while try statement.step() { rows.append(columns.indices.map { Self.value(statement, $0) }) }
    }
    return rows
  }

  struct Flaw: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }
}

extension ParquetColumn {
  /// The same column with its rows in another order, or only some of them.
  func reordered(_ order: [Int]) -> ParquetColumn {
    func pick<T>(_ values: [T]) -> [T] { order.map { values[$0] } }
    var column = self
    column.values =
      switch values {
      case .int8(let v): .int8(pick(v))
      case .int16(let v): .int16(pick(v))
      case .int32(let v): .int32(pick(v))
      case .int64(let v): .int64(pick(v))
      case .uint8(let v): .uint8(pick(v))
      case .uint16(let v): .uint16(pick(v))
      case .uint32(let v): .uint32(pick(v))
      case .uint64(let v): .uint64(pick(v))
      case .float16(let v): .float16(pick(v))
      case .float(let v): .float(pick(v))
      case .double(let v): .double(pick(v))
      case .doubles(let v): .doubles(pick(v))
      case .int64s(let v): .int64s(pick(v))
      case .bool(let v): .bool(pick(v))
      case .string(let v): .string(pick(v))
      case .largeString(let v): .largeString(pick(v))
      case .dictionary(let v): .dictionary(pick(v))
      case .binary(let v): .binary(pick(v))
      case .date(let v): .date(pick(v))
      case .timestamp(let v): .timestamp(pick(v))
      case .timestampUTC(let v): .timestampUTC(pick(v))
      case .time(let v): .time(pick(v))
      case .decimal(let v): .decimal(pick(v))
      case .digits(let v, let precision, let scale): .digits(pick(v), precision: precision, scale: scale)
      case .timestampSeconds(let v): .timestampSeconds(pick(v))
      case .duration(let v): .duration(pick(v))
      case .null: .null(count: order.count)
      case .list(let v): .list(pick(v))
      case .structure(let v): .structure(pick(v))
      }
    return column
  }
}
