internal import Glibc

/// ln L of m and n over single pairs, with the likeliest share F of sources without counterpart in each group.
///
///     ln L = Σ ln[F ν(r) + (1 − F) μ(r)] − ln[F N_ν + (1 − F) N_μ]
///
/// N are the integrals of ν and μ to the pair's limit. Gradient and Hessian are those of the profile: F follows m and n.
struct CorrectionLikelihood: BoundedFunction {
  let scale: CorrectionScale
  /// Group by group.
  private let groups: [Group]

  /// What does not change of a pair.
  private struct Term {
    let quotedError: Double
    let other: Double
    let half: Double
    let halfLimit: Double
    let law: SeparationLaw

    var separation: Double { (2 * half).squareRoot() }
  }

  private struct Group {
    let number: Int
    var terms: [Term]
  }

  var lower: [Double] { scale.lower }
  var upper: [Double] { scale.upper }

  init(_ pairs: CorrectionPairs, relation: ErrorRelation) {
    let scale = CorrectionScale(
      relation: relation, quotedErrors: pairs.pairs.map(\.quotedError),
      separations: pairs.pairs.map(\.separationArcsec))
    self.init(pairs, scale, every: 1)
  }

  /// Of some of the pairs only: enough for a first guess.
  init(_ pairs: CorrectionPairs, _ scale: CorrectionScale, every step: Int) {
    self.scale = scale
    var groups = [Int: Group]()
    for place in stride(from: 0, to: pairs.pairs.count, by: max(step, 1)) {
      let pair = pairs.pairs[place]
      let term = Term(
        quotedError: pair.quotedError, other: pair.otherVarianceArcsec2,
        half: 0.5 * pair.separationArcsec * pair.separationArcsec, halfLimit: 0.5 * pair.limitArcsec * pair.limitArcsec,
        law: SeparationLaw(
          basis: pairs.basis, mixture: pair.perturbation, motion: pair.motion, squaredYears: pair.years * pair.years,
          chance: 2 * .pi * pair.chancePerArcsec2))
      groups[pair.group, default: Group(number: pair.group, terms: [])].terms.append(term)
    }
    self.groups = groups.values.sorted { $0.number < $1.number }
  }

  private func chanceShare(_ group: Group, _ point: SIMD2<Double>) -> ChanceShare {
    var share = ChanceShare()
    share.terms.reserveCapacity(group.terms.count)
    for term in group.terms {
      let law = term.law
      let variance = scale.variance(point, quotedError: term.quotedError).value + term.other
      share.terms.append(
        SIMD4(
          law.chanceDensity(half: term.half), law.density(half: term.half, variance: variance).value,
          1 - law.chanceOutside(half: term.halfLimit),
          1 - law.outside(half: term.halfLimit, variance: variance).value))
    }
    return share
  }

  func value(at point: [Double]) -> Double {
    let place = SIMD2(point[0], point[1])
    return groups.reduce(0) { sum, group in
      let chance = chanceShare(group, place)
      return sum + chance.logLikelihood(chance.best(from: 0.1))
    }
  }

  func derivatives(at point: [Double]) -> Derivatives {
    let place = SIMD2(point[0], point[1])
    var sums = ProfileSums()
    for group in groups {
      let chance = chanceShare(group, place)
      let share = chance.best(from: 0.1)
      sums.value += chance.logLikelihood(share)
      sums.begin(share: share)
      for (term, known) in zip(group.terms, chance.terms) {
        let law = term.law
        let variance = scale.variance(place, quotedError: term.quotedError)
        let total = variance.value + term.other
        sums.add(
          known, density: law.density(half: term.half, variance: total),
          outside: law.outside(half: term.halfLimit, variance: total), variance)
      }
      sums.end()
    }
    return sums.derivatives
  }

  /// How the model describes each group.
  /// - Complexity: O(pairs · bins of separation).
  func groups(at point: [Double]) -> [CorrectionGroup] {
    groups.map { described($0, at: SIMD2(point[0], point[1])) }
  }

  private func described(_ group: Group, at place: SIMD2<Double>) -> CorrectionGroup {
    let chance = chanceShare(group, place)
    let share = chance.best(from: 0.1)
    var tally = GroupTally(separations: group.terms.map(\.separation))
    for (term, known) in zip(group.terms, chance.terms) {
      let variance = scale.variance(place, quotedError: term.quotedError).value + term.other
      let found = max(known.w + share * (known.z - known.w), 1e-300)
      tally.add(separation: term.separation) { separation in
        let half = min(0.5 * separation * separation, term.halfLimit)
        let chance = 1 - term.law.chanceOutside(half: half)
        let real = 1 - term.law.outside(half: half, variance: variance).value
        return min(max((share * chance + (1 - share) * real) / found, 0), 1)
      }
    }
    return tally.group(number: group.number, chanceShare: share)
  }
}

/// Derivatives of the profile of ln L, group by group.
struct ProfileSums {
  var value = 0.0
  private var gradient = SIMD2<Double>.zero
  /// m m, m n, n n.
  private var hessian = SIMD3<Double>.zero
  private var share = 0.0
  private var mixed = SIMD2<Double>.zero
  private var shareSecond = 0.0

  mutating func begin(share: Double) { (self.share, mixed, shareSecond) = (share, .zero, 0) }

  /// - Parameter known: ν, μ, N_ν, N_μ; ν and μ over r.
  @inline(__always)
  mutating func add(
    _ known: SIMD4<Double>, density: Jet, outside: Jet, _ variance: CorrectionScale.Variance
  ) {
    let own = 1 - share
    let y = max(known.y + share * (known.x - known.y), 1e-300)
    let found = max(known.w + share * (known.z - known.w), 1e-300)
    let (a, b) = (density.first / y, -outside.first / found)
    let first = own * (a - b)
    let second = own * (density.second / y + outside.second / found) - own * own * (a * a - b * b)
    let (u, v) = ((known.x - known.y) / y, (known.z - known.w) / found)
    let slopes = SIMD2(variance.byFactor, variance.byFloor)
    gradient += first * slopes
    hessian += second * SIMD3(slopes.x * slopes.x, slopes.x * slopes.y, slopes.y * slopes.y) + first * variance.second
    mixed += (b - a - own * (a * u - b * v)) * slopes
    shareSecond += v * v - u * u
  }

  /// Lets F of the group follow, unless it is held at 0 or 1.
  mutating func end() {
    guard share > 0, share < 1, shareSecond < 0 else { return }
    hessian -= SIMD3(mixed.x * mixed.x, mixed.x * mixed.y, mixed.y * mixed.y) / shareSecond
  }

  var derivatives: Derivatives {
    var result = Derivatives(dimension: 2)
    result.value = value
    result.gradient = [gradient.x, gradient.y]
    result.hessian = [hessian.x, hessian.y, hessian.y, hessian.z]
    return result
  }
}
