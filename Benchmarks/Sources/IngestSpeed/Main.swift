import CSQLiteBoot
import CatalogStore
import Formats
import Foundation
import Ingest

// Ingest beside a bare prepared-statement loop that inserts the same columns of the same file, one after the other in
// one process, one thread each. Prints rates and their ratio.
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

  init(_ source: TableSource) throws {
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

/// Wall and processor seconds of a piece of work.
struct Cost {
  var wall = Double.infinity
  var cpu = Double.infinity

  static func of(_ work: () throws -> Void) rethrows -> Cost {
    let (wall, cpu) = (Program.seconds(), processorSeconds())
    try work()
    return Cost(wall: Program.seconds() - wall, cpu: processorSeconds() - cpu)
  }

  mutating func improve(_ other: Cost) { self = Cost(wall: min(wall, other.wall), cpu: min(cpu, other.cpu)) }

  private static func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) * 1e-6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}

func bareInsert(_ rows: Rows, names: [String], path: String) throws {
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
}

func ingest(_ path: String, into folder: String, threads: Int) throws {
  var options = IngestOptions(paths: [path])
  options.name = "bench"
  options.threads = threads
  let database = try SkyDatabase.openOrCreate(at: folder)
  _ = try IngestDriver(plan: IngestPlan(options)).run(into: database)
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
    let source = try TableSource(paths: [path])
    let rows = try Rows(source)
    let names = source.columns.map(\.name)
    let folder = NSTemporaryDirectory() + "xmdb-ingest-speed-\(getpid())"
    try FileSystem.createDirectories(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var (bare, one, two) = (Cost(), Cost(), Cost())
    for _ in 0..<rounds {
      try? FileManager.default.removeItem(atPath: folder + "/bare.sqlite")
      bare.improve(try Cost.of { try bareInsert(rows, names: names, path: folder + "/bare.sqlite") })
      for threads in 1...2 {
        try? FileManager.default.removeItem(atPath: folder + "/sky.xmdb")
        let cost = try Cost.of { try ingest(path, into: folder + "/sky.xmdb", threads: threads) }
        if threads == 1 { one.improve(cost) } else { two.improve(cost) }
      }
    }
    print("rows=\(rows.count) columns=\(names.count)")
    for (name, cost) in [("bare_loop", bare), ("ingest_1_thread", one), ("ingest_2_threads", two)] {
      print(
        "\(name): \(Int(Double(rows.count) / cost.wall)) rows/s wall (\(percent(bare.wall / cost.wall)) of the bare loop), "
          + "\(Int(Double(rows.count) / cost.cpu)) rows/cpu-s (\(percent(bare.cpu / cost.cpu)))")
    }
  }

  static func percent(_ ratio: Double) -> String { "\(Int((ratio * 100).rounded())) %" }
}
