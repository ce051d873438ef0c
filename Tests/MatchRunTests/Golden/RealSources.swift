import Formats
import Ingest

/// Columns of a real cone, straight from its file.
struct RealSources {
  let ids: [Int64]
  let ra: [Double]
  let dec: [Double]
  let sigmaArcsec: [Double]
  let bestBand: [Int]
  /// By band asked for, NaN where not measured.
  let magnitudes: [[Double]]
  let index: [Int64: Int]

  init(path: String, id: String, bands: [String] = []) throws {
    let source = try TableSource(paths: [path])
    let columns = ([id, "ra", "dec", "pos_err", "bestIndex"] + bands).map { source.index(of: $0)! }
    var ids: [Int64] = []
    var numbers: [[Double]] = Array(repeating: [], count: columns.count - 1)
    try source.forEachBatch(columns: columns) { batch in
      for row in 0..<batch.rowCount {
        if case .int64(let values) = batch.columns[0].values { ids.append(values[row]) }
        for column in 1..<columns.count { numbers[column - 1].append(Self.number(batch.columns[column], row)) }
      }
    }
    self.ids = ids
    (ra, dec, sigmaArcsec) = (numbers[0], numbers[1], numbers[2])
    bestBand = numbers[3].map { Int($0) }
    magnitudes = Array(numbers[4...])
    index = Dictionary(uniqueKeysWithValues: ids.enumerated().map { ($1, $0) })
  }

  private static func number(_ column: ColumnBuffer, _ row: Int) -> Double {
    guard column.validity.isPresent(row) else { return .nan }
    return switch column.values {
    case .float64(let values): values[row]
    case .float32(let values): Double(values[row])
    case .int64(let values): Double(values[row])
    default: .nan
    }
  }
}
