internal import CatalogStore
internal import Indexing
internal import Match

/// The sources of one catalogue as the kinds of their pairs tell them: class of magnitude, bin of the error, density around them.
struct SourceKinds {
  /// Of `PairKind`.
  let classes: [UInt8]
  /// Bins of `LogBins.errors`.
  let errors: [UInt8]
  /// deg⁻².
  let densities: [Double]
  /// √det of the covariance, arcsec².
  let spreads: [Double]
  /// How hidden neighbours pull them; nil where that is not known.
  let pulls: SourcePulls?
  /// How far they have drifted whose motion is not known; nil where none has.
  let drifts: SourceDrifts?
  private let pullClasses: [UInt8]

  private let magnitudes: [[Double]]
  private let bestBand: [Double]?
  private let magnitudeClasses: MagnitudeClasses

  /// How much fainter, mag: neighbours with 10 % to all of the flux, in a fit of the PSF.
  private static let brightening = SIMD4(0.1, 0.25, 0.45, 0.65)

  /// A source without bright neighbours; nil where these are not looked at, or rare.
  func clean(_ index: Int) -> PairModel.Pulls.Clean? {
    guard magnitudeClasses.count > 0, let law = pulls?.cleanLaw(index) else { return nil }
    return PairModel.Pulls.Clean(law: law, classes: deblended(index))
  }

  /// The classes that a source would have without the light of a bright neighbour.
  private func deblended(_ index: Int) -> SIMD4<UInt8> {
    var found = SIMD4(repeating: classes[index])
    for step in 0..<4 {
      let fainter = magnitudeClasses.classIndex(
        of: index, magnitudes: magnitudes, bestBand: bestBand, fainterBy: Self.brightening[step])
      if fainter >= 0 { found[step] = UInt8(PairKind.kindClass(Int(fainter), of: magnitudeClasses.count)) }
    }
    return found
  }

  /// Of `PullClasses`.
  @inline(__always)
  func pullClass(_ index: Int) -> Int { pullClasses.isEmpty ? 0 : Int(pullClasses[index]) }

  /// Whether hidden neighbours or unknown motions displace them.
  var areDisplaced: Bool { !pullClasses.isEmpty }

  /// The years over which a source has drifted; 0 where it has not.
  @inline(__always)
  func years(_ index: Int) -> Double { drifts.map { $0.years[index] } ?? 0 }

  init(_ sources: PlacedSources, _ inputs: MatchInputs, isA: Bool) {
    let side = isA ? inputs.a : inputs.b
    let count = side.classes.count
    classes = sources.photometricClass.map { UInt8(PairKind.kindClass(Int($0), of: count)) }
    spreads = sources.states.covariances.map { $0.determinant.squareRoot() }
    errors = spreads.map { UInt8(LogBins.errors.bin($0.squareRoot())) }
    (pulls, drifts, pullClasses) = (sources.pulls, sources.drifts, sources.pullClasses)
    (magnitudes, bestBand, magnitudeClasses) = (sources.columns.magnitudes, sources.columns[.bestBand], side.classes)
    densities =
      sources.columns[.density] ?? Array(repeating: side.meanDensityPerDegree2, count: sources.count)
  }
}

/// The candidate pairs of a neighbourhood as a `PairModel` sees them.
struct NeighbourhoodKinds {
  private let a: SourceKinds
  private let b: SourceKinds
  private let skyA: [Int64]
  private let skyB: [Int64]
  private let levels = LevelBins()
  /// Whether the magnitude of the source of a tells how a pair moves.
  private let takesA: Bool

  init(_ neighbourhood: Neighbourhood, _ inputs: MatchInputs) {
    self.init(neighbourhood.a, neighbourhood.b, inputs)
  }

  init(_ a: PlacedSources, _ b: PlacedSources, _ inputs: MatchInputs) {
    self.a = SourceKinds(a, inputs, isA: true)
    self.b = SourceKinds(b, inputs, isA: false)
    takesA = inputs.motions?.takesA ?? true
    (skyA, skyB) = (a.columns.healpix29, b.columns.healpix29)
  }

  /// The kind of a candidate pair, bin for bin.
  func kind(ofEdge edge: Int, _ edges: CandidateEdges) -> PairKind {
    let pair = pair(
      Int(edges.a[edge]), Int(edges.b[edge]), level: edges.level[edge], logDensity: edges.logDensity[edge])
    var kind = pair.kind
    kind.spread = LogBins.spreads.bin(pair.spreadArcsec2)
    kind.density = LogBins.densities.bin(pair.densityPerDegree2)
    kind.level = levels.bin(pair.level)
    return kind
  }

  /// A source of a and one of b as a model judges them.
  /// - Parameters:
  ///   - level: t = χ²/2.
  ///   - logDensity: ln G of right errors, which tells the covariance of the pair: G = 3600²/(2π √|C|) e⁻ᵗ.
  func pair(_ i: Int, _ j: Int, level: Double, logDensity: Double) -> PairModel.Pair {
    var kind = PairKind(
      fold: SkyFolds.fold(of: min(skyA[i], skyB[j])), classA: Int(a.classes[i]), classB: Int(b.classes[j]),
      errorA: Int(a.errors[i]), errorB: Int(b.errors[j]), spread: 0, density: 0, level: 0)
    (kind.pullA, kind.pullB) = (a.pullClass(i), b.pullClass(j))
    return PairModel.Pair(
      level: level, spreadArcsec2: GaussianAUF.spreadArcsec2(logDensity: logDensity, level: level),
      densityPerDegree2: a.densities[i] + b.densities[j], kind: kind)
  }

  /// How hidden neighbours pull two sources, and how far they have drifted apart; nil where neither is known.
  /// - Parameter level: t. Bright neighbours are looked for in pairs that are far apart.
  func pulls(_ i: Int, _ j: Int, level: Double) -> PairModel.Pulls? {
    let drift = drift(i, j)
    if a.pulls == nil && b.pulls == nil && drift.isNone { return nil }
    var pulls = PairModel.Pulls(a: a.pulls?.law(i) ?? .none, b: b.pulls?.law(j) ?? .none, drift: drift)
    if level > Self.usualLevel { (pulls.cleanA, pulls.cleanB) = (a.clean(i), b.clean(j)) }
    return pulls
  }

  /// How far an object has moved from the epoch of one source to that of the other: a known motion has brought its source to the epoch of
  /// the match.
  func drift(_ i: Int, _ j: Int) -> DriftLaw {
    let (yearsA, yearsB) = (a.years(i), b.years(j))
    let isOfA = yearsA != 0 && (takesA || yearsB == 0)
    guard yearsA != yearsB, let motion = isOfA ? a.drifts?.motion(i) : b.drifts?.motion(j) else { return .none }
    return DriftLaw(motion, years: yearsA - yearsB, spreadArcsec2: a.spreads[i] + b.spreads[j])
  }

  /// Most counterparts lie nearer.
  private static let usualLevel = 2.0

  /// The classes of these pulls, of `PullClasses`.
  func pullClasses(_ i: Int, _ j: Int) -> (a: Int, b: Int) { (a.pullClass(i), b.pullClass(j)) }

  /// The densities around two sources, deg⁻².
  func densities(_ i: Int, _ j: Int) -> (a: Double, b: Double) { (a.densities[i], b.densities[j]) }

  /// What is known of a source by itself.
  func source(isA: Bool, _ index: Int) -> (class: Int, error: Int, spreadArcsec2: Double, pull: Int) {
    let side = isA ? a : b
    return (Int(side.classes[index]), Int(side.errors[index]), side.spreads[index], side.pullClass(index))
  }
}
