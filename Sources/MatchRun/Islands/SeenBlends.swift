internal import Glibc
internal import Indexing
internal import Match

/// What the pairs of a piece of sky look like if their blurred sources hold other sources of the sharp catalogue.
struct SeenBlends {
  private let seen: SeenNeighbours
  private let a: PlacedSources
  private let b: PlacedSources
  private let magnitudes: (sharp: [Double], blurred: [Double])
  private let circles: SharpNeighbours
  /// By sharp source: its place among those with candidates.
  private let places: [Int32]
  private var hypotheses: BlendHypotheses

  /// - Throws: What `stop` throws.
  init(
    _ seen: SeenNeighbours, _ a: PlacedSources, _ b: PlacedSources, _ edges: CandidateEdges, stop: inout StopCheck
  ) throws {
    (self.seen, self.a, self.b) = (seen, a, b)
    magnitudes = seen.magnitudes(a, b)
    let sharp = seen.blurredIsA ? b : a
    var places = [Int32](repeating: -1, count: sharp.count)
    var sources: [Int] = []
    for source in seen.blurredIsA ? edges.b : edges.a where places[Int(source)] < 0 {
      places[Int(source)] = Int32(truncatingIfNeeded: sources.count)
      sources.append(Int(source))
    }
    self.places = places
    circles = try SharpNeighbours(
      of: sources, sharp.states, magnitudes.sharp, radiusArcsec: seen.pointSpread.circleArcsec, stop: &stop)
    hypotheses = BlendHypotheses(seen.pointSpread)
  }

  /// Whether no source has others beside it.
  var isEmpty: Bool { circles.isEmpty }

  /// What a pair looks like with others beside; nil if there are none that count, or magnitudes of the pair are not known.
  /// - Parameter isUnresolved: Whether another source of the sharp catalogue lies unresolved in the blurred one, beside its counterpart.
  /// - Complexity: some 20 µs if there are others.
  mutating func blend(
    _ i: Int, _ j: Int, separationArcsec: Double, isUnresolved: (_ other: Int, _ own: Int, _ blurred: Int) -> Bool
  ) -> SeenBlend? {
    let (own, blurred) = seen.blurredIsA ? (j, i) : (i, j)
    let magnitude = magnitudes.blurred[blurred]
    guard places[own] >= 0, !circles.isAlone(Int(places[own])), magnitude.isFinite,
      let expected = seen.law.magnitude(of: magnitudes.sharp[own])
    else { return nil }
    var others: [BlendHypotheses.Neighbour] = []
    for neighbour in circles[Int(places[own])] {
      guard let expected = seen.law.magnitude(of: magnitudes.sharp[neighbour.source]),
        expected.mean < magnitude + BlendHypotheses.depth, isUnresolved(neighbour.source, own, blurred)
      else { continue }
      others.append(
        BlendHypotheses.Neighbour(
          eastArcsec: neighbour.eastArcsec, northArcsec: neighbour.northArcsec, expected: expected))
    }
    if others.isEmpty { return nil }
    guard hypotheses.look(magnitude: magnitude, own: expected, others) else {
      return SeenBlend(blurredIsA: seen.blurredIsA, levels: [], logWeights: [], logFrequency: 0, law: .none)
    }
    return SeenBlend(
      blurredIsA: seen.blurredIsA, levels: levels(own, blurred, separationArcsec), logWeights: hypotheses.logWeights,
      logFrequency: seen.logFrequency(magnitude), law: law(blurred, magnitude))
  }

  /// By hypothesis: t of what is left of the offset.
  private func levels(_ own: Int, _ blurred: Int, _ separationArcsec: Double) -> [Double] {
    let (sharp, other) = seen.blurredIsA ? (b, a) : (a, b)
    let (from, to) = (sharp.states[own], other.states[blurred])
    let covariance = PairGeometry.covariance(from, to)
    let direction = PairGeometry.direction(from.raDegrees, from.decDegrees, to.raDegrees, to.decDegrees)
    return (0..<BlendHypotheses.count).map { point in
      let (east, north) = (hypotheses.eastArcsec[point], hypotheses.northArcsec[point])
      let along = separationArcsec - (east * direction.x + north * direction.y)
      let across = north * direction.x - east * direction.y
      return GaussianAUF.chiSquared(dxArcsec: along, dyArcsec: across, covariance: covariance) / 2
    }
  }

  /// The law of neighbours that the sharp catalogue does not list.
  private func law(_ blurred: Int, _ magnitude: Double) -> PerturbationMixture {
    let pulls = seen.blurredIsA ? a.pulls : b.pulls
    return pulls?.mixtures(blurred).law(below: seen.seenFlux(beside: magnitude)) ?? .none
  }
}
