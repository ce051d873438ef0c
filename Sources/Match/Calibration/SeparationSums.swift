internal import Glibc

/// Candidate pairs by probability, and how many of them are false as their far neighbours say.
///
/// A chance pair stands at any separation as its law says, whatever else is known of it. So each candidate in the outer half of the
/// search, where counterparts are rare, tells how many chance pairs there are at all separations, of the same two sources' kind, at the same
/// place and with the same rivals: w = (1 − P)/(1 − C) of them, C the share of chance pairs in the inner half. Put to every separation t
/// in turn, it has the odds
///
///     o(t) = ρ r e(t)/c(t)                                  (r: its ratio without the separation)
///
/// with ρ = 1/[(1 + Σ R of its rivals at a)(1 + Σ R at b)], which do not depend on t. The number of false pairs in a cell of
/// P* = o/(1 + o) is the sum of w times the share of separations for which P* is in the cell. Both sides of the comparison are divided by
/// P*, which is P where an island has one source on either side.
public struct SeparationSums: Sendable, Equatable, FalsePairEstimate {
  /// Sums over far pairs in one cell of P*.
  private struct Cell: Sendable, Equatable {
    /// Σ w s: false pairs.
    var number = 0.0
    /// Σ (w s)²: the variance of that.
    var variance = 0.0
    /// Σ w ∫ (1 − P*) over the cell: the mean of Σ (1 − P)² on skies like this one.
    var noise = 0.0
    /// Σ w s (1 − P) of far pairs that are in the cell themselves: they stand on both sides.
    var shared = 0.0
    /// Half the difference of what far pairs within a PSF say and those beyond it.
    var split = 0.0
    /// Σ s P*/(1 − C): what false pairs would be more if no far pair were real.
    var doubt = 0.0

    static func += (sum: inout Cell, part: Cell) {
      sum.number += part.number
      sum.variance += part.variance
      sum.noise += part.noise
      sum.shared += part.shared
      sum.doubt += part.doubt
      sum.split += part.split
    }
  }

  /// Candidates by P*, with the P that they were given.
  public private(set) var histogram = ProbabilityHistogram()
  /// Candidates in the outer half of the search.
  public private(set) var farPairs: Int64 = 0
  private var cells = [Cell](repeating: Cell(), count: ProbabilityHistogram.edges.count)

  /// Nothing yet.
  public init() {}

  /// Adds a candidate.
  /// - Parameters:
  ///   - given: P, as it was given.
  ///   - direct: P*.
  public mutating func add(given: Double, direct: Double) {
    histogram.add(given, isReal: false, to: ProbabilityHistogram.cell(of: direct))
  }

  /// Adds what a far candidate says of those nearer by.
  /// - Parameters:
  ///   - scale: 1/(1 − C); half as much where two rings of far pairs are asked.
  ///   - split: 1 or −1 for the one ring and the other, 0 where there is one.
  ///   - given: P, as it was given.
  ///   - direct: P*.
  public mutating func add(
    _ spread: ChanceSpread, scale: Double, split: Double = 0, given: Double, direct: Double
  ) {
    farPairs += 1
    let weight = scale * (1 - direct)
    let own = ProbabilityHistogram.cell(of: direct)
    for cell in 0..<spread.used {
      let number = weight * spread.shares[cell]
      cells[cell].doubt += scale * direct * spread.shares[cell]
      cells[cell].number += number
      cells[cell].split += split * number
      cells[cell].variance += number * number
      cells[cell].noise += weight * spread.falseShares[cell]
    }
    cells[own].shared += weight * spread.shares[own] * (1 - given)
  }

  /// Adds the sums of another part.
  public static func += (sum: inout SeparationSums, part: SeparationSums) {
    sum.histogram += part.histogram
    sum.farPairs += part.farPairs
    for cell in sum.cells.indices { sum.cells[cell] += part.cells[cell] }
  }

  /// How many pairs are false in some cells of P*.
  public func falsePairs(_ cells: Range<Int>) -> FalsePairs {
    let sum = self.cells[cells].reduce(into: Cell()) { $0 += $1 }
    let doubts = [Self.chanceDoubt * sum.number, Self.counterpartDoubt * sum.doubt, sum.split]
    return FalsePairs(
      number: sum.number,
      variance: Self.fits * max(0, sum.variance - 2 * sum.shared) + doubts.reduce(0) { $0 + $1 * $1 },
      leastNoise: sum.noise)
  }

  /// P follows from a fit to the far pairs, too: the variance of the estimate is taken this many times. Of 30 simulated skies of 12,000
  /// counterparts two are then distrusted although P is right.
  static let fits = 4.0
  /// The law of chance pairs is believed to this share of their number: real skies are clustered on all scales.
  static let chanceDoubt = 0.02
  /// The number of real pairs in the outer half of the search is believed to this share: it is the tail of a fit.
  static let counterpartDoubt = 0.25
}

/// The same where P knows more than P*, from magnitudes that P* has not seen: a false pair then has any P, and Σ (1 − P) scatters as the
/// number of false pairs does, at most.
public struct IndependentEstimate: FalsePairEstimate {
  private let sums: SeparationSums

  /// Takes sums.
  public init(_ sums: SeparationSums) { self.sums = sums }

  public func falsePairs(_ cells: Range<Int>) -> FalsePairs {
    let found = sums.falsePairs(cells)
    return FalsePairs(
      number: found.number, variance: found.variance, leastNoise: max(found.leastNoise, found.number))
  }
}

/// Where in P* a chance pair would be, put to all separations in turn.
public struct ChanceSpread: Sendable {
  /// By cell of `ProbabilityHistogram`: the share of the separations.
  public private(set) var shares = [Double](repeating: 0, count: ProbabilityHistogram.edges.count)
  /// By cell: the integral of 1 − P* over these.
  public private(set) var falseShares = [Double](repeating: 0, count: ProbabilityHistogram.edges.count)
  /// Cells from here on are empty.
  public private(set) var used = 1

  /// Below it P* is 0 for all that is asked.
  private static let negligible = 1e-4

  /// Nothing yet.
  public init() {}

  /// Takes a pair.
  /// - Parameter logOdds: ln ρ r: that of its odds but for the separation.
  /// - Complexity: O(steps of the grid).
  public mutating func take(_ grid: SeparationGrid, logOdds: Double) {
    for cell in 0..<used { (shares[cell], falseShares[cell]) = (0, 0) }
    used = 1
    var left = 1.0
    for step in grid.shares.indices {
      let p = PairQuantities.matchProbability(logRatio: logOdds + grid.logFactors[step])
      if !(p > Self.negligible) { break }
      let cell = ProbabilityHistogram.cell(of: p)
      shares[cell] += grid.shares[step]
      falseShares[cell] += grid.shares[step] * (1 - p)
      used = max(used, cell + 1)
      left -= grid.shares[step]
    }
    shares[0] += max(0, left)
    falseShares[0] += max(0, left)
  }
}
