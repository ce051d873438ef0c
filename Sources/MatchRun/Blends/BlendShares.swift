internal import Glibc
internal import Indexing
internal import Match

/// Shares the flux of blurred sources among those of the sharp catalogue inside them, by a colour law learnt from confident matches.
struct BlendShares: Sendable {
  private let setting: BlendSetting
  private let law: ColourLaw
  /// The magnitude in the band of the blurred catalogue of the faintest sources that the sharp one lists completely.
  private let limit: Double

  /// Matches with this probability are confident.
  static let confident = 0.9
  /// How often the law is learnt anew without the foreign flux that the law before gives.
  private static let refinements = 2
  /// The width of the expected magnitude of a source that has none, mag.
  private static let unknownWidth = 2.0

  /// A confident match, with others in the blurred source or without.
  struct Example {
    let blend: BlendCase
    let field: IslandField
    let probability: Double
  }

  private init(_ setting: BlendSetting, _ law: ColourLaw) {
    (self.setting, self.law) = (setting, law)
    limit = setting.completeness.flatMap { law.magnitudeB(magnitudeA: $0)?.mean } ?? .infinity
  }

  /// Learns the law from the brighter half, and then twice from all without the foreign flux that the law before gives.
  /// - Returns: Nil where either catalogue has no magnitudes, or too few matches tell.
  init?(learntFrom examples: [Example], _ setting: BlendSetting, stop: inout StopCheck) throws {
    let known = examples.compactMap { example in Self.pair(example, setting).map { (example, $0) } }
    var pairs = known.map(\.1)
    let bright = pairs.map(\.magnitudeB).sorted()
    let end = setting.crowding.completeMagnitude
    guard !bright.isEmpty, var law = try? ColourLaw(pairs, limitB: min(end, bright[bright.count / 2])) else {
      return nil
    }
    for _ in 0..<Self.refinements {
      let shares = BlendShares(setting, law)
      for (place, (example, _)) in known.enumerated() where !example.blend.neighbours.isEmpty {
        try stop.after(steps: 1000)
        let foreign = try shares.blend(example.blend, example.field)?.blend.foreignShare ?? 0
        pairs[place].foreignShare = min(foreign, 0.99)
      }
      law = (try? ColourLaw(pairs, limitB: end)) ?? law
    }
    self.init(setting, law)
  }

  private static func pair(_ example: Example, _ setting: BlendSetting) -> ColourLaw.Pair? {
    let (blurred, sharp) = setting.sides(example.field)
    let own = setting.own(sharp, example.blend.counterpart)
    let measured = setting.measured(blurred, example.blend.blurred)
    guard own.magnitude.isFinite, measured.magnitude.isFinite else { return nil }
    return ColourLaw.Pair(
      magnitudeA: own.magnitude, colourA: own.colour, magnitudeB: measured.magnitude, errorB: measured.error,
      weight: example.probability)
  }

  /// The blend of a matched source with its neighbours, and the share of those that are not seen; nil where a magnitude of the pair is
  /// not known.
  /// - Complexity: 0.1 ms, and 0.05 ms for each neighbour.
  func blend(_ one: BlendCase, _ field: IslandField) throws -> (blend: Blend, unseen: Double)? {
    let (blurred, sharp) = setting.sides(field)
    let measured = setting.measured(blurred, one.blurred)
    let own = setting.own(sharp, one.counterpart)
    guard measured.magnitude.isFinite, let expected = law.magnitudeB(magnitudeA: own.magnitude, colourA: own.colour)
    else { return nil }
    let unseen = try setting.unseenShare(blurred, one.blurred, magnitude: measured.magnitude, fainterThan: limit)
    let source = BlendSource(
      magnitude: measured.magnitude, magnitudeError: measured.error, expected: expected, unseenShare: unseen)
    let neighbours = one.neighbours.map { neighbour in
      let (magnitude, colour) = setting.own(sharp, neighbour.source)
      return BlendNeighbour(
        separationArcsec: neighbour.separationArcsec, separationErrorArcsec: neighbour.errorArcsec,
        expected: law.magnitudeB(magnitudeA: magnitude, colourA: colour) ?? unknown,
        matchedElsewhere: neighbour.matchedElsewhere)
    }
    // Magnitudes and errors beyond what can be: nothing is told.
    return (try? setting.model.blend(source, neighbours)).map { ($0, unseen) }
  }

  private var unknown: BlendMagnitude {
    BlendMagnitude(
      mean: law.magnitudeB(magnitudeA: setting.medianMagnitude)?.mean ?? setting.medianMagnitude,
      sigma: Self.unknownWidth)
  }
}
