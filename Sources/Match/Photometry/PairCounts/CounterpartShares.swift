import Glibc

/// How the counterparts of a region are distributed over the cells (class of a, class of b).
///
/// The pairs of a cell in zone z are Poisson distributed with the mean (S + U) p_z + B w_z: S counterparts whose magnitudes
/// go together, U whose magnitudes have nothing to do with each other, and B chance pairs per unit of t, which is known.
///
/// - S has a gamma prior of shape `shape` whose mean is the mean of S over the cell and its four neighbours (in the same
///   bands), scaled so that all cells add up to the number of counterparts that the separations tell. Noise in cells without
///   counterparts is so put down to chance, and the gaps of a sparse ridge are filled from its neighbours.
/// - U = ε N a_I b_J, with the shares a_I, b_J of all sources: variables, blends, faults. ε is measured on the cells where
///   U outweighs S, as that part of their pairs that stands out from chance by more than 1 σ, and kept between
///   `smallestUnrelated` and `largestUnrelated`. It is the floor of c: no pair is ruled out by its magnitudes alone, η stays
///   above about log₁₀ ε.
///
/// The posterior means are found by variational iteration, each step of which is a closed formula. A pair must not be its own
/// witness: in the end each cell with n pairs is given what n − 1 of them say. Where one chance pair is all there is, that
/// is what the neighbours say.
struct CounterpartShares {
  /// c by cell, normalised to 1.
  private(set) var shares: [Double]
  /// ε, the share of counterparts with unrelated magnitudes.
  private(set) var unrelated = 0.01

  static let smallestUnrelated = 1e-4
  static let largestUnrelated = 0.1
  private static let shape = 0.5
  private static let steps = 40
  /// Counterparts in a cell below which nothing is distinguished.
  private static let tiny = 1e-6

  private let pairs: CellPairs
  private let widths: [Double]
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
    classesA: MagnitudeClasses, classesB: MagnitudeClasses
  ) {
    pairs = CellPairs(counts.pairs, zones: counts.zones)
    widths = zones.widths
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
    leaveOneOut()
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
    for entry in pairs.entries(cell) {
      let zone = Int(pairs.zone[entry])
      let real = related[cell] * zoneShares[zone]
      sum += pairs.count[entry] * real / (real + background * widths[zone])
    }
    return sum / totalShare
  }

  private mutating func step() {
    let means = priorMeans()
    var (cell, sum) = (0, 0.0)
    var apart = UnrelatedCells(zones: widths.count)
    for i in 0..<gridA.count {
      let others = unrelated * total * chance.shareA[i]
      for j in 0..<gridB.count {
        let (here, background) = (others * chance.shareB[j] + Self.tiny, chance.perUnit(i, j))
        related[cell] = posterior(cell, mean: means[cell], others: here, background: background)
        sum += related[cell]
        if here > related[cell] {
          apart.add(pairs, cell, chance: background, share: chance.shareA[i] * chance.shareB[j])
        }
        cell += 1
      }
    }
    let found = apart.counterparts(zoneShares, widths: widths) / total
    unrelated = min(Self.largestUnrelated, max(Self.smallestUnrelated, found))
    scale *= pow(total / (sum + unrelated * total), 1.5)
  }

  /// Every cell as one of its own pairs should see it: S = (shape + Σ r)/rate, with (n − 1)/n of the attributed pairs Σ r.
  private mutating func leaveOneOut() {
    let means = priorMeans()
    for cell in related.indices {
      let number = pairs.total(cell)
      if number == 0 { continue }
      let rate = Self.shape / means[cell] + totalShare
      let attributed = max(0, related[cell] * rate - Self.shape)
      related[cell] -= attributed / number / rate
    }
  }

  /// The posterior mean of S in one cell.
  private func posterior(_ cell: Int, mean: Double, others: Double, background: Double) -> Double {
    let rate = Self.shape / mean + totalShare
    let entries = pairs.entries(cell)
    if entries.isEmpty { return Self.shape / rate }
    var shape = max(Self.shape, related[cell] * rate)
    for _ in 0..<2 {
      let typical = exp(digamma(shape)) / rate
      shape = Self.shape
      for entry in entries {
        let zone = Int(pairs.zone[entry])
        let share = zoneShares[zone]
        shape += pairs.count[entry] * typical * share / ((typical + others) * share + background * widths[zone])
      }
    }
    return shape / rate
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

/// The pairs of the cells in which related magnitudes are rarer than unrelated ones.
private struct UnrelatedCells {
  private var pairs: [Int64]
  private var chance = 0.0
  private var share = 0.0

  init(zones: Int) { pairs = Array(repeating: 0, count: zones) }

  mutating func add(_ all: CellPairs, _ cell: Int, chance: Double, share: Double) {
    for entry in all.entries(cell) { pairs[Int(all.zone[entry])] += Int64(all.count[entry]) }
    self.chance += chance
    self.share += share
  }

  /// Counterparts with unrelated magnitudes in all cells, if those in these cells are as many as surely are.
  func counterparts(_ zoneShares: [Double], widths: [Double]) -> Double {
    guard share > 0 else { return 0 }
    let expected = widths.map { $0 * chance }
    let found = ZoneExcess.counterparts(pairs, shares: zoneShares, chance: expected)
    let information = zip(zoneShares, expected).reduce(0) { $0 + $1.0 * $1.0 / max(1e-9, found * $1.0 + $1.1) }
    return max(0, found - 1 / information.squareRoot()) / share
  }
}
