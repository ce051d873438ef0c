internal import Glibc

/// The kinds of pairs of a region with how often each occurred, column by column, and what their kind alone says of their odds.
struct KindRows: Sendable {
  let counts: [Double]
  let fold: [UInt8]
  let classA: [UInt8]
  let classB: [UInt8]
  let errorA: [UInt8]
  let errorB: [UInt8]
  let spread: [UInt8]
  let density: [UInt8]
  let level: [UInt8]
  /// n₀, the geometric mean of the densities around the pairs, deg⁻².
  let meanDensity: Double
  private let reach: SearchReach
  private let levels = LevelBins()

  init(_ pairs: CodeCounts, reach: SearchReach) {
    let kinds = pairs.codes.map { PairKind(code: $0) }
    counts = pairs.counts.map(Double.init)
    fold = kinds.map { UInt8(min($0.fold, PairKind.folds - 1)) }
    classA = kinds.map { UInt8($0.classA) }
    classB = kinds.map { UInt8($0.classB) }
    errorA = kinds.map { UInt8($0.errorA) }
    errorB = kinds.map { UInt8($0.errorB) }
    spread = kinds.map { UInt8($0.spread) }
    density = kinds.map { UInt8($0.density) }
    let last = levels.count - 1
    level = kinds.map { UInt8(min($0.level, last)) }
    self.reach = reach
    let logs = (0..<LogBins.densities.count).map { log(LogBins.densities.middle($0)) }
    var (sum, weight) = (0.0, 0.0)
    for (bin, count) in zip(density, counts) {
      sum += count * logs[Int(bin)]
      weight += count
    }
    meanDensity = weight > 0 ? exp(sum / weight) : 1
  }

  var count: Int { counts.count }

  /// The rows of equal spread, density, level and evidence as one each.
  /// - Parameter evidence: What else is known of each row, as a factor of its odds; it is rounded to halves of an octave.
  func table(evidence: [Double]) -> PairTable {
    var sums: [UInt64] = []
    sums.reserveCapacity(count)
    for row in 0..<count {
      let halves = (log2(evidence[row]) * 2).rounded()
      let octaves = halves > -200 ? Int(min(halves, 200)) + 200 : 0
      let key = (UInt64(octaves) << 8 | UInt64(spread[row])) << 14 | UInt64(density[row]) << 7 | UInt64(level[row])
      // The row is carried along, so that counts can be added up after sorting.
      sums.append(key << 32 | UInt64(row))
    }
    return PairTable(meanDensity: meanDensity, rows: tableRows(RadixSort.sorted(sums, bits: 63)))
  }

  private func tableRows(_ sorted: [UInt64]) -> [PairTable.Row] {
    var rows: [PairTable.Row] = []
    var last = UInt64.max
    for entry in sorted {
      let (key, row) = (entry >> 32, Int(entry & 0xffff_ffff))
      if key == last {
        rows[rows.count - 1].count += counts[row]
      } else {
        rows.append(tableRow(row, evidence: exp2((Double(key >> 22) - 200) / 2)))
        last = key
      }
    }
    return rows
  }

  private func tableRow(_ row: Int, evidence: Double) -> PairTable.Row {
    let limit = reach.limit(spreadBin: Int(spread[row]))
    let bin = levelBin(row, limit: limit)
    return PairTable.Row(
      count: counts[row], spreadArcsec2: LogBins.spreads.middle(Int(spread[row])),
      logDensity: log(LogBins.densities.middle(Int(density[row])) / meanDensity), evidence: evidence,
      low: bin.low, high: bin.high, limit: limit)
  }

  /// The bin of t of a row, as far as the search reaches.
  private func levelBin(_ row: Int, limit: Double) -> (low: Double, high: Double) {
    let low = min(levels.edges[Int(level[row])], limit)
    return (low, max(min(levels.edges[Int(level[row]) + 1], limit), low + 0.01 * max(1, low)))
  }

  /// The odds of all rows, evidence left out, and the share of counterparts within the search.
  func odds(_ widths: PairWidths) -> (after: [Double], before: [Double], shares: [Double]) {
    let cells = spreadCells(widths)
    let densities = (0..<LogBins.densities.count).map {
      exp(-widths.densityExponent * log(LogBins.densities.middle($0) / meanDensity))
    }
    var after = [Double](repeating: 0, count: count)
    var (before, shares) = (after, after)
    for row in 0..<count {
      let here = cells.limits[Int(spread[row])]
      let density = densities[Int(density[row])]
      after[row] = cells.after[Int(spread[row]) * levels.count + Int(level[row])] * density
      before[row] = here.before * density
      shares[row] = here.share
    }
    return (after, before, shares)
  }

  private struct SpreadCells {
    var after: [Double]
    var limits: [(before: Double, share: Double)]
  }

  /// What follows from spread and level, and from spread, for all bins that occur.
  private func spreadCells(_ widths: PairWidths) -> SpreadCells {
    var occurs = [Bool](repeating: false, count: LogBins.spreads.count)
    for bin in spread { occurs[Int(bin)] = true }
    var cells = SpreadCells(
      after: Array(repeating: 0, count: occurs.count * levels.count),
      limits: Array(repeating: (0, 1), count: occurs.count))
    for bin in occurs.indices where occurs[bin] {
      let spread = LogBins.spreads.middle(bin)
      let limit = reach.limit(spreadBin: bin)
      cells.limits[bin] = widths.before(spreadArcsec2: spread, limit: limit, meanDensity: meanDensity)
      for level in 0..<levels.count where levels.edges[level] < limit {
        let low = levels.edges[level]
        let high = max(min(levels.edges[level + 1], limit), low + 0.01 * max(1, low))
        cells.after[bin * levels.count + level] = widths.after(
          spreadArcsec2: spread, from: low, to: high, limit: limit, meanDensity: meanDensity)
      }
    }
    return cells
  }
}
