/// The PSF that a survey profile stated of a generation.
extension Registry {
  /// Records it with a generation that is being published.
  func recordPSF(_ psf: String?, of generation: Int64) throws {
    try run("UPDATE generation SET psf = ? WHERE id = ?") {
      $0.bind(1, psf)
      $0.bind(2, generation)
    }
  }

  /// Nil when none was stated.
  func psf(of generation: Int64) throws -> String? {
    let statement = try connection.prepare("SELECT psf FROM generation WHERE id = ?")
    statement.bind(1, generation)
    return try statement.step() ? statement.optionalText(0) : nil
  }
}
