internal import CatalogStore
internal import Indexing
internal import Match

/// The probabilities that a run has given to candidate pairs, edge by edge.
struct GivenProbabilities {
  /// `pair_p`; NaN where the run has no row.
  private(set) var photometric: [Double]
  /// `pair_p_without_photometry`, likewise.
  private(set) var positional: [Double]

  private static let columns = ["a_rowid", "b_rowid", "pair_p", "pair_p_without_photometry"].map(
    ResultTable.pairs.place)

  /// Reads the rows of the pairs of some sources of a.
  /// - Parameters:
  ///   - rowids: Of these sources.
  ///   - chunks: The result files that may hold them.
  init(
    _ sky: Neighbourhood, rowids: Range<Int64>, _ chunks: [RunChunk], _ database: SkyDatabase, stop: inout StopCheck
  ) throws {
    photometric = [Double](repeating: .nan, count: sky.edges.count)
    positional = photometric
    if rowids.isEmpty { return }
    let (rowidA, rowidB) = (sky.a.columns.rowid, sky.b.columns.rowid)
    let starts = Self.starts(sky.edges.a, count: sky.a.count)
    for chunk in chunks {
      let rows = try ResultReader(database: database, chunk: chunk).rows(
        .pairs, columns: Self.columns, where: "a_rowid >= ? AND a_rowid < ?"
      ) {
        $0.bind(1, rowids.lowerBound)
        $0.bind(2, rowids.upperBound)
      }
      while try rows.step() {
        try stop.after(steps: 8)
        let i = try Self.place(of: rows.int64(0), in: rowidA, chunk)
        let j = try Self.place(of: rows.int64(1), in: rowidB, chunk)
        let given = (try Self.probability(rows, 2, chunk), try Self.probability(rows, 3, chunk))
        // Where sources are crowded the wide search may have left out what the run has.
        guard let edge = sky.edges.b[starts[i]..<starts[i + 1]].firstIndex(of: Int32(j)) else { continue }
        (photometric[edge], positional[edge]) = given
      }
    }
  }

  private static func place(of rowid: Int64, in rowids: [Int64], _ chunk: RunChunk) throws -> Int {
    let place = rowids.binarySearch { $0 >= rowid }
    guard place < rowids.count, rowids[place] == rowid else {
      throw StoreError(
        .damaged, chunk.path,
        "holds a pair with a source of rowid \(rowid), which is not near the other; run `xmdb verify`")
    }
    return place
  }

  private static func probability(_ row: Statement, _ column: Int, _ chunk: RunChunk) throws -> Double {
    guard let value = row.optionalDouble(column), value >= 0, value <= 1 + 1e-9 else {
      throw StoreError(.damaged, chunk.path, "holds a probability that is none; run `xmdb verify`")
    }
    return value
  }

  private static func starts(_ sources: [Int32], count: Int) -> [Int] {
    var starts = [Int](repeating: 0, count: count + 1)
    for source in sources { starts[Int(source) + 1] += 1 }
    for source in 0..<count { starts[source + 1] += starts[source] }
    return starts
  }
}
