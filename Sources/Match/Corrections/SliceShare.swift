internal import Glibc

/// What the bins of a slice say of the share F of sources without counterpart, at a given error.
///
///     ln L = Σ h ln Λ − Λ − ln h!,     Λ = H [F ν + (1 − F) μ] / Y,     Y = F Σν + (1 − F) Σμ of a truncated slice, else 1
struct SliceShare {
  private let bins: [(count: Double, chance: Double, real: Jet)]
  private let total: Double
  private let isTruncated: Bool
  private let sums: (chance: Double, real: Jet)

  init(_ slice: SeparationSlice, _ shares: [(chance: Double, real: Jet)]) {
    bins = zip(slice.counts, shares).map { (Double($0), $1.chance, $1.real) }
    total = Double(slice.total)
    isTruncated = slice.isTruncated
    var real = Jet()
    for bin in bins {
      real.value += bin.real.value
      real.first += bin.real.first
      real.second += bin.real.second
    }
    sums = (bins.reduce(0) { $0 + $1.chance }, real)
  }

  private static let least = 1e-300

  func logLikelihood(_ share: Double) -> Double {
    let norm = isTruncated ? max(sums.real.value + share * (sums.chance - sums.real.value), Self.least) : 1
    return bins.reduce(0) { sum, bin in
      let expected = max(
        total * (bin.real.value + share * (bin.chance - bin.real.value)) / norm, SliceFit.leastExpected)
      return sum + bin.count * log(expected) - expected - Glibc.lgamma(bin.count + 1)
    }
  }

  /// Derivatives of ln L: in F, in the variance, and in both. A truncated slice has Σ Λ = H whatever the model, so only Σ h ln Λ counts.
  private func slopes(_ share: Double) -> (f: Double, ff: Double, v: Double, vv: Double, vf: Double) {
    let own = 1 - share
    var sum = (f: 0.0, ff: 0.0, v: 0.0, vv: 0.0, vf: 0.0)
    for bin in bins {
      let model = max(bin.real.value + share * (bin.chance - bin.real.value), SliceFit.leastExpected / total)
      let (u, a) = ((bin.chance - bin.real.value) / model, bin.real.first / model)
      sum.f += bin.count * u
      sum.ff -= bin.count * u * u
      sum.v += bin.count * own * a
      sum.vv += bin.count * (own * bin.real.second / model - own * own * a * a)
      sum.vf -= bin.count * (a + own * a * u)
    }
    let difference = sums.chance - sums.real.value
    guard isTruncated else {
      sum.f -= total * difference
      sum.v -= total * own * sums.real.first
      sum.vv -= total * own * sums.real.second
      sum.vf += total * sums.real.first
      return sum
    }
    let counted = bins.reduce(0) { $0 + $1.count }
    let norm = max(sums.real.value + share * difference, Self.least)
    let (u, a) = (difference / norm, sums.real.first / norm)
    sum.f -= counted * u
    sum.ff += counted * u * u
    sum.v -= counted * own * a
    sum.vv -= counted * (own * sums.real.second / norm - own * own * a * a)
    sum.vf += counted * (a + own * a * u)
    return sum
  }

  /// The likeliest F.
  func best() -> Double {
    if slopes(0).f <= 0 { return 0 }
    if slopes(1).f >= 0 { return 1 }
    var (low, high, share) = (0.0, 1.0, 0.1)
    for _ in 0..<100 where high - low > 1e-14 {
      let slope = slopes(share)
      if slope.f > 0 { low = share } else { high = share }
      var next = slope.ff < 0 ? share - slope.f / slope.ff : .nan
      if !(next > low && next < high) { next = 0.5 * (low + high) }
      if abs(next - share) < 1e-13 { return next }
      share = next
    }
    return share
  }

  /// ln L and its derivatives in the variance, F following.
  func profile() -> Jet {
    let share = best()
    let slopes = slopes(share)
    var second = slopes.vv
    if share > 0, share < 1, slopes.ff < 0 { second -= slopes.vf * slopes.vf / slopes.ff }
    return Jet(value: logLikelihood(share), first: slopes.v, second: second)
  }
}
