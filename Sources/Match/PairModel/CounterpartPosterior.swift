internal import Glibc

/// What pairs say of the number of counterparts among them: its mean and its error, and the odds θ that go with them.
///
/// θ is summed over on a grid with the prior N^−1/2 and the bound that there are no more counterparts than sources. So no case is
/// treated apart: where the pairs say nothing, the mean is small and its error as large.
struct CounterpartPosterior: Sendable, Equatable {
  /// The mean of θ.
  private(set) var odds = 0.0
  /// The mean of N, those beyond the limit of the search included.
  private(set) var counterparts = 0.0
  /// The scatter of N.
  private(set) var error = 0.0

  /// θ is no larger: u = N_c G/(n_a n_b) with N_c at most the smaller of both densities makes it n₀/max(n_a, n_b) at most, 2 where
  /// densities are equal, and some more where they are uneven.
  static let mostOdds = 10.0

  /// - Parameters:
  ///   - table: Pairs by what positions and errors say of them.
  ///   - fit: How counterparts are distributed in t.
  ///   - most: The sources of the poorer catalogue.
  init(_ table: PairTable, _ fit: WidthFit, most: Double) {
    let rows = PosteriorRows(table, fit)
    let peak = rows.peak(from: max(fit.odds, 1e-9))
    var points: [(logOdds: Double, logLikelihood: Double, counterparts: Double, variance: Double)] = []
    for logOdds in Self.grid(rows, peak) {
      let sums = rows.sums(odds: exp(logOdds))
      points.append((logOdds, sums.logLikelihood + 0.5 * logOdds, sums.counterparts, sums.variance))
    }
    let allowed = points.filter { $0.counterparts <= most }
    guard let best = allowed.map(\.logLikelihood).max(), best.isFinite else {
      (odds, counterparts) = (exp(points[0].logOdds), min(points[0].counterparts, most))
      return
    }
    var (weight, square) = (0.0, 0.0)
    for point in allowed {
      let share = exp(point.logLikelihood - best)
      weight += share
      odds += share * exp(point.logOdds)
      counterparts += share * point.counterparts
      square += share * (point.counterparts * point.counterparts + point.variance)
    }
    odds /= weight
    counterparts /= weight
    error = max(0, square / weight - counterparts * counterparts).squareRoot()
  }

  /// As many counterparts as are said to be there.
  init(_ table: PairTable, _ fit: WidthFit, counterparts: Double) {
    let rows = PosteriorRows(table, fit)
    var (low, high) = (log(1e-12), log(Self.mostOdds))
    for _ in 0..<80 {
      let middle = (low + high) / 2
      if rows.sums(odds: exp(middle)).counterparts < counterparts { low = middle } else { high = middle }
    }
    odds = exp((low + high) / 2)
    self.counterparts = rows.sums(odds: odds).counterparts
    error = .infinity
  }

  /// How far in ln θ the sum goes down from the top, where the peak is not sharp, and in how many steps.
  private static let depth = 18.0
  private static let steps = 240

  /// Values of ln θ over which the sum is taken: five errors to both sides of a sharp peak; otherwise from far below to where the
  /// likelihood has fallen by e¹².
  private static func grid(_ rows: PosteriorRows, _ peak: (odds: Double, curvature: Double)) -> [Double] {
    if peak.curvature > 200 {
      let sigma = 1 / peak.curvature.squareRoot()
      return (-20...20).map { log(peak.odds) + Double($0) / 4 * sigma }
    }
    var top = max(peak.odds, 1e-8)
    let best = max(0, rows.sums(odds: peak.odds).logLikelihood)
    while best - rows.sums(odds: top).logLikelihood < 12, top < mostOdds { top *= 1.3 }
    top = min(top, mostOdds)
    return (0...steps).map { log(top) - depth + depth * Double($0) / Double(steps) }
  }
}

/// What the likelihood of θ is made of: for every row its count, the odds for θ = 1 and the share of counterparts within the search.
private struct PosteriorRows {
  private var counts: [Double] = []
  private var after: [Double] = []
  private var before: [Double] = []
  private var shares: [Double] = []

  init(_ table: PairTable, _ fit: WidthFit) {
    let terms = WidthTerms(table, exponent: fit.densityExponent)
    let (widths, ranges) = (fit.shares, table.ranges(of: fit.shares))
    let odds = terms.odds(amounts: widths.ranges, ranges: ranges, slope: fit.slope)
    for place in table.rows.indices {
      counts.append(table.rows[place].count)
      after.append(odds[place].after)
      before.append(odds[place].before)
      shares.append(table.cells.share(table.rows[place].cell, weights: widths.ranges[ranges[place]]))
    }
  }

  /// ln L, and the mean and variance of N, for a θ.
  func sums(odds: Double) -> (logLikelihood: Double, counterparts: Double, variance: Double) {
    var (sum, counterparts, variance) = (0.0, 0.0, 0.0)
    for row in counts.indices {
      let (g, q) = (odds * after[row], odds * before[row])
      sum += counts[row] * (log1p(g) - log1p(q))
      let real = g / (1 + g)
      counterparts += counts[row] * real / shares[row]
      variance += counts[row] * real * (1 - real) / (shares[row] * shares[row])
    }
    return (sum, counterparts, variance)
  }

  /// The largest likelihood by Newton steps in ln θ, and −d² ln L/d(ln θ)² there.
  func peak(from start: Double) -> (odds: Double, curvature: Double) {
    var (odds, curvature) = (start, 0.0)
    for _ in 0..<60 {
      var slope = 0.0
      curvature = 0
      for row in counts.indices {
        let (g, q) = (odds * after[row], odds * before[row])
        let (r, p) = (g / (1 + g), q / (1 + q))
        slope += counts[row] * (r - p)
        curvature -= counts[row] * (r * (1 - r) - p * (1 - p))
      }
      let newton = curvature > 0 ? slope / curvature : (slope > 0 ? 0.5 : -0.5)
      let step = min(max(newton, -1), 1)
      odds = min(max(odds * exp(step), 1e-9), CounterpartPosterior.mostOdds)
      if abs(step) < 1e-7 { break }
    }
    return (odds, curvature)
  }
}
