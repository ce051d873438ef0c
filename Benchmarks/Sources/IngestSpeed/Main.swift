import CSQLiteBoot
import CatalogStore
import Foundation
import Ingest

// Ingest beside a bare prepared-statement loop that inserts the same columns of the same file, one after the other in
// one process, one thread each. Prints key=value lines.
//   IngestSpeed FILE [ROUNDS]

/// The file's rows as SQLite values, in memory before the clock starts: the loop pays for binding and inserting alone.
struct Rows {
  enum Column {
    case integer([Int64?])
    case real([Double?])
    case text([String?])
  }

  var columns: [Column] = []
  var count = 0

  init(_ source: ParquetSource) throws {
    for column in source.columns {
      switch column.type {
      case .float64, .float32: columns.append(.real([]))
      case .text: columns.append(.text([]))
      default: columns.append(.integer([]))
      }
    }
    try source.forEachBatch { batch in
      count += batch.rowCount
      for index in batch.columns.indices { append(batch.columns[index], batch.rowCount, to: &columns[index]) }
    }
  }

  private func append(_ buffer: ColumnBuffer, _ rows: Int, to column: inout Column) {
    func values<Value>(_ value: (Int) -> Value) -> [Value?] {
      (0..<rows).map { buffer.validity.isPresent($0) ? value($0) : nil }
    }
    switch (column, buffer.values) {
    case (.integer(var list), .int64(let v)): list += values { v[$0] }; column = .integer(list)
    case (.integer(var list), .uint64(let v)): list += values { Int64(bitPattern: v[$0]) }; column = .integer(list)
    case (.integer(var list), .bool(let v)): list += values { Int64(v[$0]) }; column = .integer(list)
    case (.real(var list), .float64(let v)): list += values { v[$0] }; column = .real(list)
    case (.real(var list), .float32(let v)): list += values { Double(v[$0]) }; column = .real(list)
    case (.text(var list), .text(let v)): list += values { v.string($0) }; column = .text(list)
    default: fatalError("a column of a kind that this benchmark does not insert")
    }
  }
}

func bareInsert(_ rows: Rows, names: [String], path: String) throws -> Double {
  let start = Program.seconds()
  let connection = try Connection(path: path, mode: .bulk)
  let columns = names.map(SQLText.identifier).joined(separator: ", ")
  try connection.execute("BEGIN; CREATE TABLE source (\(columns))")
  let marks = names.map { _ in "?" }.joined(separator: ", ")
  let insert = try connection.prepare("INSERT INTO source VALUES (\(marks))")
  for row in 0..<rows.count {
    for (index, column) in rows.columns.enumerated() {
      switch column {
      case .integer(let list): insert.bind(index + 1, list[row])
      case .real(let list): insert.bind(index + 1, list[row])
      case .text(let list): insert.bind(index + 1, list[row])
      }
    }
    _ = try insert.step()
    insert.reset()
  }
  try connection.execute("COMMIT")
  return Program.seconds() - start
}

func ingest(_ path: String, into folder: String, threads: Int) throws -> Double {
  let start = Program.seconds()
  var options = IngestOptions(paths: [path])
  options.name = "bench"
  options.threads = threads
  let database = try SkyDatabase.openOrCreate(at: folder)
  _ = try IngestDriver(plan: IngestPlan(options)).run(into: database)
  return Program.seconds() - start
}

@main struct IngestSpeed {
  static func main() throws {
    guard CommandLine.arguments.count >= 2 else {
      print("usage: IngestSpeed FILE [ROUNDS]")
      exit(2)
    }
    _ = xsql_bootstrap()
    let path = CommandLine.arguments[1]
    let rounds = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 3 : 3
    let source = try ParquetSource(paths: [path])
    let rows = try Rows(source)
    let names = source.columns.map(\.name)
    let folder = NSTemporaryDirectory() + "xmdb-ingest-speed-\(getpid())"
    try FileSystem.createDirectories(folder)
    defer { try? FileSystem.remove(folder) }
    var best = (bare: Double.infinity, one: Double.infinity, two: Double.infinity)
    for _ in 0..<rounds {
      try FileSystem.remove(folder + "/bare.sqlite")
      best.bare = min(best.bare, try bareInsert(rows, names: names, path: folder + "/bare.sqlite"))
      for threads in 1...2 {
        try FileSystem.remove(folder + "/sky.xmdb")
        let seconds = try ingest(path, into: folder + "/sky.xmdb", threads: threads)
        if threads == 1 { best.one = min(best.one, seconds) } else { best.two = min(best.two, seconds) }
      }
    }
    let n = Double(rows.count)
    print("rows=\(rows.count) columns=\(names.count)")
    print("bare_rows_per_s=\(Int(n / best.bare))")
    print("ingest_1_thread_rows_per_s=\(Int(n / best.one)) ratio=\(best.bare / best.one)")
    print("ingest_2_threads_rows_per_s=\(Int(n / best.two)) ratio=\(best.bare / best.two)")
  }
}
