import Foundation
import Testing
import XMDBTestSupport

@testable import Match

/// Mixtures of Gaussians in place of laws.
@Suite struct PerturbedPairTests {
  struct Field {
    let tables: PerturbationTables
    let pointSpread: PointSpread
    let fit: MixtureFit

    init() throws {
      pointSpread = try Vectors.pointSpread()
      tables = try PerturbationTables(bins: NeighbourBins(depth: 6.5))
      fit = try MixtureFit(pointSpread)
    }

    func model(_ n16: Double, _ magnitude: Double, share: Double = 0.3) throws -> PerturbationModel {
      let neighbours = try Vectors.neighbours(n16, magnitude: magnitude, bins: tables.bins, pointSpread: pointSpread)
      return try tables.model(neighbours, pointSpread: pointSpread, fluxWeightedShare: share)
    }
  }

  @Test func exponentialsAndCirclesAgreeWithTheLibrary() {
    forEverySeed { rng in
      for _ in 0..<20_000 {
        let x = -rng.logUniform(1e-12, 690)
        #expect(abs(Exponentials.nonPositive(SIMD8(repeating: x))[3] / exp(x) - 1) < 4e-15, "\(x)")
        let angle = rng.uniform(-1, 1) * rng.logUniform(1e-6, 1e6)
        let (cosine, sine) = Exponentials.cosineAndSine(SIMD8(repeating: angle))
        #expect(max(abs(cosine[5] - cos(angle)), abs(sine[2] - sin(angle))) < 4e-16 * (1 + abs(angle)), "\(angle)")
      }
    }
    let special = Exponentials.nonPositive(SIMD8(0, -0.0, -1e308, -.infinity, .nan, 1, -700, -701))
    #expect(special[0] == 1 && special[1] == 1 && special[2] == 0 && special[3] == 0 && special[4] == 1)
    #expect(special[5] == 1 && special[6] > 0 && special[7] == 0)
  }

  @Test func mixturesKeepTheirStatedErrorAtEveryWidth() throws {
    let field = try Field()
    for (n16, magnitude) in [(300.0, 14.0), (5e3, 14), (5e3, 16), (3e4, 16)] {
      for share in [0.0, 0.5, 1] {
        let law = try field.model(n16, magnitude, share: share).law
        let (mixture, errors) = field.fit.fit(law)
        #expect(errors.density < 0.1 && errors.cumulative < 4e-3, "\(n16) \(magnitude) \(share): \(errors)")
        #expect(abs(mixture.total - 1) < 1e-12 && mixture.deltaWeight >= law.deltaWeight * (1 - 1e-12))
        let pair = PerturbedPair(a: field.fit.basis, b: .none)
        for sigma in [0.061, 0.14, 0.4, 2] {
          let exact = try HankelPair(a: law, b: .none, widths: CentroidWidths(sigmaArcsec: sigma))
          for separation in [0, 0.05, 0.2, 0.5, 1, 2, 3.0] {
            let (found, expected) = (
              pair.value(mixture, .none, varianceArcsec2: sigma * sigma, separationArcsec: separation),
              exact.values(at: separation)
            )
            let floor = 0.1 / (6.1 * 6.1)
            let density = abs(exp(found.logDensityPerArcsec2) - expected.densityPerArcsec2)
            #expect(
              density < 1.3 * errors.density * (expected.densityPerArcsec2 + floor), "\(share) \(sigma) \(separation)")
            #expect(abs(-expm1(-found.level) - expected.cumulative) < 1.3 * errors.cumulative + 1e-6)
          }
        }
      }
    }
  }

  @Test func twoPerturbedSourcesAreConvolved() throws {
    let field = try Field()
    let (a, b) = (try field.model(5e3, 14).law, try field.model(3e4, 16).law)
    let (fitA, fitB) = (field.fit.fit(a), field.fit.fit(b))
    let pair = PerturbedPair(a: field.fit.basis, b: field.fit.basis)
    let widths = try CentroidWidths(weights: [0.8, 0.2], variancesArcsec2: [0.02, 0.3])
    let exact = try HankelPair(a: a, b: b, widths: widths)
    for separation in [0, 0.1, 0.5, 1, 2, 3.5] {
      let (found, expected) = (
        pair.value(fitA.mixture, fitB.mixture, widths: widths, separationArcsec: separation),
        exact.values(at: separation)
      )
      let error = abs(exp(found.logDensityPerArcsec2) - expected.densityPerArcsec2)
      #expect(error < 0.05 * (expected.densityPerArcsec2 + 0.003), "\(separation)")
      #expect(abs(-expm1(-found.level) - expected.cumulative) < 4e-3)
      let turned = pair.value(fitB.mixture, fitA.mixture, widths: widths, separationArcsec: separation)
      #expect(abs(turned.level - found.level) < 1e-9 * (1 + found.level))
    }
  }

  @Test func withoutPerturbationsItIsTheGaussian() {
    let pair = PerturbedPair(a: .none, b: .none)
    forEverySeed { rng in
      for _ in 0..<500 {
        let covariance = PositionCovariance(circularSigmaArcsec: rng.logUniform(1e-3, 10))
        let separation = rng.logUniform(1e-5, 40) * covariance.largestSigma
        let found = pair.value(.none, .none, varianceArcsec2: covariance.xx, separationArcsec: separation).evidence
        let half = GaussianAUF.chiSquared(dxArcsec: separation, dyArcsec: 0, covariance: covariance) / 2
        let density = GaussianAUF.logDensity(chiSquared: 2 * half, covariance: covariance)
        #expect(abs(found.level - half) < 1e-11 * (1 + half) && abs(found.logDensity - density) < 1e-10 * (1 + half))
      }
    }
  }

  @Test func fRisesFromZeroToOneAndNothingIsEverNaN() throws {
    let field = try Field()
    let mixture = field.fit.fit(try field.model(3e4, 14).law).mixture
    let pair = PerturbedPair(a: field.fit.basis, b: field.fit.basis)
    for variance in [1e-18, 1e-6, 0.02, 5, 1e12] {
      var before = 0.0
      for step in 0...300 {
        let separation = step == 0 ? 0 : 1e-9 * pow(10, Double(step) / 20)
        let found = pair.value(mixture, mixture, varianceArcsec2: variance, separationArcsec: separation)
        #expect(
          found.level >= before * (1 - 1e-12) && !found.logDensityPerArcsec2.isNaN,
          "\(variance) \(separation): \(found)")
        before = found.level
        for level in [0.5, 9, 36] {
          let candidate = pair.candidate(
            mixture, mixture, varianceArcsec2: variance, separationArcsec: separation, below: level)
          #expect(candidate == (found.level < level ? found : nil))
        }
      }
    }
    for variance in [0, -1, Double.nan, .infinity, 1e-300, 1e300] {
      for separation in [0, 1, -1, Double.nan, .infinity, 1e200, 1e-200] {
        let found = pair.value(mixture, .none, varianceArcsec2: variance, separationArcsec: separation)
        #expect(
          !found.level.isNaN && found.level >= 0 && !found.logDensityPerArcsec2.isNaN, "\(variance) \(separation)")
      }
    }
  }
}
