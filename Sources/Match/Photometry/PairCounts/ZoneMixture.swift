import Glibc

/// Pairs by zone as a mixture: components with known shares and unknown numbers, and chance pairs up to a factor.
struct ZoneMixture {
  /// The shares of each component in the zones.
  let components: [[Double]]
  /// The number of pairs of each component, those beyond the last zone included.
  private(set) var numbers: [Double]
  /// κ, by which the expected chance pairs are multiplied.
  private(set) var chanceFactor = 1.0
  private let pairs: [Int64]
  private let chance: [Double]

  private static let mostSteps = 20_000

  /// Maximises the posterior.
  /// - Parameters:
  ///   - chance: Expected chance pairs by zone.
  /// - Complexity: O(steps · zones · components); steps grow with how alike the components are.
  init(pairs: [Int64], components: [[Double]], chance: [Double]) {
    self.pairs = pairs
    self.components = components
    self.chance = chance
    let start = Double(max(1, pairs.reduce(0, +))) / Double(components.count)
    numbers = Array(repeating: start, count: components.count)
    for _ in 0..<Self.mostSteps where step() < 1e-10 { break }
  }

  private func mean(_ zone: Int) -> Double {
    zip(numbers, components).reduce(chanceFactor * chance[zone]) { $0 + $1.0 * $1.1[zone] }
  }

  /// One step of expectation and maximisation. Returns the largest relative change.
  private mutating func step() -> Double {
    var attributed = [Double](repeating: 0, count: numbers.count)
    var byChance = 0.0
    for zone in pairs.indices where pairs[zone] > 0 {
      let mean = mean(zone)
      if mean <= 0 { continue }
      let weight = Double(pairs[zone]) / mean
      for index in numbers.indices { attributed[index] += weight * numbers[index] * components[index][zone] }
      byChance += weight * chanceFactor * chance[zone]
    }
    var change = 0.0
    let scale = max(1e-300, numbers.reduce(0, +))
    for index in numbers.indices {
      let number = attributed[index] / components[index].reduce(0, +)
      change = max(change, abs(number - numbers[index]) / scale)
      numbers[index] = number
    }
    let factor = Self.chanceFactor(found: byChance, expected: chance.reduce(0, +))
    change = max(change, abs(factor - chanceFactor))
    chanceFactor = factor
    return change
  }

  /// Maximises found · ln κ − expected · κ − (ln κ)² / 2s² by Newton's method in ln κ; the function is concave there.
  private static func chanceFactor(found: Double, expected: Double) -> Double {
    let precision = 1 / (CounterpartFit.chanceFactorWidth * CounterpartFit.chanceFactorWidth)
    var x = 0.0
    for _ in 0..<50 {
      let mean = expected * exp(x)
      let change = (found - mean - precision * x) / (mean + precision)
      x += min(1, max(-1, change))
      if abs(change) < 1e-14 { break }
    }
    return exp(x)
  }

  /// ln of likelihood times prior, up to a constant of the data.
  var logPosterior: Double {
    let x = log(chanceFactor) / CounterpartFit.chanceFactorWidth
    return pairs.indices.reduce(-x * x / 2) { sum, zone in
      let mean = mean(zone)
      return sum - mean + (pairs[zone] > 0 ? Double(pairs[zone]) * log(mean) : 0)
    }
  }
}
