import Foundation
import Indexing
import Match
import Survivors
import Testing
import XMDBTestSupport

/// The report's photometric densities and their use, against another program fed with the same edges, circles and field.
@Suite(.enabled(if: Golden.isPresent, "../shared/golden is absent"))
struct GoldenPhotometryTests {
  private let golden: GoldenPhotometry
  private let densities: [[BandPairDensities]]

  init() throws {
    golden = try GoldenPhotometry.shared.get()
    densities = golden.counts.estimate(areaDegrees2: golden.areaDegrees2, options: .report)
  }

  @Test func binsAreIdentical() throws {
    for (band, name) in GoldenPhotometry.bandsA.enumerated() {
      #expect(golden.counts.design.binsA[band].edges == (try GoldenPhotometry.binEdges(name)))
    }
    for (band, name) in GoldenPhotometry.bandsB.enumerated() {
      #expect(golden.counts.design.binsB[band].edges == (try GoldenPhotometry.binEdges(name)))
    }
  }

  @Test func priorsOfAllBandPairsAgreeToAThousandth() throws {
    let expected = try Golden.priors("photometry")
    var worst = 0.0
    for (a, nameA) in GoldenPhotometry.namesA.enumerated() {
      for (b, nameB) in GoldenPhotometry.bandsB.enumerated() {
        let found = try densities[a][b].priors.get().priors
        let golden = try #require(expected[[nameA, nameB]])
        let errors = [
          found.counterpartsPerDegree2 / golden.counterparts - 1, found.unmatchedAPerDegree2 / golden.a - 1,
          found.unmatchedBPerDegree2 / golden.b - 1,
        ]
        for error in errors { worst = max(worst, abs(error)) }
      }
    }
    print("largest relative difference of a prior: \(worst)")
    #expect(worst <= 1e-3)
  }

  @Test func fieldDensitiesAgreeToAThousandthOfTheirPeak() throws {
    var worst = 0.0
    for (a, nameA) in GoldenPhotometry.bandsA.enumerated() {
      for (b, nameB) in GoldenPhotometry.bandsB.enumerated() {
        worst = max(
          worst,
          difference(densities[a][b].fieldA, try GoldenPhotometry.fieldDensity("gaia", nameA, nameB)),
          difference(densities[a][b].fieldB, try GoldenPhotometry.fieldDensity("catwise", nameA, nameB)))
      }
    }
    print("largest difference of f: \(worst) of its peak")
    #expect(worst <= 1e-3)
  }

  @Test func counterpartDensityAgreesToAThousandthOfItsPeak() throws {
    let found = densities[1][0]
    var expected = [Double](repeating: 0, count: found.counterparts.count)
    for row in try Golden.rows("photometry/counterpart_density_G_W1.csv") {
      let cell = Int(row["gaia_G_bin"]!)! * found.binsB.count + Int(row["catwise_W1_bin"]!)!
      expected[cell] = Double(row["c_per_mag2"]!)!
    }
    let worst = difference(found.counterparts, expected)
    print("largest difference of c: \(worst) of its peak")
    #expect(worst <= 1e-3)
  }

  private func difference(_ found: [Double], _ expected: [Double]) -> Double {
    #expect(found.count == expected.count)
    return zip(found, expected).map { abs($0 - $1) }.max()! / expected.max()!
  }

  /// The islands the program tells of, with all pairs of an island, as it pairs them.
  ///
  /// Its sum on a grid of spacing h adds 2πh²/24 to every G. For bright stars, of which there are few per square
  /// degree, even that is something: with exact G, one island in ninety differs by more than 0.001 because of it.
  @Test(arguments: [(false, 0.985), (true, 0.999)])
  func pairsAndProbabilitiesOfItsIslandsAgree(withItsGrid: Bool, share: Double) throws {
    let answers = try Answers()
    let added = withItsGrid ? golden.gridErrorPerDegree2 : 0
    var (same, compared) = (0, 0)
    var differences: [Double] = []
    for island in try Golden.islands("photometry") {
      let solution = IslandSolver.solve(problem(island, added))
      let partners = solution.partnerOfA.map { $0 < 0 ? nil : island.b[Int($0)] }
      for (row, a) in island.a.enumerated() {
        guard let answer = answers.a[a] else { continue }
        compared += 1
        if answer.partner != partners[row] { continue }
        same += 1
        differences.append(abs(solution.bestProbability - answer.p))
      }
      for (column, b) in island.b.enumerated() {
        guard let p = answers.loneB[b] else { continue }
        compared += 1
        if solution.partnerOfB[column] >= 0 { continue }
        same += 1
        differences.append(abs(solution.bestProbability - p))
      }
    }
    differences.sort()
    let close = differences.count { $0 <= 1e-3 }
    print(
      "added to G: \(added); islands: \(same) of \(compared) the same; |ΔP| ≤ 1e-3 for \(close), largest \(differences.last!)"
    )
    #expect(compared > 3500)
    #expect(Double(same) >= 0.999 * Double(compared))
    #expect(Double(close) >= share * Double(differences.count))
  }

  /// The program's answer by source: the partner, if any, and the probability of the island.
  private struct Answers {
    var a: [Int64: (partner: Int64?, p: Double)] = [:]
    var loneB: [Int64: Double] = [:]

    init() throws {
      for (pair, p) in try Golden.matches("photometry") { a[pair.a] = (pair.b, p) }
      for row in try Golden.rows("photometry/nonmatches_gaia.csv") {
        a[Int64(row["gaia_source_id"]!)!] = (nil, Double(row["nonmatch_p"]!)!)
      }
      for row in try Golden.rows("photometry/nonmatches_catwise.csv") {
        loneB[Int64(row["catwise_cntr"]!)!] = Double(row["nonmatch_p"]!)!
      }
    }
  }

  private func problem(_ island: (a: [Int64], b: [Int64]), _ added: Double) -> IslandProblem {
    var problem = IslandProblem(aCount: island.a.count, bCount: island.b.count)
    for (row, a) in island.a.enumerated() {
      for (column, b) in island.b.enumerated() {
        let ratio = logRatio(golden.gaia.index[a]!, golden.catwise.index[b]!, added)
        problem.add(row: Int32(row), column: Int32(column), logRatio: ratio)
      }
    }
    return problem
  }

  /// Pair terms with the bands of the pair, field terms with the first band of the other catalogue.
  private func logRatio(_ i: Int, _ j: Int, _ added: Double) -> Double {
    let (gaia, catwise) = (golden.gaia, golden.catwise)
    let (bandA, bandB) = (gaia.bestBand[i], catwise.bestBand[j])
    let (pair, ofA, ofB) = (densities[bandA][bandB], densities[bandA][0], densities[0][bandB])
    let priors = PriorDensities(
      counterpartsPerDegree2: priors(pair).counterpartsPerDegree2,
      unmatchedAPerDegree2: priors(ofA).unmatchedAPerDegree2,
      unmatchedBPerDegree2: priors(ofB).unmatchedBPerDegree2)
    let distance = separation(
      ra1Degrees: gaia.ra[i], dec1Degrees: gaia.dec[i], ra2Degrees: catwise.ra[j], dec2Degrees: catwise.dec[j])
    let covariance =
      PositionCovariance(circularSigmaArcsec: gaia.sigmaArcsec[i])
      + PositionCovariance(circularSigmaArcsec: catwise.sigmaArcsec[j])
    let logDensity = GaussianAUF.logDensity(dxArcsec: distance.arcseconds, dyArcsec: 0, covariance: covariance)
    let binA = pair.binsA.index(of: gaia.magnitudes[bandA][i])!
    let binB = pair.binsB.index(of: catwise.magnitudes[bandB][j])!
    return PairQuantities.logRatio(logDensity: log(exp(logDensity) + added), priors: priors)
      + log(pair.counterparts(binA: binA, binB: binB)) - log(ofA.fieldA[binA]) - log(ofB.fieldB[binB])
  }

  private func priors(_ densities: BandPairDensities) -> PriorDensities { try! densities.priors.get().priors }
}
