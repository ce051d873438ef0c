import Foundation
import Testing

@testable import Simulation

@Suite struct RandomTests {
  private func stream(_ number: UInt64) -> RandomStream { RandomStream(RandomKey(seed: 11).with(number), .count) }

  @Test(arguments: [0.01, 0.7, 5, 31.9, 32, 33, 400, 4096]) func poissonDeviatesHaveTheRightMoments(_ mean: Double) {
    let size = 20_000
    let sample = Sample(
      (0..<size).map { number in
        var stream = stream(UInt64(number))
        return Double(stream.poisson(mean))
      })
    #expect(abs(sample.mean - mean) < 4 * (mean / Double(size)).squareRoot(), "\(sample.mean)")
    // The variance of the sample variance: (μ₄ − σ⁴) / n with μ₄ = μ + 3 μ².
    let error = ((mean + 2 * mean * mean) / Double(size)).squareRoot()
    #expect(abs(sample.variance - mean) < 4 * error, "\(sample.variance)")
  }

  @Test(arguments: [0.3, 3.0, 40.0]) func poissonDeviatesHaveTheRightFrequencies(_ mean: Double) {
    let size = 50_000
    var counts = Array(repeating: 0.0, count: 200)
    for number in 0..<size {
      var stream = stream(UInt64(number))
      counts[stream.poisson(mean)] += 1
    }
    let expected = counts.indices.map { Double(size) * exp(Double($0) * log(mean) - mean - lgamma(Double($0) + 1)) }
    let usual = counts.indices.filter { expected[$0] > 10 }
    #expect(chiSquareExcess(usual.map { counts[$0] }, usual.map { expected[$0] }) < 4)
  }

  @Test func noMeanGivesNoCount() {
    var stream = stream(1)
    #expect(stream.poisson(0) == 0)
  }

  @Test func normalDeviatesOfNeighbouringKeysAreNormalAndIndependent() {
    let deviates = (0..<100_000).map { number in
      var stream = stream(UInt64(number))
      return stream.normals()
    }
    #expect(Sample(deviates.map(\.0)).kolmogorov(normalCumulative) < 1.95)
    #expect(Sample(deviates.map(\.1)).kolmogorov(normalCumulative) < 1.95)
    let products = Sample(deviates.map { $0.0 * $0.1 } + zip(deviates, deviates.dropFirst()).map { $0.0 * $1.0 })
    #expect(abs(products.mean) < 4 * products.errorOfMean, "\(products.mean)")
  }

  @Test func uniformNumbersStayWithinTheirRange() {
    var stream = stream(3)
    let numbers = Sample((0..<100_000).map { _ in stream.uniform() })
    #expect(numbers.values.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(numbers.kolmogorov { $0 } < 1.95)
    #expect((0..<10_000).allSatisfy { _ in stream.below(7) < 7 })
  }

  @Test func identifiersAreUniqueAndTellNothing() {
    let ids = (1...200_000).map { IDPermutation(RandomKey(seed: 1)).id(of: $0) }
    #expect(Set(ids).count == ids.count)
    #expect(ids.allSatisfy { $0 >= 0 })
    #expect(Sample(ids.map { Double($0) / 0x1p63 }).kolmogorov { $0 } < 1.95)
    let rising = zip(ids, ids.dropFirst()).filter { $0 < $1 }.count
    #expect(abs(rising - 100_000) < 1000, "\(rising)")
    #expect(ids[0] != IDPermutation(RandomKey(seed: 2)).id(of: 1))
  }
}
