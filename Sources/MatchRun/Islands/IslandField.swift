internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// The sources and candidate pairs of a chunk with their priors: what the islands in it are made of.
final class IslandField {
  /// The pairs that take part in the pairing.
  private(set) var edges: CandidateEdges
  /// Those that do not.
  private(set) var negligible = NegligiblePairs()
  /// Below it ln R is negligible.
  private var logLeast = -Double.infinity
  let a: PlacedSources
  let b: PlacedSources
  private let likelihood: any PairLikelihood
  private let duplicates: (a: CatalogueDuplicates, b: CatalogueDuplicates)
  /// Within which circles sources are blended.
  let circles: BlendCircles
  private var partners: (a: LikelyPartners, b: LikelyPartners)?
  /// By pair: what others that are seen beside its sharp source add to ln R; empty where nothing is known of them.
  private var logBlends: [Double] = []
  private let models: RegionModels
  /// The pairs as models of pairs see them; nil where the method has none.
  private let kinds: NeighbourhoodKinds?
  private let regionOfA: [Int32]
  private let regionOfB: [Int32]
  /// What to know of each source by itself, of its place and of its region.
  private var flagsA: [MatchFlags]
  private var flagsB: [MatchFlags]

  /// - Parameter models: Takes up the regions that the sources lie in.
  init(
    plan: MatchPlan, models: inout RegionModels, _ neighbourhood: Neighbourhood, stop: inout StopCheck
  ) throws {
    (likelihood, duplicates) = (plan.likelihood, plan.duplicates)
    circles = BlendCircles(plan.inputs)
    (a, b, edges) = (neighbourhood.a, neighbourhood.b, neighbourhood.edges)
    regionOfA = Self.regions(of: a, plan.regions)
    regionOfB = Self.regions(of: b, plan.regions)
    for regions in [regionOfA, regionOfB] { try models.require(regions.withoutRepeats, stop: &stop) }
    self.models = models
    kinds = plan.searchReach.map { _ in NeighbourhoodKinds(neighbourhood, plan.inputs) }
    flagsA = Self.flags(of: a, regionOfA, models, own: plan.coverageA, other: plan.coverageB)
    flagsB = Self.flags(of: b, regionOfB, models, own: plan.coverageB, other: plan.coverageA)
    try takeOutNegligible(
      below: plan.configuration.negligibleProbability, plan.inputs.seen, stop: &stop)
  }

  /// ln R of a pair from the position alone, and with magnitudes.
  private typealias LogRatios = (positional: Double, photometric: Double)

  /// Takes the negligible pairs out of the pairing. A ratio that is not a number is kept: the solver says what is wrong with it.
  private func takeOutNegligible(below probability: Double, _ seen: SeenNeighbours?, stop: inout StopCheck) throws {
    logLeast = probability > 0 ? log(probability / (1 - probability)) : -.infinity
    if circles.largestArcsec == nil && logLeast == -.infinity { return }
    var ratios = try (0..<edges.count).map { edge in
      try stop.after(steps: 4)
      return logRatios(ofEdge: edge)
    }
    if circles.largestArcsec != nil { findPartners(ratios) }
    if let seen, try look(seen, &ratios, stop: &stop) { findPartners(ratios) }
    try takeOut(stop: &stop) { edge in max(ratios[edge].positional, ratios[edge].photometric) }
  }

  private func findPartners(_ ratios: [LogRatios]) {
    var found = (a: LikelyPartners(count: a.count), b: LikelyPartners(count: b.count))
    for edge in ratios.indices {
      let (i, j) = sources(ofEdge: edge)
      found.a.add(i, j, logRatio: ratios[edge].photometric)
      found.b.add(j, i, logRatio: ratios[edge].photometric)
    }
    partners = found
  }

  /// Looks at the sources that the sharp catalogue lists beside those of the pairs.
  /// - Returns: Whether they count for any pair.
  private func look(_ seen: SeenNeighbours, _ ratios: inout [LogRatios], stop: inout StopCheck) throws -> Bool {
    guard let kinds else { return false }
    var blends = try SeenBlends(seen, a, b, edges, stop: &stop)
    if blends.isEmpty { return false }
    var logBlends = [Double](repeating: 0, count: edges.count)
    for edge in 0..<edges.count {
      let (i, j) = sources(ofEdge: edge)
      let blend = blends.blend(i, j, separationArcsec: edges.separationArcsec[edge]) { other, own, blurred in
        isUnresolved(isA: !seen.blurredIsA, other, beside: own, in: blurred)
      }
      guard let blend else { continue }
      try stop.after(steps: 1000)
      let (level, logDensity) = (edges.level[edge], edges.logDensity[edge])
      let verdict = models.verdict(
        on: kinds.pair(i, j, level: level, logDensity: logDensity), pulls: kinds.pulls(i, j, level: level),
        blend: blend, ofA: Int(regionOfA[i]), ofB: Int(regionOfB[j]))
      guard let verdict else { continue }
      logBlends[edge] = verdict.both - ratios[edge].photometric
      ratios[edge].photometric = verdict.both
    }
    self.logBlends = logBlends
    return true
  }

  // MARK: Islands

  /// The islands of the pairs that take part in the pairing.
  func islands(stop: inout StopCheck) throws -> Islands {
    try Islands.components(
      aCount: a.count, bCount: b.count, edgesA: edges.a, edgesB: edges.b, stop: &stop)
  }

  /// The islands that are left when the pairs of entangled ones that magnitudes make negligible are taken out of the pairing.
  /// - Returns: The islands, and the sources that were entangled.
  func disentangledIslands(
    complete: PixelRangeSet, stop: inout StopCheck
  ) throws -> (islands: Islands, entangled: IslandSources?) {
    let islands = try islands(stop: &stop)
    if logLeast == -.infinity { return (islands, nil) }
    let limit = OversizedIslands(a, b, largestPairs: NegligiblePairs.entangledPairs)
    guard let entangled = try limit.sources(of: edges, islands, complete: complete, stop: &stop) else {
      return (islands, nil)
    }
    try takeOutNegligible(of: entangled, stop: &stop)
    return (try self.islands(stop: &stop), entangled)
  }

  /// Takes the pairs of entangled sources out of the pairing that are negligible with magnitudes, and marks the sources.
  func takeOutNegligible(of entangled: IslandSources, stop: inout StopCheck) throws {
    try takeOut(stop: &stop) { edge in
      let ((i, j), ratios) = (sources(ofEdge: edge), logRatios(ofEdge: edge))
      return entangled.contains(a: i, b: j) ? ratios.photometric : max(ratios.positional, ratios.photometric)
    }
    for (row, isEntangled) in entangled.a.enumerated() where isEntangled { flagsA[row].insert(.entangled) }
    for (row, isEntangled) in entangled.b.enumerated() where isEntangled { flagsB[row].insert(.entangled) }
  }

  /// - Parameter bound: ln of what bounds R of an edge.
  private func takeOut(stop: inout StopCheck, _ bound: (_ edge: Int) -> Double) throws {
    var isNegligible = [Bool](repeating: false, count: edges.count)
    var logBounds: [Double] = []
    for edge in isNegligible.indices {
      try stop.after(steps: 4)
      let logBound = bound(edge)
      guard logBound < logLeast else { continue }
      isNegligible[edge] = true
      logBounds.append(logBound)
    }
    if !logBounds.isEmpty {
      negligible.add(
        edges.takeOut(isNegligible), logBounds: logBounds, aCount: a.count, bCount: b.count)
      keepBlends { !isNegligible[$0] }
    }
  }

  private func keepBlends(_ isKept: (_ edge: Int) -> Bool) {
    if !logBlends.isEmpty { logBlends = logBlends.indices.filter(isKept).map { logBlends[$0] } }
  }

  private func logBlend(ofEdge edge: Int) -> Double { logBlends.isEmpty ? 0 : logBlends[edge] }

  /// ln R from the position alone, and with magnitudes.
  private func logRatios(ofEdge edge: Int) -> LogRatios {
    let (i, j) = sources(ofEdge: edge)
    if let verdict = verdict(i, j, level: edges.level[edge], logDensity: edges.logDensity[edge]) {
      return (verdict.position, verdict.both + logBlend(ofEdge: edge))
    }
    let (regionA, regionB) = (Int(regionOfA[i]), Int(regionOfB[j]))
    let (classA, classB) = (a.photometricClass[i], b.photometricClass[j])
    let priors = models.priors(ofA: regionA, class: classA, ofB: regionB, class: classB)
    let positional = PairQuantities.logRatio(logDensity: edges.logDensity[edge], priors: priors)
    return (
      positional,
      positional + models.logPhotometricRatio(ofA: regionA, class: classA, ofB: regionB, class: classB)
    )
  }

  /// Leaves out pairs of the pairing, and marks both ends of each.
  func leaveOut(_ isLeftOut: (_ a: Int, _ b: Int) -> Bool) {
    keepBlends { !isLeftOut(Int(edges.a[$0]), Int(edges.b[$0])) }
    edges.leaveOut(isLeftOut)
  }

  /// Marks the sources of which candidates were left out for their number.
  func markCrowded() {
    for (row, isMarked) in (edges.lackingA ?? []).enumerated() where isMarked { flagsA[row].insert(.crowded) }
    for (row, isMarked) in (edges.lackingB ?? []).enumerated() where isMarked { flagsB[row].insert(.crowded) }
  }

  /// The region of each source; sources lie along the curve, and so do regions.
  static func regions(of sources: PlacedSources, _ regions: PriorRegions) -> [Int32] {
    var region: Int32 = 0
    var end: Int64 = 0
    return sources.columns.healpix29.map { index in
      if index >= end {
        let position = regions.region(of: index)
        region = Int32(position)
        end = regions.regions[position].pixel.range29.upperBound
      }
      return region
    }
  }

  private static func flags(
    of sources: PlacedSources, _ regions: [Int32], _ models: RegionModels, own: CoverageMap, other: CoverageMap
  ) -> [MatchFlags] {
    var flags = SkyFlags.flags(of: sources.columns.healpix29, own: own, other: other)
    for index in flags.indices {
      flags[index].formUnion(sources.flags[index].union(models[Int(regions[index])].flags))
    }
    return flags
  }

  // MARK: Pairs

  /// The photometric classes of both sources of an edge.
  func classes(ofEdge edge: Int) -> (a: Int32, b: Int32) {
    let (i, j) = sources(ofEdge: edge)
    return (a.photometricClass[i], b.photometricClass[j])
  }

  func sources(ofEdge edge: Int) -> (a: Int, b: Int) { (Int(edges.a[edge]), Int(edges.b[edge])) }

  /// Whether either catalogue lists objects twice.
  var hasDuplicates: Bool { duplicates != (.none, .none) }

  /// Whether two sources of one catalogue may be detections of one object.
  func areOne(isA: Bool, _ one: Int, _ other: Int) -> Bool {
    let (states, duplicates) = isA ? (a.states, duplicates.a) : (b.states, duplicates.b)
    if duplicates == .none { return false }
    let (one, other) = (states[one], states[other])
    let distance = separation(
      ra1Degrees: one.raDegrees, dec1Degrees: one.decDegrees, ra2Degrees: other.raDegrees,
      dec2Degrees: other.decDegrees)
    return duplicates.areOne(one, other, separationArcsec: distance.arcseconds)
  }

  /// Whether a source lies unresolved in a source of the other catalogue that holds its counterpart: it is another object, and no
  /// likely counterpart of another source there.
  /// - Parameters:
  ///   - isA: Its catalogue.
  ///   - own: The counterpart.
  ///   - blurred: The source of the other catalogue.
  func isUnresolved(isA: Bool, _ source: Int, beside own: Int, in blurred: Int) -> Bool {
    guard let partners else { return false }
    return !(isA ? partners.a : partners.b).has(source, besides: blurred) && !areOne(isA: isA, own, source)
  }

  func evidence(ofEdge edge: Int) -> EdgeEvidence {
    let (i, j) = sources(ofEdge: edge)
    return evidence(
      i, j, level: edges.level[edge], logDensity: edges.logDensity[edge], logBlend: logBlend(ofEdge: edge))
  }

  /// - Parameters:
  ///   - level: −ln(1 − F) of the likelihood of positions.
  ///   - logDensity: ln G of it.
  ///   - logBlend: What others beside add to ln R.
  private func evidence(
    _ i: Int, _ j: Int, level: Double, logDensity: Double, logBlend: Double = 0
  ) -> EdgeEvidence {
    if var verdict = verdict(i, j, level: level, logDensity: logDensity), let kinds {
      verdict.both += logBlend
      return EdgeEvidence(verdict, kinds.densities(i, j))
    }
    let (regionA, regionB) = (Int(regionOfA[i]), Int(regionOfB[j]))
    let (classA, classB) = (a.photometricClass[i], b.photometricClass[j])
    let priors = models.priors(ofA: regionA, class: classA, ofB: regionB, class: classB)
    let photometry = models.logPhotometricRatio(ofA: regionA, class: classA, ofB: regionB, class: classB)
    return EdgeEvidence(
      priors: priors, positionRatio: PairQuantities.logRatio(logDensity: logDensity, priors: priors),
      photometricRatio: photometry, eta: photometry / log(10),
      xi: PairQuantities.xi(logDensity: logDensity, priors: priors), logDensity: logDensity)
  }

  private func verdict(_ i: Int, _ j: Int, level: Double, logDensity: Double) -> PairModel.Verdict? {
    guard let kinds else { return nil }
    return models.verdict(
      on: kinds.pair(i, j, level: level, logDensity: logDensity), pulls: kinds.pulls(i, j, level: level),
      ofA: Int(regionOfA[i]),
      ofB: Int(regionOfB[j]))
  }

  /// What hidden neighbours do to the two sources of an edge, if they are one object.
  func contamination(ofEdge edge: Int) -> (a: Contamination, b: Contamination) {
    let (i, j) = sources(ofEdge: edge)
    guard a.pulls != nil || b.pulls != nil, let kinds, let judge = models.judge(of: Int(regionOfA[i])) else {
      return (.unknown, .unknown)
    }
    let pair = kinds.pair(i, j, level: edges.level[edge], logDensity: edges.logDensity[edge])
    let found = judge.contamination(
      level: pair.level, spreadArcsec2: pair.spreadArcsec2, drift: kinds.drift(i, j),
      a: a.pulls?.mixtures(i) ?? .none, b: b.pulls?.mixtures(j) ?? .none)
    func contamination(_ pulls: SourcePulls?, _ row: Int, _ above1: Double, _ above10: Double) -> Contamination {
      pulls.map { Contamination(meanFlux: $0.meanFlux(row), above1: above1, above10: above10) } ?? .unknown
    }
    return (
      contamination(a.pulls, i, found.a1, found.a10), contamination(b.pulls, j, found.b1, found.b10)
    )
  }

  /// The mean flux of hidden neighbours in that of a source, relative to its own; NaN where it is not modelled.
  func meanContamination(isA: Bool, _ source: Int) -> Double { (isA ? a : b).pulls?.meanFlux(source) ?? .nan }

  /// By which factors the probability that a source has no counterpart within the search is that it has none at all: with
  /// magnitudes and without.
  func aloneFactors(isA: Bool, _ source: Int) -> (photometric: Double, positional: Double) {
    guard let kinds, let judge = models.judge(of: Int((isA ? regionOfA : regionOfB)[source])) else { return (1, 1) }
    let (kindClass, error, spread, pull) = kinds.source(isA: isA, source)
    func factor(_ photometric: Bool) -> Double {
      judge.aloneFactor(
        isA: isA, class: kindClass, error: error, spreadArcsec2: spread, pull: pull, photometric: photometric)
    }
    return (factor(true), factor(false))
  }

  /// The nearest of some sources of the other catalogue for each of some sources; the first of equals. Both lists lie along
  /// the curve.
  /// - Complexity: O(sources · log others), or O(sources · others) for few.
  func nearest(isA: Bool, of sources: [Int32], among others: [Int32]) -> [NearestUnmatched?] {
    if others.isEmpty { return Array(repeating: nil, count: sources.count) }
    if sources.count * others.count <= Self.fewComparisons {
      return sources.map { nearest(isA: isA, Int($0), among: others) }
    }
    func positions(_ placed: PlacedSources, _ list: [Int32]) -> PositionSet {
      let states = placed.states
      return PositionSet(
        raDegrees: list.map { states.raDegrees[Int($0)] }, decDegrees: list.map { states.decDegrees[Int($0)] },
        reachArcsec: 0)
    }
    let found = PairSearch.nearest(of: positions(isA ? a : b, sources), in: positions(isA ? b : a, others))
    return sources.indices.map { index in
      nearest(isA: isA, Int(sources[index]), among: [others[Int(found.index[index])]])
    }
  }

  private static let fewComparisons = 1024

  /// The nearest negligible candidate of a source.
  func nearestNegligible(isA: Bool, of source: Int) -> NearestUnmatched? {
    guard let nearest = negligible.nearest(isA: isA, source) else { return nil }
    let (i, j) = isA ? (source, Int(nearest.other)) : (Int(nearest.other), source)
    let evidence = evidence(i, j, level: nearest.level, logDensity: nearest.logDensity)
    return NearestUnmatched(
      place: nearest.other, separationArcsec: nearest.separationArcsec, eta: evidence.eta,
      xi: evidence.xi)
  }

  private func nearest(isA: Bool, _ index: Int, among others: [Int32]) -> NearestUnmatched? {
    var best: (other: Int, separation: Double)?
    for other in others {
      let (i, j) = isA ? (index, Int(other)) : (Int(other), index)
      let (one, two) = (a.states[i], b.states[j])
      let distance = separation(
        ra1Degrees: one.raDegrees, dec1Degrees: one.decDegrees, ra2Degrees: two.raDegrees, dec2Degrees: two.decDegrees
      ).arcseconds
      if best.map({ distance < $0.separation }) ?? true { best = (Int(other), distance) }
    }
    guard let best else { return nil }
    let (i, j) = isA ? (index, best.other) : (best.other, index)
    let positional = likelihood.evidence(a.states[i], b.states[j], separationArcsec: best.separation)
    let evidence = evidence(i, j, level: positional.level, logDensity: positional.logDensity)
    return NearestUnmatched(
      place: Int32(best.other), separationArcsec: best.separation, eta: evidence.eta, xi: evidence.xi)
  }

  // MARK: Flags

  func flags(isA: Bool, _ index: Int) -> MatchFlags { isA ? flagsA[index] : flagsB[index] }

  func flags(ofPair a: Int, _ b: Int) -> MatchFlags { flagsA[a].union(flagsB[b]) }
}

extension [Int32] {
  /// The elements that differ from the one before.
  fileprivate var withoutRepeats: [Int32] {
    indices.filter { $0 == 0 || self[$0] != self[$0 - 1] }.map { self[$0] }
  }
}
