internal import Indexing
internal import Match

/// How often a catalogue lists an object twice, and how close such sources lie, measured on a sample of the sky.
struct CatalogueDuplicates: Sendable, Equatable {
  /// The t = χ²/2 of two sources below which they are rather one object than two; 0: none are.
  private(set) var level = 0.0
  /// Sources for each object, on the average, in steps of 1/64; 1: none is listed twice.
  private(set) var detections = 1.0

  /// No object is listed twice.
  static let none = CatalogueDuplicates()

  private init() {}

  /// - Parameter core: Where the sources see all their neighbours.
  /// - Throws: What `stop` throws.
  init(_ sources: PlacedSources, in core: PixelRangeSet, stop: inout StopCheck) throws {
    let limits = CandidateLimits(
      level: DuplicateFit.limit, largestSeparationArcsec: Self.largestSeparationArcsec,
      largestCandidates: Self.mostNeighbours)
    var states = sources.states
    _ = states.look(GaussianLikelihood(), limits)
    let pairs = try CandidateEdges(states, states, GaussianLikelihood(), limits, stop: &stop)
    let isInCore = sources.columns.healpix29.map { core.contains($0) }
    // Each pair is found twice, and each source with itself.
    let levels = (0..<pairs.count).filter { edge in
      pairs.a[edge] < pairs.b[edge] && isInCore[Int(pairs.a[edge])]
    }.map { pairs.level[$0] }
    let fit = DuplicateFit(levels: levels)
    level = fit.level
    let number = Double(isInCore.count { $0 })
    if level > 0 { detections = (64 * number / max(number - fit.duplicates, number / 4)).rounded() / 64 }
  }

  /// What a user is told.
  func notes(_ name: String) -> [String] {
    if self == .none { return [] }
    let share = (1000 * (1 - 1 / detections)).rounded() / 10
    return [
      "\(share) % of the sources of \(name) are another detection of an object that it has already; they are marked duplicate, and "
        + "the probability that a counterpart is one of several is in a_group_p and b_group_p"
    ]
  }

  private static let largestSeparationArcsec = 60.0
  private static let mostNeighbours = 1000

  /// Whether two sources may be detections of one object.
  func areOne(_ one: SourceState, _ other: SourceState, separationArcsec: Double) -> Bool {
    level > 0
      && GaussianLikelihood().candidate(one, other, separationArcsec: separationArcsec, below: level) != nil
  }
}
