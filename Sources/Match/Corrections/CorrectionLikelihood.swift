internal import Glibc

/// ln L of m and n over single pairs, with the likeliest share F of sources without counterpart in each group.
///
///     ln L = Σ ln[F ν(r) + (1 − F) μ(r)] − ln[F N_ν + (1 − F) N_μ]
///
/// N are the integrals of ν and μ to the pair's limit: the shares of sources that are in a pair at all. Gradient and Hessian are those of the profile: F follows m and n.
struct CorrectionLikelihood: BoundedFunction {
  let scale: CorrectionScale
  /// Which strangers are found.
  let free: FreeStrangers
  /// Group by group.
  private let groups: [Group]

  /// What does not change of a pair.
  private struct Term {
    let quotedError: Double
    let other: Double
    let place: FreeStrangers.Place
    let limit: FreeStrangers.Place
    let law: SeparationLaw

    var separation: Double { (2 * place.half).squareRoot() }
  }

  private struct Group {
    let number: Int
    var terms: [Term]
  }

  var lower: [Double] { scale.lower }
  var upper: [Double] { scale.upper }

  init(_ pairs: CorrectionPairs, relation: ErrorRelation) {
    self.init(pairs, CorrectionScale(pairs, relation: relation))
  }

  /// - Parameters:
  ///   - free: Which strangers are found.
  ///   - point: m and n from which follows what circles an error with axes is; nil: as if it were one circle.
  ///   - step: 1: all pairs; more: some of them only, enough for a first guess.
  init(
    _ pairs: CorrectionPairs, _ scale: CorrectionScale, free: FreeStrangers = .all, at point: [Double]? = nil,
    every step: Int = 1
  ) {
    (self.scale, self.free) = (scale, free)
    let correction = point.map(scale.correction)
    var groups = [Int: Group]()
    for place in stride(from: 0, to: pairs.pairs.count, by: max(step, 1)) {
      let pair = pairs.pairs[place]
      let term = Term(
        quotedError: pair.quotedError, other: pair.otherVarianceArcsec2,
        place: free.place(half: 0.5 * pair.separationArcsec * pair.separationArcsec),
        limit: free.place(half: 0.5 * pair.limitArcsec * pair.limitArcsec),
        law: SeparationLaw(
          basis: pairs.basis, mixture: pair.perturbation, motion: pair.motion, squaredYears: pair.years * pair.years,
          chance: 2 * .pi * pair.chancePerArcsec2, reference: 2 * .pi * pair.referencePerArcsec2, free: free,
          axes: correction.map { EllipseCircles(pair, $0) } ?? .circle))
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
          law.chanceDensity(at: term.place), law.density(at: term.place, variance: variance).value,
          law.chanceInside(term.limit), law.inside(term.limit, variance: variance).value))
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
          known, density: law.density(at: term.place, variance: total),
          inside: law.inside(term.limit, variance: total), variance)
      }
      sums.end()
    }
    return sums.derivatives
  }

  /// Which strangers are found, if the pairs are as m and n say.
  ///
  /// Each pair stands for the sources like it that are in none.
  func free(at point: [Double]) -> FreeStrangers {
    let place = SIMD2(point[0], point[1])
    let step = max(groups.reduce(0) { $0 + $1.terms.count } / Self.enoughVariances, 1)
    var (matched, all, own, strange) = (0.0, 0.0, 0.0, 0.0)
    var variances: [(weight: Double, variance: Double)] = []
    for group in groups {
      let chance = chanceShare(group, place)
      let share = chance.best(from: 0.1)
      for (index, (term, known)) in zip(group.terms, chance.terms).enumerated() {
        let weight = 1 / max(known.w + share * (known.z - known.w), Self.leastFound)
        let reference = term.law.reference ?? term.law.chance
        all += weight
        matched += weight * (1 - share)
        own += weight * (term.law.chance - reference)
        strange += weight * reference
        guard index % step == 0 else { continue }
        term.law.forEachGaussian(scale.variance(place, quotedError: term.quotedError).value + term.other) {
          weightOfPart, inverse, _ in
          variances.append((weight * (1 - share) * weightOfPart, 1 / inverse))
        }
      }
    }
    let share = strange > 0 && all > 0 ? matched / all * own / strange : 0
    return FreeStrangers(matchedShare: share, variances: variances)
  }

  /// The share of all pairs that are chance: a source without counterpart, or a stranger in its place.
  func chanceShare(at point: [Double]) -> Double {
    let place = SIMD2(point[0], point[1])
    var (own, all) = (0.0, 0.0)
    for group in groups {
      let chance = chanceShare(group, place)
      let share = chance.best(from: 0.1)
      for (term, known) in zip(group.terms, chance.terms) {
        let variance = scale.variance(place, quotedError: term.quotedError).value + term.other
        let density = max(known.y + share * (known.x - known.y), 1e-300)
        own += min((1 - share) * term.law.ownDensity(at: term.place, variance: variance) / density, 1)
        all += 1
      }
    }
    return all > 0 ? min(max(1 - own / all, 0), 1) : 0
  }

  private static let enoughVariances = 1000
  private static let leastFound = 0.01

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
        let place = term.law.free.place(half: min(0.5 * separation * separation, term.limit.half))
        let (chance, real) = (term.law.chanceInside(place), term.law.inside(place, variance: variance).value)
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
    _ known: SIMD4<Double>, density: Jet, inside: Jet, _ variance: CorrectionScale.Variance
  ) {
    let own = 1 - share
    let y = max(known.y + share * (known.x - known.y), 1e-300)
    let found = max(known.w + share * (known.z - known.w), 1e-300)
    let (a, b) = (density.first / y, inside.first / found)
    let first = own * (a - b)
    let second = own * (density.second / y - inside.second / found) - own * own * (a * a - b * b)
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
