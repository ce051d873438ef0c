import Foundation
import Indexing
import Match
import Testing
import XMDBTestSupport

/// The pairing alone against another program: its islands, its densities, exact Gaussians.
@Suite(.enabled(if: Golden.isPresent, "../shared/golden is absent"))
struct GoldenPairingTests {
  private let gaia: RealSources
  private let catwise: RealSources
  private let priors: [[String]: Golden.Priors]
  private static let bandsA = ["G_BP", "G", "G_RP"]
  private static let bandsB = ["W1", "W2"]

  init() throws {
    gaia = try RealSources(path: RealCones.folder! + "/gaia.parquet", id: "source_id")
    catwise = try RealSources(path: RealCones.folder! + "/catwise.parquet", id: "cntr")
    priors = try Golden.priors("no-photometry")
  }

  /// The residual is that program's own: its integrals are sums on a grid. 1e-4 is what is left of them at its finest grid.
  @Test func probabilitiesOfAllItsIslandsAgree() throws {
    let matches = try Golden.matches("no-photometry")
    var partners: [Int64: (b: Int64, p: Double)] = [:]
    for (pair, p) in matches { partners[pair.a] = (pair.b, p) }
    let lone = try loneProbabilities()
    var compared = 0
    var worst = 0.0
    for island in try Golden.islands("no-photometry") {
      let solution = IslandSolver.solve(problem(island))
      for (row, a) in island.a.enumerated() {
        if let expected = partners[a] {
          let column = Int(solution.partnerOfA[row])
          #expect(column >= 0 && island.b[column] == expected.b, "partner of \(a)")
          worst = max(worst, abs(solution.bestProbability - expected.p))
          compared += 1
        } else if let p = lone[a] {
          #expect(solution.partnerOfA[row] < 0, "\(a) has no partner there")
          worst = max(worst, abs(solution.bestProbability - p))
          compared += 1
        }
      }
    }
    #expect(worst <= 1e-4, "largest difference of probability \(worst) over \(compared) sources")
    #expect(compared > 8000)
    print("largest |ΔP| over \(compared) sources: \(worst)")
  }

  private func loneProbabilities() throws -> [Int64: Double] {
    try Dictionary(
      uniqueKeysWithValues: Golden.rows("no-photometry/nonmatches_gaia.csv").map {
        (Int64($0["gaia_source_id"]!)!, Double($0["nonmatch_p"]!)!)
      })
  }

  /// That program pairs all members of an island, and takes field densities with the first band of the other catalogue.
  private func problem(_ island: (a: [Int64], b: [Int64])) -> IslandProblem {
    var problem = IslandProblem(aCount: island.a.count, bCount: island.b.count)
    for (row, a) in island.a.enumerated() {
      for (column, b) in island.b.enumerated() {
        problem.add(row: Int32(row), column: Int32(column), logRatio: logRatio(gaia.index[a]!, catwise.index[b]!))
      }
    }
    return problem
  }

  private func logRatio(_ i: Int, _ j: Int) -> Double {
    let (bandA, bandB) = (Self.bandsA[gaia.bestBand[i]], Self.bandsB[catwise.bestBand[j]])
    let densities = PriorDensities(
      counterpartsPerDegree2: priors[[bandA, bandB]]!.counterparts,
      unmatchedAPerDegree2: priors[[bandA, Self.bandsB[0]]]!.a,
      unmatchedBPerDegree2: priors[[Self.bandsA[0], bandB]]!.b)
    let distance = separation(
      ra1Degrees: gaia.ra[i], dec1Degrees: gaia.dec[i], ra2Degrees: catwise.ra[j], dec2Degrees: catwise.dec[j])
    let covariance =
      PositionCovariance(circularSigmaArcsec: gaia.sigmaArcsec[i])
      + PositionCovariance(circularSigmaArcsec: catwise.sigmaArcsec[j])
    let logDensity = GaussianAUF.logDensity(dxArcsec: distance.arcseconds, dyArcsec: 0, covariance: covariance)
    return PairQuantities.logRatio(logDensity: logDensity, priors: densities)
  }
}
