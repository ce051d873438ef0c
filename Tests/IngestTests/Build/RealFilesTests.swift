import Formats
import Ingest
import Testing

/// The real cones, against what is known of them from elsewhere.
@Suite(.enabled(if: SharedFiles.haveReal, "../shared/real is not here"))
struct RealFilesTests {
  private func range(_ source: TableSource, _ name: String) throws -> (low: Double, high: Double, missing: Int) {
    var (low, high, missing) = (Double.infinity, -Double.infinity, 0)
    try source.forEachBatch(columns: [source.index(of: name)!]) { batch in
      guard case .float64(let values) = batch.columns[0].values else { return }
      for row in values.indices {
        guard batch.columns[0].validity.isPresent(row), !values[row].isNaN else {
          missing += 1
          continue
        }
        low = min(low, values[row])
        high = max(high, values[row])
      }
    }
    return (low, high, missing)
  }

  @Test func countsAndColumns() throws {
    let gaia = try TableSource(paths: [SharedFiles.real("gaia.parquet")!])
    let catwise = try TableSource(paths: [SharedFiles.real("catwise.parquet")!])
    #expect(gaia.rowCount == 13_128)
    #expect(catwise.rowCount == 47_697)
    #expect(gaia.columns.count == 18)
    #expect(catwise.columns.count == 13)
    #expect(gaia.columns[1].name == "designation" && gaia.columns[1].type == .text)
  }

  @Test(arguments: ["gaia.parquet", "catwise.parquet"]) func positionsLieInTheCone(_ name: String) throws {
    let source = try TableSource(paths: [SharedFiles.real(name)!])
    let ra = try range(source, "ra")
    let dec = try range(source, "dec")
    #expect(ra.missing == 0 && dec.missing == 0)
    #expect(ra.low > 50 && ra.high < 78)
    #expect(dec.low > -87.7 && dec.high < -86.3)
    #expect(try range(source, "pos_err").low > 0)
  }

  @Test func everyRowIsSoundAndInCanonicalUnits() throws {
    for (name, epoch) in [("gaia.parquet", 2016.0), ("catwise.parquet", 2015.4)] {
      let source = try TableSource(paths: [SharedFiles.real(name)!])
      let roles = try RoleAssignment(recognising: source.columns)
      try roles.requireComplete(subject: name)
      #expect(roles.warnings.isEmpty, "\(roles.warnings)")
      #expect(roles.epochYears == epoch)
      var geometry = SourceGeometry(roles)
      var sound: Int64 = 0
      try source.forEachBatch { batch in
        geometry.load(batch)
        sound += Int64(geometry.verdicts.count { $0 == .ok })
        #expect(
          geometry.covarianceXX.allSatisfy { $0 > 1e-11 && $0 < 25 },
          "\(geometry.covarianceXX.min()!) \(geometry.covarianceXX.max()!)")
        if !geometry.pmRA.isEmpty { #expect(geometry.pmRA.allSatisfy { $0.isNaN || abs($0) < 3000 }) }
      }
      #expect(sound == source.rowCount)
    }
  }
}
