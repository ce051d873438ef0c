internal import Indexing
internal import Match

/// How the frame of catalogue b lies against that of a, measured on a sample of the sky.
struct FrameMeasurement: Sendable {
  /// What was found.
  let fit: FrameFit
  /// Where the pairs lie on the average.
  private let middle: SkyPosition?

  init(_ sample: PlanSample, _ reach: SearchReach) {
    let pairs = Self.pairs(sample.neighbourhood, in: sample.core, reach)
    fit = FrameFit(pairs)
    middle = Self.middle(pairs)
  }

  /// What a user is told; nil where nothing is rotated.
  func note(_ a: String, _ b: String) -> String? {
    guard !fit.rotation.isNone, let middle else { return nil }
    let (east, north) = fit.rotation.offsetArcsec(raDegrees: middle.raDegrees, decDegrees: middle.decDegrees)
    func rounded(_ value: Double, _ steps: Double) -> Double { (value * steps).rounded() / steps }
    return
      "\(b) lies \(rounded(abs(east), 1000)) arcsec \(east < 0 ? "west" : "east") and "
      + "\(rounded(abs(north), 1000)) \(north < 0 ? "south" : "north") of \(a) "
      + "(± \(rounded(fit.errorArcsec, 1000)), at \(rounded(middle.raDegrees, 100)), \(rounded(middle.decDegrees, 100))); "
      + "its positions are rotated back before they are compared; --no-frame compares them as given"
  }

  /// Of many pairs about so many are taken.
  private static let usualPairs = 10_000

  /// The pairs whose first member along the curve lies in the pieces. Of many some are taken by where their first member is, so that they are
  /// the same ones whichever catalogue is a.
  private static func pairs(
    _ neighbourhood: Neighbourhood, in core: PixelRangeSet, _ reach: SearchReach
  ) -> [FrameFit.Pair] {
    let (a, b, edges) = (neighbourhood.a, neighbourhood.b, neighbourhood.edges)
    let step = UInt64(edges.count / usualPairs + 1)
    return (0..<edges.count).compactMap { edge in
      let (i, j) = (Int(edges.a[edge]), Int(edges.b[edge]))
      let first = min(a.columns.healpix29[i], b.columns.healpix29[j])
      let mixed = (UInt64(bitPattern: first) &* 0x9e37_79b9_7f4a_7c15) >> 32
      guard mixed % step == 0, core.contains(first) else { return nil }
      return pair(a.states[i], b.states[j], separationArcsec: edges.separationArcsec[edge], reach)
    }
  }

  private static func pair(
    _ a: SourceState, _ b: SourceState, separationArcsec: Double, _ reach: SearchReach
  ) -> FrameFit.Pair {
    let direction = PairGeometry.direction(a.raDegrees, a.decDegrees, b.raDegrees, b.decDegrees)
    let covariance =
      a.covariance
      + PairGeometry.carried(
        b.covariance, ra1: b.raDegrees, dec1: b.decDegrees, ra2: a.raDegrees, dec2: a.decDegrees)
    return FrameFit.Pair(
      raDegrees: a.raDegrees, decDegrees: a.decDegrees, eastArcsec: separationArcsec * direction.x,
      northArcsec: separationArcsec * direction.y, covariance: covariance,
      limit: reach.limit(spreadArcsec2: covariance.determinant.squareRoot()))
  }

  private static func middle(_ pairs: [FrameFit.Pair]) -> SkyPosition? {
    let sum = pairs.reduce(SIMD3<Double>.zero) { sum, pair in
      sum + (SkyPosition(raDegrees: pair.raDegrees, decDegrees: pair.decDegrees)?.unitVector ?? .zero)
    }
    return SkyPosition(along: sum)
  }
}
