import CatalogStore

/// The sources on which our runs and the other program can be compared: not those that it rejected, nor those with a pair
/// on the other side of its inexact cut.
struct GoldenJudged {
  private var excludedA: Set<Int64>
  private var excludedB: Set<Int64>

  init(_ folder: String) throws {
    (excludedA, excludedB) = try Golden.rejected(folder)
    for edge in try Golden.edges() where (edge.acceptedCDF != nil) != (edge.exactCDF < 0.999) {
      excludedA.insert(edge.pair.a)
      excludedB.insert(edge.pair.b)
    }
  }

  func coversA(_ id: Int64) -> Bool { !excludedA.contains(id) }
  func coversB(_ id: Int64) -> Bool { !excludedB.contains(id) }
  func covers(_ pair: Golden.Pair) -> Bool { coversA(pair.a) && coversB(pair.b) }
}

extension Golden {
  /// The matched pairs of a run with the probability of the best pairing.
  static func matches(_ database: SkyDatabase, run: Int64) throws -> [Pair: Double] {
    var result: [Pair: Double] = [:]
    for chunk in try database.registry().chunks(of: run) {
      let rows = try ResultReader(database: database, chunk: chunk).rows(.matches)
      while try rows.step() { result[Pair(a: rows.int64(0), b: rows.int64(1))] = rows.double(6) }
    }
    return result
  }
}
