import CSQLiteBoot
import CatalogStore
import Foundation
import MatchRun

// A match without the registry, on one thread: what share of it each stage has, beside a bare loop that inserts the same rows.
//   MatchSpeed DATABASE A B [ROUNDS]

/// Matches and writes every chunk into a folder.
func run(_ plan: MatchPlan, into folder: String) throws -> StageClock {
  var matcher = ChunkMatcher(LiveMatch(plan))
  var files = StageClock()
  for chunk in plan.chunks {
    let result = try matcher.match(chunk)
    let path = "\(folder)/\(chunk.position).sqlite"
    try? FileManager.default.removeItem(atPath: path)
    files.restart()
    _ = try ResultShardWriter.write(result, to: path, clock: &files)
  }
  return matcher.clock + files
}

/// Processor seconds for inserting the rows of all chunks with one prepared statement a table, without indices.
func insertBare(_ plan: MatchPlan, from folder: String) throws -> Double {
  var seconds = 0.0
  for chunk in plan.chunks {
    let target = try Connection(path: "\(folder)/bare-\(chunk.position).sqlite", mode: .bulk)
    for table in ResultTable.allCases {
      let rows = try Rows(table, of: "\(folder)/\(chunk.position).sqlite")
      seconds += try rows.insert(into: target)
    }
  }
  return seconds
}

/// The rows of one table in memory.
struct Rows {
  let table: ResultTable
  var types: [ValueType] = []
  var integers: [Int64] = []
  var reals: [Double] = []
  var texts: [String] = []

  init(_ table: ResultTable, of path: String) throws {
    self.table = table
    let source = try Connection(path: path, mode: .immutable).prepare("SELECT * FROM \(table.rawValue)")
    while try source.step() {
      for column in table.columns.indices {
        types.append(source.type(column))
        switch source.type(column) {
        case .integer: integers.append(source.int64(column))
        case .real: reals.append(source.double(column))
        case .text: texts.append(source.text(column))
        case .null, .blob: break
        }
      }
    }
  }

  func insert(into target: Connection) throws -> Double {
    let names = table.columns.map { "\($0.name) \($0.kind.rawValue)" }.joined(separator: ", ")
    let marks = table.columns.map { _ in "?" }.joined(separator: ", ")
    let start = cpuSeconds()
    try target.execute("CREATE TABLE \(table.rawValue) (\(names)); BEGIN")
    let statement = try target.prepare("INSERT INTO \(table.rawValue) VALUES (\(marks))")
    var (integer, real, text) = (integers.makeIterator(), reals.makeIterator(), texts.makeIterator())
    for first in stride(from: 0, to: types.count, by: table.columns.count) {
      for column in table.columns.indices {
        switch types[first + column] {
        case .integer: statement.bind(column + 1, integer.next()!)
        case .real: statement.bind(column + 1, real.next()!)
        case .text: statement.bind(column + 1, text.next()!)
        case .null, .blob: statement.bindNull(column + 1)
        }
      }
      try statement.run()
    }
    try target.execute("COMMIT")
    return cpuSeconds() - start
  }
}

func cpuSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    * 1e-6
}

func report(_ clock: StageClock, bare: Double, sources: Double) {
  let sum = clock.total
  for stage in MatchStage.allCases {
    let seconds = clock.seconds[stage] ?? 0
    let name = stage.rawValue.padding(toLength: 12, withPad: " ", startingAt: 0)
    print(String(format: "\(name) %6.3f us/source  %5.1f %%", seconds / sources * 1e6, seconds / sum * 100))
  }
  print(
    String(
      format: "all stages   %6.3f us/source: %.0f sources per processor second", sum / sources * 1e6, sources / sum))
  print(String(format: "bare inserts %6.3f us/source of the same rows, without indices", bare / sources * 1e6))
}

@main struct MatchSpeed {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 4 else {
      print("usage: MatchSpeed DATABASE A B [ROUNDS]")
      exit(2)
    }
    _ = xsql_bootstrap()
    let rounds = arguments.count > 4 ? Int(arguments[4]) ?? 3 : 3
    let folder = NSTemporaryDirectory() + "xmdb-match-speed-\(getpid())"
    try FileSystem.createDirectories(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // A plan keeps what was measured for it.
    func makePlan() throws -> MatchPlan {
      try MatchPlan(database: SkyDatabase.open(at: arguments[1]), a: arguments[2], b: arguments[3])
    }
    var plan = try makePlan()
    var best: StageClock?
    for _ in 0..<rounds {
      plan = try makePlan()
      let clock = try run(plan, into: folder)
      if clock.total < best?.total ?? .infinity { best = clock }
    }
    print("\(plan.a.rows) + \(plan.b.rows) sources, \(plan.chunks.count) chunks, best of \(rounds)")
    report(best!, bare: try insertBare(plan, from: folder), sources: Double(plan.a.rows + plan.b.rows))
  }
}
