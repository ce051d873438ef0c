import CSQLiteBoot
import CatalogStore
import Foundation
import Ingest

// The narrow form of a catalogue beside a row-by-row scan of the same columns, one thread, same files.
//   NarrowScan FILE.parquet [ROUNDS]

func cpuSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    * 1e-6
}

/// Processor seconds for the narrow columns of every shard, and a sum that depends on all of them.
func narrow(_ database: SkyDatabase, _ info: CatalogueInfo) throws -> (seconds: Double, sum: Double) {
  let start = cpuSeconds()
  var sum = 0.0
  for shard in info.shards {
    var sources = SourceColumns(layout: info.layout)
    try ShardReader(shard.file(in: database), layout: info.layout).read(.wholeSky, into: &sources)
    for column in sources.columns { sum += column[column.count - 1] }
  }
  return (cpuSeconds() - start, sum)
}

/// The same number of columns of the same rows through SQL.
func rows(_ database: SkyDatabase, _ info: CatalogueInfo) throws -> (seconds: Double, sum: Double) {
  let names = info.roles.compactMap(\.column).prefix(info.layout.width).map(SQLText.identifier).joined(separator: ", ")
  let start = cpuSeconds()
  var sum = 0.0
  for shard in info.shards {
    let statement = try shard.file(in: database).open().prepare(
      "SELECT xm_healpix29, \(names) FROM source ORDER BY xm_rowid")
    var columns = [[Double]](repeating: [], count: statement.columnCount)
    while try statement.step() {
      for column in columns.indices { columns[column].append(statement.double(column)) }
    }
    for column in columns { sum += column[column.count - 1] }
  }
  return (cpuSeconds() - start, sum)
}

/// Processor seconds for reading all pages of a table, with or without their checksums.
func pages(_ database: SkyDatabase, _ info: CatalogueInfo, _ table: String, checked: Bool) throws -> Double {
  let start = cpuSeconds()
  for shard in info.shards {
    let file = shard.file(in: database)
    let connection = try checked ? file.open() : Connection(path: file.path, mode: .immutable)
    let statement = try connection.prepare("SELECT * FROM \(table)")
    while try statement.step() {
      for column in 0..<statement.columnCount { _ = statement.withBytes(column) { $0.count } }
    }
  }
  return cpuSeconds() - start
}

@main struct NarrowScan {
  static func main() throws {
    guard CommandLine.arguments.count >= 2 else {
      print("usage: NarrowScan FILE.parquet [ROUNDS]")
      exit(2)
    }
    _ = xsql_bootstrap()
    let rounds = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 3 : 3
    let folder = NSTemporaryDirectory() + "xmdb-narrow-scan-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let database = try SkyDatabase.openOrCreate(at: folder)
    var options = IngestOptions(paths: [CommandLine.arguments[1]])
    options.name = "bench"
    let info = try IngestDriver(plan: IngestPlan(options)).run(into: database).catalogue
    var best = (narrow: Double.infinity, rows: Double.infinity)
    for _ in 0..<rounds {
      best.narrow = min(best.narrow, try narrow(database, info).seconds)
      best.rows = min(best.rows, try rows(database, info).seconds)
    }
    var checks: [String: (checked: Double, plain: Double)] = [:]
    for table in ["block", "source"] {
      var best = (checked: Double.infinity, plain: Double.infinity)
      for _ in 0..<rounds {
        best.checked = min(best.checked, try pages(database, info, table, checked: true))
        best.plain = min(best.plain, try pages(database, info, table, checked: false))
      }
      checks[table] = best
    }
    let n = Double(info.rows)
    print(
      "\(info.rows) sources, \(info.layout.width) columns, \(info.shards.count) shards, \(info.bytes / info.rows) bytes a source"
    )
    print(
      "narrow form: \(Int(n / best.narrow)) rows/cpu-s, row scan: \(Int(n / best.rows)) rows/cpu-s, ratio \(best.rows / best.narrow)"
    )
    for (table, best) in checks.sorted(by: { $0.key < $1.key }) {
      print(
        "\(table): \(Int(n / best.checked)) rows/cpu-s with checksums of pages, \(Int(n / best.plain)) without, "
          + "ratio \(best.checked / best.plain)")
    }
  }
}
