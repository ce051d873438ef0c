internal import CatalogStore
internal import Indexing
internal import Match

/// Finds, in a piece of sky that is matched, the other sources inside the PSFs of matched ones.
///
/// Others are looked for up to 2 R from the counterpart, since errors can bring them nearer. That another one is the counterpart of
/// another source of the blurred catalogue has the probability that the match gives it, over all assignments. Detections of the
/// counterpart's own object are not others.
struct BlendCases {
  private let rows: ChunkResult
  private let field: IslandField
  private let blurredIsA: Bool
  private let radius: Double
  /// Σ P of the pairs of each source of the sharp catalogue.
  private var matched: [Double]
  /// P of each pair, by its sharp and its blurred source.
  private var probability: [UInt64: Double] = [:]

  /// How far others are looked for, in units of R.
  static let searched = 2.0
  /// Pairs less likely than this are not remembered.
  private static let leastProbability = 1e-9

  /// Nil where the PSF is not known.
  init?(_ rows: ChunkResult, _ field: IslandField, blurredIsA: Bool) {
    guard let radius = field.circles.radius(isA: blurredIsA) else { return nil }
    (self.rows, self.field, self.blurredIsA, self.radius) = (rows, field, blurredIsA, radius)
    matched = Array(repeating: 0, count: (blurredIsA ? field.b : field.a).count)
    for pair in rows.pairs where pair.pairP > Self.leastProbability {
      let (sharp, blurred) = blurredIsA ? (pair.b, pair.a) : (pair.a, pair.b)
      matched[Int(sharp)] += pair.pairP
      probability[Self.key(Int(sharp), Int(blurred))] = pair.pairP
    }
  }

  private static func key(_ sharp: Int, _ blurred: Int) -> UInt64 { UInt64(sharp) << 32 | UInt64(blurred) }

  /// Matched sources with their others, which may be none, in the order of `chosen`.
  /// - Parameter chosen: Rows of the matches.
  /// - Complexity: about O(sources + neighbours within 2 R).
  func cases(of chosen: [Int], stop: inout StopCheck) throws -> [BlendCase] {
    let sharp = blurredIsA ? field.b : field.a
    var cases = chosen.map { row in
      let match = rows.matches[row]
      return BlendCase(
        match: row, blurred: Int(blurredIsA ? match.a : match.b), counterpart: Int(blurredIsA ? match.b : match.a),
        neighbours: [])
    }
    let centres = PositionSet(
      raDegrees: cases.map { sharp.states.raDegrees[$0.counterpart] },
      decDegrees: cases.map { sharp.states.decDegrees[$0.counterpart] }, reachArcsec: Self.searched * radius)
    let others = PositionSet(
      raDegrees: sharp.states.raDegrees, decDegrees: sharp.states.decDegrees, reachArcsec: 0)
    try PairSearch.forEachPair(a: centres, b: others, stop: &stop) { place, source, separation in
      let own = cases[place].counterpart
      if source != own && !field.areOne(isA: !blurredIsA, own, source) {
        cases[place].neighbours.append(
          neighbour(source, beside: own, in: cases[place].blurred, sharp, separationArcsec: separation))
      }
      return true
    }
    for place in cases.indices {
      cases[place].neighbours.sort { ($0.separationArcsec, $0.source) < ($1.separationArcsec, $1.source) }
    }
    return cases
  }

  private func neighbour(
    _ source: Int, beside own: Int, in blurred: Int, _ sharp: PlacedSources, separationArcsec: Double
  ) -> BlendCase.Neighbour {
    let covariance = sharp.states.covariances[source] + sharp.states.covariances[own]
    let elsewhere = matched[source] - (probability[Self.key(source, blurred)] ?? 0)
    return BlendCase.Neighbour(
      source: source, separationArcsec: separationArcsec,
      errorArcsec: ((covariance.xx + covariance.yy) / 2).squareRoot(),
      matchedElsewhere: min(max(elsewhere, 0), 1))
  }
}
