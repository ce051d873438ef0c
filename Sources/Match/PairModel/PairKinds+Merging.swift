internal import Glibc

extension PairKinds {
  /// What rows must have in common to be merged.
  enum Trait {
    /// The bins of the quoted errors.
    case errors
    /// The fold and the classes of magnitude.
    case magnitudes
  }

  /// Rows that share a trait and have nearly the same odds as one row, with their mean odds: both odds lie in the same quarter of an
  /// octave. What is fitted to the trait changes by less than a part in 10⁴ and takes a part of the time.
  /// - Parameters:
  ///   - trait: Other columns are those of one of the rows.
  ///   - evidence: A factor of the odds of each row, which the odds of the merged rows contain.
  /// - Complexity: O(rows).
  func merged(_ trait: Trait, evidence: [Double]) -> PairKinds {
    let order = RadixSort.sorted(sortingKeys(trait, evidence), bits: 64, skipping: Self.rowBits)
    var rows: [Int] = []
    var (n, g, q): ([Double], [Double], [Double]) = ([], [], [])
    var last = UInt64.max
    for entry in order {
      let row = Int(entry & (1 << UInt64(Self.rowBits) - 1))
      let key = entry >> UInt64(Self.rowBits)
      if key != last {
        rows.append(row)
        n.append(0)
        g.append(0)
        q.append(0)
        last = key
      }
      let place = rows.count - 1
      n[place] += counts[row]
      g[place] += counts[row] * Self.odds(after[row] * evidence[row])
      q[place] += counts[row] * Self.odds(before[row] * evidence[row])
    }
    for place in n.indices where n[place] > 0 { (g[place], q[place]) = (g[place] / n[place], q[place] / n[place]) }
    return taking(rows, counts: n, after: g, before: q)
  }

  private static let rowBits = 29
  /// Bins of odds: quarters of an octave between 2⁻³² and 2³², in 8 bits each.
  private static func bin(_ odds: Double) -> UInt64 {
    let octaves = log2(odds) * 4 + 128
    return octaves > 0 ? UInt64(min(octaves, 255)) : 0
  }

  private func sortingKeys(_ trait: Trait, _ evidence: [Double]) -> [UInt64] {
    (0..<rows).map { row in
      let shared =
        switch trait {
        case .errors: UInt64(errorA[row]) << 8 | UInt64(errorB[row])
        case .magnitudes: (UInt64(fold[row]) << 7 | UInt64(classA[row])) << 7 | UInt64(classB[row])
        }
      let odds = Self.bin(after[row] * evidence[row]) << 8 | Self.bin(before[row] * evidence[row])
      return (shared << 16 | odds) << UInt64(Self.rowBits) | UInt64(row)
    }
  }

  private func taking(_ rows: [Int], counts: [Double], after: [Double], before: [Double]) -> PairKinds {
    PairKinds(
      counts: counts, after: after, before: before, shares: rows.map { shares[$0] }, fold: rows.map { fold[$0] },
      classA: rows.map { classA[$0] }, classB: rows.map { classB[$0] }, errorA: rows.map { errorA[$0] },
      errorB: rows.map { errorB[$0] }, classesA: classesA, classesB: classesB, hasUnknownA: hasUnknownA,
      hasUnknownB: hasUnknownB, errorBinsA: errorBinsA, errorBinsB: errorBinsB, sourcesA: sourcesA, sourcesB: sourcesB)
  }
}
