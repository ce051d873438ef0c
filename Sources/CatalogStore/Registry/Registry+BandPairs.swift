/// The densities of one band pair in one region of a run, deg⁻².
public struct RunBandPair: Sendable, Equatable {
  /// The band of a.
  public var bandA: String
  /// The band of b.
  public var bandB: String
  /// N_c.
  public var counterparts: Double
  /// Its 1-σ error; nil: the fit failed, and the densities are those of the main bands.
  public var counterpartsError: Double?
  /// N_A.
  public var unmatchedA: Double
  /// N_B.
  public var unmatchedB: Double

  /// Makes an entry; an error that is not a number is none.
  public init(
    bandA: String, bandB: String, counterparts: Double, counterpartsError: Double?, unmatchedA: Double,
    unmatchedB: Double
  ) {
    self.bandA = bandA
    self.bandB = bandB
    self.counterparts = counterparts
    self.counterpartsError = counterpartsError.flatMap { $0.isNaN ? nil : $0 }
    self.unmatchedA = unmatchedA
    self.unmatchedB = unmatchedB
  }
}

extension Registry {
  func insert(_ entry: RunBandPair, _ pair: Int, ofRegion position: Int, _ id: Int64) throws {
    try run("INSERT INTO run_band_pair VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)") {
      $0.bind(1, id)
      $0.bind(2, position)
      $0.bind(3, pair)
      $0.bind(4, entry.bandA)
      $0.bind(5, entry.bandB)
      $0.bind(6, entry.counterparts)
      $0.bind(7, entry.counterpartsError)
      $0.bind(8, entry.unmatchedA)
      $0.bind(9, entry.unmatchedB)
    }
  }

  /// The band pairs of a run by region.
  /// - Parameter condition: Of the table's rows; `?1` is the run.
  func bandPairs(_ condition: String, _ id: Int64) throws -> [Int: [RunBandPair]] {
    let entries = try rows(
      """
      SELECT position, band_a, band_b, n_c, n_c_error, n_a, n_b
      FROM (SELECT * FROM run_band_pair WHERE \(condition)) ORDER BY position, pair
      """, id
    ) { row in
      (
        row.int(0),
        RunBandPair(
          bandA: row.text(1), bandB: row.text(2), counterparts: row.double(3),
          counterpartsError: row.optionalDouble(4), unmatchedA: row.double(5), unmatchedB: row.double(6))
      )
    }
    return Dictionary(grouping: entries, by: \.0).mapValues { $0.map(\.1) }
  }
}
