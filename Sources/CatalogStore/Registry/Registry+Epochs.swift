/// The median of the epochs of a generation's rows.
extension Registry {
  /// Records it with a generation that is being published.
  func recordMedianEpoch(_ years: Double?, of generation: Int64) throws {
    try run("UPDATE generation SET median_epoch_yr = ? WHERE id = ?") {
      $0.bind(1, years)
      $0.bind(2, generation)
    }
  }

  /// Nil when it is unknown, or all rows have one epoch.
  func medianEpoch(of generation: Int64) throws -> Double? {
    let statement = try connection.prepare("SELECT median_epoch_yr FROM generation WHERE id = ?")
    statement.bind(1, generation)
    return try statement.step() ? statement.optionalDouble(0) : nil
  }
}
