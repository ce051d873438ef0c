internal import Glibc

/// The kinds of pairs of a region with how often each occurred, column by column, and what their kind alone says of their odds.
struct KindRows: Sendable {
  let counts: [Double]
  let fold: [UInt8]
  let classA: [UInt8]
  let classB: [UInt8]
  let errorA: [UInt8]
  let errorB: [UInt8]
  let density: [UInt8]
  /// Of `cells`.
  let cell: [Int32]
  /// Spread, bin of t and pulls.
  let cells: PairCells
  /// n₀, the geometric mean of the densities around the pairs, deg⁻².
  let meanDensity: Double

  init(_ pairs: CodeCounts, reach: SearchReach, pulls: PairPulls = .none) {
    let kinds = pairs.codes.map { PairKind(code: $0) }
    counts = pairs.counts.map(Double.init)
    fold = kinds.map { UInt8(min($0.fold, PairKind.folds - 1)) }
    classA = kinds.map { UInt8($0.classA) }
    classB = kinds.map { UInt8($0.classB) }
    errorA = kinds.map { UInt8($0.errorA) }
    errorB = kinds.map { UInt8($0.errorB) }
    density = kinds.map { UInt8($0.density) }
    var builder = CellBuilder(reach: reach, pulls: pulls)
    cell = kinds.map { builder.cell(of: $0) }
    cells = builder.cells
    let logs = (0..<LogBins.densities.count).map { log(LogBins.densities.middle($0)) }
    var (sum, weight) = (0.0, 0.0)
    for (bin, count) in zip(density, counts) {
      sum += count * logs[Int(bin)]
      weight += count
    }
    meanDensity = weight > 0 ? exp(sum / weight) : 1
  }

  var count: Int { counts.count }

  /// The rows of equal cell, density and evidence as one each.
  /// - Parameter evidence: What else is known of each row, as a factor of its odds; it is rounded to halves of an octave.
  func table(evidence: [Double]) -> PairTable {
    let keys = (0..<count).map { row in
      let halves = (log2(evidence[row]) * 2).rounded()
      let octaves = halves > -200 ? Int(min(halves, 200)) + 200 : 0
      return (UInt64(octaves) << 32 | UInt64(cell[row])) << 7 | UInt64(density[row])
    }
    var rows: [PairTable.Row] = []
    var last = UInt64.max
    for place in RadixSort.order(of: keys, bits: 48) {
      let (row, key) = (Int(place), keys[Int(place)])
      if key == last {
        rows[rows.count - 1].count += counts[row]
      } else {
        rows.append(tableRow(row, evidence: exp2((Double(key >> 39) - 200) / 2)))
        last = key
      }
    }
    return PairTable(rows: rows, cells: cells, meanDensity: meanDensity)
  }

  private func tableRow(_ row: Int, evidence: Double) -> PairTable.Row {
    PairTable.Row(
      count: counts[row], cell: Int(cell[row]),
      logDensity: log(LogBins.densities.middle(Int(density[row])) / meanDensity), evidence: evidence)
  }

  /// The odds of all rows, evidence left out, and the share of counterparts within the search.
  func odds(_ widths: PairWidths) -> (after: [Double], before: [Double], shares: [Double]) {
    let densities = (0..<LogBins.densities.count).map {
      exp(-widths.densityExponent * log(LogBins.densities.middle($0) / meanDensity))
    }
    let found = (0..<cells.count).map { cell in
      let here = cells.cells[cell]
      let base = widths.odds * PairTable.baseOdds(spreadArcsec2: here.spreadArcsec2, meanDensity: meanDensity)
      let weights = widths.shares.weights(spreadArcsec2: here.spreadArcsec2)
      let share = cells.share(cell, weights: weights)
      return (
        after: base * cells.density(cell, weights: weights) / (1 + widths.slope * cells.bend(cell)),
        before: base * share / here.limit, share: share
      )
    }
    var after = [Double](repeating: 0, count: count)
    var (before, shares) = (after, after)
    for row in 0..<count {
      let (here, density) = (found[Int(cell[row])], densities[Int(density[row])])
      after[row] = here.after * density
      before[row] = here.before * density
      shares[row] = here.share
    }
    return (after, before, shares)
  }
}

/// Makes the cells that some kinds of pairs lie in.
private struct CellBuilder {
  private(set) var cells: PairCells
  private let reach: SearchReach
  private let pulls: PairPulls
  private let levels = LevelBins()
  /// The cell of every spread and bin of t, −1: none yet, by the pulls of both sides.
  private var places: [[Int32]] = Array(repeating: [], count: PullClasses.count * PullClasses.count)
  private var profiles: [PullProfiles?]

  init(reach: SearchReach, pulls: PairPulls) {
    (self.reach, self.pulls) = (reach, pulls)
    cells = PairCells(drift: pulls.haveDrifts)
    profiles = Array(repeating: nil, count: places.count)
  }

  mutating func cell(of kind: PairKind) -> Int32 {
    let pull = kind.pullA * PullClasses.count + kind.pullB
    let level = min(kind.level, levels.count - 1)
    if places[pull].isEmpty {
      places[pull] = Array(repeating: -1, count: LogBins.spreads.count * levels.count)
      profiles[pull] = pulls.profiles(kind.pullA, kind.pullB)
    }
    let place = kind.spread * levels.count + level
    if places[pull][place] < 0 {
      places[pull][place] = Int32(cells.count)
      cells.add(cell(spread: kind.spread, level: level), profiles[pull] ?? .none)
    }
    return places[pull][place]
  }

  /// The bin of t, as far as the search reaches.
  private func cell(spread: Int, level: Int) -> PairCells.Cell {
    let limit = reach.limit(spreadBin: spread)
    let low = min(levels.edges[level], limit)
    return PairCells.Cell(
      spreadArcsec2: LogBins.spreads.middle(spread), low: low,
      high: max(min(levels.edges[level + 1], limit), low + 0.01 * max(1, low)), limit: limit)
  }
}
