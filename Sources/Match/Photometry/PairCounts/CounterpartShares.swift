import Glibc

/// How the counterparts of a region are distributed over the cells (class of a, class of b).
///
/// The pairs of a cell in zone z are Poisson distributed with the mean (S + U) p_z + B w_z: S counterparts whose magnitudes
/// go together, U whose magnitudes have nothing to do with each other, and B chance pairs per unit of t, which is known.
///
/// - S has a gamma prior of shape `shape` whose mean is the mean of S over the cell and its four neighbours (in the same
///   bands), scaled so that all cells add up to the number of counterparts that the separations tell. Noise in cells without
///   counterparts is so put down to chance, and the gaps of a sparse ridge are filled from its neighbours.
/// - U = ε N a_I b_J, with the shares a_I, b_J of all sources: variables, blends, faults. ε is learnt from the pairs that
///   S does not explain, and kept between `smallestUnrelated` and `largestUnrelated`. It is the floor of c: no pair is ruled
///   out by its magnitudes alone, η stays above about log₁₀ ε.
///
/// The posterior means are found by variational iteration, each step of which is a closed formula.
struct CounterpartShares {
  /// c by cell, normalised to 1.
  private(set) var shares: [Double]
  /// ε, the share of counterparts with unrelated magnitudes.
  private(set) var unrelated = 0.01

  static let smallestUnrelated = 1e-3
  static let largestUnrelated = 0.1
  private static let shape = 0.5
  private static let steps = 40
  /// Counterparts in a cell below which nothing is distinguished.
  private static let tiny = 1e-6

  private let counts: PairCounts
  private let zones: PairZones
  /// p_z and their sum.
  private let zoneShares: [Double]
  private let totalShare: Double
  private let total: Double
  private let chance: ChancePairs
  private let gridA: BandNeighbours
  private let gridB: BandNeighbours
  private var related: [Double]
  /// By which factor the prior means are scaled.
  private var scale = 1.0

  /// - Parameters:
  ///   - counterparts: N, of pairs in which both sources have a class.
  ///   - zoneShares: p_z, the share of counterparts in each zone.
  ///   - chance: The chance pairs to expect.
  init(
    _ counts: PairCounts, counterparts: Double, zoneShares: [Double], chance: ChancePairs, zones: PairZones,
    classesA: MagnitudeClasses,
    classesB: MagnitudeClasses
  ) {
    self.counts = counts
    self.zones = zones
    self.zoneShares = zoneShares
    totalShare = zoneShares.reduce(0, +)
    self.chance = chance
    total = counterparts
    gridA = BandNeighbours(classesA)
    gridB = BandNeighbours(classesB)
    let cells = classesA.count * classesB.count
    related = Array(repeating: counterparts / Double(max(1, cells)), count: cells)
    shares = []
    for _ in 0..<10 { sharpen() }
    for cell in related.indices { related[cell] += Self.tiny }
    for _ in 0..<Self.steps { step() }
    normalise()
  }

  /// One step towards the most likely S of every cell by itself: where the iteration starts.
  private mutating func sharpen() {
    var cell = 0
    for i in 0..<gridA.count {
      for j in 0..<gridB.count {
        related[cell] = mostLikely(cell, background: chance.perUnit(i, j))
        cell += 1
      }
    }
  }

  private func mostLikely(_ cell: Int, background: Double) -> Double {
    var sum = 0.0
    for zone in 0..<zones.count {
      let pairs = counts.pairs[cell * zones.count + zone]
      if pairs == 0 { continue }
      let real = related[cell] * zoneShares[zone]
      sum += Double(pairs) * real / (real + background * zones.widths[zone])
    }
    return sum / totalShare
  }

  private mutating func step() {
    let means = priorMeans()
    var (cell, attributed, sum) = (0, 0.0, 0.0)
    for i in 0..<gridA.count {
      let others = unrelated * total * chance.shareA[i]
      for j in 0..<gridB.count {
        let answer = posterior(
          cell, mean: means[cell], others: others * chance.shareB[j] + Self.tiny, background: chance.perUnit(i, j))
        related[cell] = answer.value
        attributed += answer.toOthers
        sum += answer.value
        cell += 1
      }
    }
    unrelated = min(
      Self.largestUnrelated, max(Self.smallestUnrelated, (attributed + 0.5) / (total * totalShare)))
    scale *= pow(total / (sum + unrelated * total), 1.5)
  }

  /// The posterior mean of S in one cell, and how many of its pairs are unrelated counterparts.
  private func posterior(
    _ cell: Int, mean: Double, others: Double, background: Double
  ) -> (value: Double, toOthers: Double) {
    let rate = Self.shape / mean + totalShare
    let pairs = counts.pairs[(cell * zones.count)..<((cell + 1) * zones.count)]
    if pairs.allSatisfy({ $0 == 0 }) { return (Self.shape / rate, 0) }
    var shape = max(Self.shape, related[cell] * rate)
    var toOthers = 0.0
    for _ in 0..<2 {
      let typical = exp(digamma(shape)) / rate
      shape = Self.shape
      toOthers = 0
      for (zone, count) in pairs.enumerated() where count > 0 {
        let share = zoneShares[zone]
        let weight = Double(count) / ((typical + others) * share + background * zones.widths[zone])
        shape += weight * typical * share
        toOthers += weight * others * share
      }
    }
    return (shape / rate, toOthers)
  }

  /// The mean of S over each cell and its neighbours.
  private func priorMeans() -> [Double] {
    let width = gridB.count
    var means = [Double](repeating: 0, count: related.count)
    for i in 0..<gridA.count {
      for j in 0..<width {
        let cell = i * width + j
        var (sum, number) = (related[cell], 1.0)
        if gridA.hasPrevious[i] { (sum, number) = (sum + related[cell - width], number + 1) }
        if gridA.hasNext[i] { (sum, number) = (sum + related[cell + width], number + 1) }
        if gridB.hasPrevious[j] { (sum, number) = (sum + related[cell - 1], number + 1) }
        if gridB.hasNext[j] { (sum, number) = (sum + related[cell + 1], number + 1) }
        means[cell] = sum / number * scale + Self.tiny
      }
    }
    return means
  }

  private mutating func normalise() {
    let sum = related.reduce(0, +)
    var cell = 0
    shares = related
    for i in 0..<gridA.count {
      for j in 0..<gridB.count {
        shares[cell] = (1 - unrelated) * related[cell] / sum + unrelated * chance.shareA[i] * chance.shareB[j]
        cell += 1
      }
    }
  }
}

/// Which classes have a neighbour in the same band.
private struct BandNeighbours {
  let hasPrevious: [Bool]
  let hasNext: [Bool]

  var count: Int { hasNext.count }

  init(_ classes: MagnitudeClasses) {
    let bands = classes.classes.map(\.band)
    hasPrevious = bands.indices.map { $0 > 0 && bands[$0 - 1] == bands[$0] }
    hasNext = bands.indices.map { $0 + 1 < bands.count && bands[$0 + 1] == bands[$0] }
  }
}
