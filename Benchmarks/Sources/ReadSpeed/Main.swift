import CSQLiteBoot
import Formats

// Reads all values of a table, and nothing else, on one thread: what an ingest does before it judges, sorts and writes.
//   ReadSpeed FILE

/// Touches every value, so that none is left undecoded.
struct Digest {
  private(set) var rows = 0
  private(set) var bits: UInt64 = 0

  mutating func take(_ batch: borrowing RecordBatch) {
    rows += batch.rowCount
    for column in batch.columns {
      switch column.values {
      case .int64(let values): for row in 0..<batch.rowCount { bits &+= UInt64(bitPattern: values[row]) }
      case .uint64(let values): for row in 0..<batch.rowCount { bits &+= values[row] }
      case .float64(let values): for row in 0..<batch.rowCount { bits &+= values[row].bitPattern }
      case .float32(let values): for row in 0..<batch.rowCount { bits &+= UInt64(values[row].bitPattern) }
      case .bool(let values): for row in 0..<batch.rowCount { bits &+= UInt64(values[row]) }
      case .text(let strings), .binary(let strings):
        for row in 0..<batch.rowCount { bits &+= UInt64(strings[row].count) }
      }
    }
  }
}

@main struct ReadSpeed {
  static func main() throws {
    _ = xsql_bootstrap()
    guard CommandLine.arguments.count == 2 else { return print("usage: ReadSpeed FILE") }
    let source = try TableSource(paths: [CommandLine.arguments[1]])
    var digest = Digest()
    try source.forEachBatch { batch in digest.take(batch) }
    print("rows=\(digest.rows) columns=\(source.columns.count) digest=\(digest.bits)")
  }
}
