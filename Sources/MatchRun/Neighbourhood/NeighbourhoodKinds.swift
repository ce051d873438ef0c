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

  init(_ sources: PlacedSources, _ inputs: MatchInputs, isA: Bool) {
    let side = isA ? inputs.a : inputs.b
    let count = side.classes.count
    classes = sources.photometricClass.map { UInt8(PairKind.kindClass(Int($0), of: count)) }
    spreads = sources.states.covariances.map { $0.determinant.squareRoot() }
    errors = spreads.map { UInt8(LogBins.errors.bin($0.squareRoot())) }
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

  init(_ neighbourhood: Neighbourhood, _ inputs: MatchInputs) {
    self.init(neighbourhood.a, neighbourhood.b, inputs)
  }

  init(_ a: PlacedSources, _ b: PlacedSources, _ inputs: MatchInputs) {
    self.a = SourceKinds(a, inputs, isA: true)
    self.b = SourceKinds(b, inputs, isA: false)
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
    let kind = PairKind(
      fold: SkyFolds.fold(of: min(skyA[i], skyB[j])), classA: Int(a.classes[i]), classB: Int(b.classes[j]),
      errorA: Int(a.errors[i]), errorB: Int(b.errors[j]), spread: 0, density: 0, level: 0)
    return PairModel.Pair(
      level: level, spreadArcsec2: GaussianAUF.spreadArcsec2(logDensity: logDensity, level: level),
      densityPerDegree2: a.densities[i] + b.densities[j], kind: kind)
  }

  /// The densities around two sources, deg⁻².
  func densities(_ i: Int, _ j: Int) -> (a: Double, b: Double) { (a.densities[i], b.densities[j]) }

  /// What is known of a source by itself.
  func source(isA: Bool, _ index: Int) -> (class: Int, error: Int, spreadArcsec2: Double) {
    let side = isA ? a : b
    return (Int(side.classes[index]), Int(side.errors[index]), side.spreads[index])
  }
}
