import Foundation
import Match
import XMDBTestSupport

/// Sources with hidden neighbours drawn one by one, and what is measured of them. Knows nothing of transforms.
struct CrowdedTrials {
  /// Radii at which measured offsets are counted, arcsec.
  static let radii = [0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 1.4, 2, 2.8, 3.5]

  let sigmaP: Double
  let circle: Double
  let sigma: Double
  private let fluxes: [(low: Double, high: Double)]
  private let numbers: [Double]
  private let binEnds: [Double]
  private let pulls = PullTable()

  private let radii = CrowdedTrials.radii
  private var rings: [Int]
  private(set) var trials = 0
  private(set) var above10 = 0
  private(set) var above1 = 0
  private(set) var flux = Moments()
  private(set) var fittedFlux = Moments()

  struct Moments {
    var count = 0.0
    var sum = 0.0
    var squares = 0.0
    mutating func add(_ value: Double) {
      count += 1
      sum += value
      squares += value * value
    }
    var mean: Double { sum / count }
    var error: Double { ((squares / count - mean * mean) / count).squareRoot() }
  }

  /// - Parameter sigma: The centroid error per axis, arcsec.
  init(_ neighbours: HiddenNeighbours, pointSpread: PointSpread, sigma: Double) {
    (sigmaP, circle, self.sigma) = (pointSpread.fwhmArcsec / 2.3548200450309493, 1.185 * pointSpread.fwhmArcsec, sigma)
    let edges = neighbours.bins.edges
    fluxes = zip(edges, edges.dropFirst()).map { (pow(10, -0.4 * $1), pow(10, -0.4 * $0)) }
    let total = neighbours.expected.reduce(0, +)
    // The cumulative distributions of the number of neighbours, and of the bin of each.
    var term = exp(-total)
    var numbers = [term]
    for k in 1..<1000 {
      term *= total / Double(k)
      numbers.append(numbers[k - 1] + term)
      if Double(k) > total && term < 1e-17 { break }
    }
    self.numbers = numbers
    var sum = 0.0
    binEnds = neighbours.expected.map {
      sum += $0 / total
      return sum
    }
    rings = Array(repeating: 0, count: 3 * Self.radii.count)
  }

  /// Draws sources: laws 0 flux-weighted, 1 of added fits, 2 the former with a probability and the latter otherwise.
  mutating func draw(_ number: Int, mixing: Double, _ rng: inout SplitMix64) {
    for _ in 0..<number {
      let neighbours = source(&rng)
      let noise = (-2 * log(1 - rng.uniform())).squareRoot() * sigma
      let direction = 2 * Double.pi * rng.uniform()
      let (noiseX, noiseY) = (noise * cos(direction), noise * sin(direction))
      let weighted = (neighbours.x / (1 + neighbours.flux), neighbours.y / (1 + neighbours.flux))
      let fitted = (neighbours.pullX, neighbours.pullY)
      let mixed = rng.uniform() < mixing ? weighted : fitted
      for (law, offset) in [weighted, fitted, mixed].enumerated() {
        count(law, hypot(offset.0 + noiseX, offset.1 + noiseY))
      }
      trials += 1
      above10 += neighbours.brightest > 0.1 ? 1 : 0
      above1 += neighbours.brightest > 0.01 ? 1 : 0
      flux.add(neighbours.flux)
    }
  }

  private mutating func count(_ law: Int, _ offset: Double) {
    var place = 0
    while place < radii.count && offset > radii[place] { place += 1 }
    if place < radii.count { rings[law * radii.count + place] += 1 }
  }

  /// How many offsets of a law lie within a radius.
  func within(_ law: Int, _ place: Int) -> Int { (0...place).reduce(0) { $0 + rings[law * radii.count + $1] } }

  private struct Source {
    var (x, y, flux, pullX, pullY, brightest) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
  }

  private func source(_ rng: inout SplitMix64) -> Source {
    var source = Source()
    for _ in 0..<number(&rng) {
      let f = flux(&rng)
      let (r, angle) = (circle * rng.uniform().squareRoot(), 2 * Double.pi * rng.uniform())
      let (c, s) = (cos(angle), sin(angle))
      let pull = sigmaP * pulls.pull(r / sigmaP, f)
      source.x += f * r * c
      source.y += f * r * s
      source.flux += f
      source.pullX += pull * c
      source.pullY += pull * s
      source.brightest = max(source.brightest, f)
    }
    return source
  }

  private func number(_ rng: inout SplitMix64) -> Int {
    let u = rng.uniform()
    var number = 0
    while number + 1 < numbers.count && u > numbers[number] { number += 1 }
    return number
  }

  private func flux(_ rng: inout SplitMix64) -> Double {
    let u = rng.uniform()
    var (low, high) = (0, binEnds.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if u > binEnds[middle] { low = middle + 1 } else { high = middle }
    }
    return fluxes[low].low + (fluxes[low].high - fluxes[low].low) * rng.uniform()
  }

  /// The fitted flux at the added pulls, of sources drawn anew.
  mutating func drawFluxes(_ number: Int, _ rng: inout SplitMix64) {
    for _ in 0..<number {
      let all = drawn(&rng)
      var (dx, dy) = (0.0, 0.0)
      for n in all {
        let r = hypot(n.x, n.y)
        let pull = pulls.pull(r, n.f) / max(r, 1e-12)
        dx += pull * n.x
        dy += pull * n.y
      }
      fittedFlux.add(Self.overlap(all, dx, dy) - 1)
    }
  }

  /// Offset, in arcsec, and flux of a joint fit to sources drawn one by one: the maximum of the overlap, found by mean shifts.
  func jointFit(_ rng: inout SplitMix64) -> (offset: Double, flux: Double) {
    let all = drawn(&rng)
    var (dx, dy) = (0.0, 0.0)
    for _ in 0..<400 {
      let own = exp(-(dx * dx + dy * dy) / 4)
      var (sum, sumX, sumY) = (own, 0.0, 0.0)
      for n in all {
        let weight = n.f * exp(-((n.x - dx) * (n.x - dx) + (n.y - dy) * (n.y - dy)) / 4)
        sum += weight
        sumX += weight * n.x
        sumY += weight * n.y
      }
      let (nextX, nextY) = (sumX / sum, sumY / sum)
      let moved = hypot(nextX - dx, nextY - dy)
      (dx, dy) = (nextX, nextY)
      if moved < 1e-6 { break }
    }
    return (hypot(dx, dy) * sigmaP, Self.overlap(all, dx, dy) - 1)
  }

  private static func overlap(_ all: [(x: Double, y: Double, f: Double)], _ dx: Double, _ dy: Double) -> Double {
    all.reduce(exp(-(dx * dx + dy * dy) / 4)) {
      $0 + $1.f * exp(-(($1.x - dx) * ($1.x - dx) + ($1.y - dy) * ($1.y - dy)) / 4)
    }
  }

  /// Neighbours in units of σ_P.
  private func drawn(_ rng: inout SplitMix64) -> [(x: Double, y: Double, f: Double)] {
    var all: [(x: Double, y: Double, f: Double)] = []
    for _ in 0..<number(&rng) {
      let (r, angle) = (circle / sigmaP * rng.uniform().squareRoot(), 2 * Double.pi * rng.uniform())
      all.append((r * cos(angle), r * sin(angle), flux(&rng)))
    }
    return all
  }
}

/// The pull of one neighbour on a fit, found by bisection at points of distance and ln flux, and interpolated.
struct PullTable {
  private static let (distances, fluxes) = (700, 500)
  private static let (most, leastLog) = (2.8, -6.3)
  private let values: [Double]

  init() {
    values = (0...Self.fluxes).flatMap { j in
      let f = exp(Self.leastLog * (1 - Double(j) / Double(Self.fluxes)))
      return (0...Self.distances).map { i in Self.solved(Self.most * Double(i) / Double(Self.distances), f) }
    }
  }

  private static func solved(_ x: Double, _ f: Double) -> Double {
    var (low, high) = (0.0, x * f / (1 + f))
    for _ in 0..<34 {
      let d = (low + high) / 2
      if d * exp(-d * d / 4) > f * (x - d) * exp(-(x - d) * (x - d) / 4) { high = d } else { low = d }
    }
    return (low + high) / 2
  }

  func pull(_ x: Double, _ f: Double) -> Double {
    let u = min(max(x / Self.most * Double(Self.distances), 0), Double(Self.distances) - 1e-9)
    let v = min(max((1 - log(f) / Self.leastLog) * Double(Self.fluxes), 0), Double(Self.fluxes) - 1e-9)
    let (i, j) = (Int(u), Int(v))
    let (s, t) = (u - Double(i), v - Double(j))
    let base = j * (Self.distances + 1) + i
    let (low, high) = (base, base + Self.distances + 1)
    return (1 - t) * ((1 - s) * values[low] + s * values[low + 1]) + t * ((1 - s) * values[high] + s * values[high + 1])
  }
}
