/// E, the share of counterparts within the search, of a model: by classes of pulls and bin of the spread.
///
/// Classes that no source of the region is in have the E of the nearest that one is in.
struct SharesInside {
  /// By class of a, class of b, bin of the spread.
  private var shares: [Double]
  /// The mean over the sources of b, by class of a and bin of the spread.
  private var meansA: [Double]
  /// The mean over the sources of a, by class of b and bin of the spread.
  private var meansB: [Double]

  /// Classes on each side: one where nothing is pulled.
  private let classes: Int
  private static let spreads = LogBins.spreads.count

  /// - Complexity: O(classes of a · classes of b · bins of the spread · Gaussians).
  init(_ model: PairModel, limits: [Double]) {
    classes = model.pulls.isNone ? 1 : PullClasses.count
    let (usedA, usedB) = (model.pulls.a.used, model.pulls.b.used)
    shares = Array(repeating: 0, count: classes * classes * Self.spreads)
    meansA = Array(repeating: 0, count: classes * Self.spreads)
    meansB = meansA
    let nearestA = nearest(usedA.map(\.place))
    let nearestB = nearest(usedB.map(\.place))
    for a in usedA {
      for b in usedB { fill(a.place, b.place, model, limits) }
    }
    for a in 0..<classes {
      for b in 0..<classes { copy((a, b), from: (nearestA[a], nearestB[b])) }
    }
    let (totalA, totalB) = (usedA.reduce(0) { $0 + $1.sources }, usedB.reduce(0) { $0 + $1.sources })
    for cell in 0..<classes * Self.spreads {
      let (own, spread) = (cell / Self.spreads, cell % Self.spreads)
      for b in usedB { meansA[cell] += b.sources / totalB * shares[place(own, b.place) + spread] }
      for a in usedA { meansB[cell] += a.sources / totalA * shares[place(a.place, own) + spread] }
    }
  }

  /// E of a pair of two classes.
  @inline(__always)
  func share(_ a: Int, _ b: Int, spreadBin: Int) -> Double { shares[place(a, b) + spreadBin] }

  /// E of a source, on the average over the classes of the other side.
  func mean(isA: Bool, pull: Int, spreadBin: Int) -> Double {
    (isA ? meansA : meansB)[min(pull, classes - 1) * Self.spreads + spreadBin]
  }

  /// Where the bins of two classes begin.
  func place(_ a: Int, _ b: Int) -> Int { (min(a, classes - 1) * classes + min(b, classes - 1)) * Self.spreads }

  private func nearest(_ used: [Int]) -> [Int] {
    (0..<classes).map { place in used.min { abs($0 - place) < abs($1 - place) } ?? 0 }
  }

  private mutating func fill(_ a: Int, _ b: Int, _ model: PairModel, _ limits: [Double]) {
    let profiles = model.pulls.profiles(a, b)
    for bin in 0..<Self.spreads {
      shares[place(a, b) + bin] = model.widths.share(
        spreadArcsec2: LogBins.spreads.middle(bin), limit: limits[bin], pulls: profiles)
    }
  }

  private mutating func copy(_ target: (a: Int, b: Int), from other: (a: Int, b: Int)) {
    if target == other { return }
    let (to, from) = (place(target.a, target.b), place(other.a, other.b))
    for bin in 0..<Self.spreads { shares[to + bin] = shares[from + bin] }
  }
}
