internal import CatalogStore
internal import Indexing

/// Marks the matches in which one source may hold the light of several of the other catalogue.
///
/// A matched source of b is marked where another source of a lies within R = 1.185 FWHM of b's PSF from its counterpart, is not a
/// detection of the same object, and has no likely counterpart of its own in b; and the other way round. It follows from the sources
/// within `MatchPlan.sight` alone.
struct BlendFlags {
  private let field: IslandField

  init(_ field: IslandField) { self.field = field }

  /// - Complexity: about O(sources + neighbours within R of matched sources).
  func mark(_ matches: inout [MatchRow], stop: inout StopCheck) throws {
    try mark(&matches, blurredIsA: false, .blendedB, stop: &stop)
    try mark(&matches, blurredIsA: true, .blendedA, stop: &stop)
  }

  /// - Parameter blurredIsA: Whose PSF holds several sources of the other catalogue.
  private func mark(
    _ matches: inout [MatchRow], blurredIsA: Bool, _ flag: MatchFlags, stop: inout StopCheck
  ) throws {
    guard let radius = field.circles.radius(isA: blurredIsA), !matches.isEmpty else { return }
    let states = (blurredIsA ? field.b : field.a).states
    let counterparts = matches.map { Int(blurredIsA ? $0.b : $0.a) }
    let (centres, others) = (
      PositionSet(
        raDegrees: counterparts.map { states.raDegrees[$0] }, decDegrees: counterparts.map { states.decDegrees[$0] },
        reachArcsec: radius),
      PositionSet(raDegrees: states.raDegrees, decDegrees: states.decDegrees, reachArcsec: 0)
    )
    try PairSearch.forEachPair(a: centres, b: others, stop: &stop) { row, other, _ in
      let own = counterparts[row]
      if other == own || matches[row].flags.contains(flag) { return true }
      let blurred = Int(blurredIsA ? matches[row].a : matches[row].b)
      if field.isUnresolved(isA: !blurredIsA, other, beside: own, in: blurred) { matches[row].flags.insert(flag) }
      return true
    }
  }
}
