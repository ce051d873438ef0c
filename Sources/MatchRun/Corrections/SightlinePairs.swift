internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// The pairs of a sightline: mutually nearest sources of both catalogues at the common epoch.
struct SightlinePairs {
  /// As the fits take them.
  private(set) var pairs: CorrectionPairs
  /// The corrected sources seen from the better ones, after the frames were aligned, arcsec.
  private(set) var offsets: [SIMD2<Double>] = []
  /// No pair is farther apart, arcsec.
  let limitArcsec: Double
  /// The pairs of each range of a covariate, with groups of their own.
  private(set) var ranges: [CorrectionPairs] = []

  /// Pairs are looked for at least so far, arcsec, if strangers are rare.
  private static let leastReachArcsec = 5.0
  /// And so many quoted errors.
  private static let sigmas = 20.0
  /// Groups have so many pairs at least, on the average, and are so many at most.
  private static let pairsPerGroup = 400
  private static let mostGroups = 8

  /// - Throws: `StoreError` when a shard cannot be read; what `stop` throws.
  /// - Parameters:
  ///   - core: Where sources of the catalogue are read.
  ///   - covariate: Tells the ranges of sources; nil: there are none.
  init(
    _ sightline: Sightline, core: [HealpixPixel], _ reader: NeighbourhoodReader, _ inputs: MatchInputs,
    covariate: CovariateReader? = nil, stop: inout StopCheck
  ) throws {
    let farthest = Self.farthestArcsec(sightline, inputs)
    let sky = ChunkSky.withNeighbours(
      PixelRangeSet(pixels: core), order: core.map(\.order).min() ?? 0, reach: .arcseconds(farthest * 1.000001),
      rings: 2)
    let (a, b) = try reader.placed(try reader.sources(in: sky, stop: &stop))
    let quoted = Self.quotedErrors(b.columns)
    limitArcsec = Self.limit(farthest, quoted)
    pairs = CorrectionPairs(basis: inputs.b.crowding?.basis ?? .none)
    let mutual = Self.mutual(a, b, core: PixelRangeSet(pixels: core), within: limitArcsec)
    let groups = Self.groups(mutual.map(\.b), b, inputs)
    var rows: [Int] = []
    let (densityA, densityB) = (a.columns[.density], b.columns[.density])
    for (place, pair) in mutual.enumerated() {
      try stop.after(steps: 16)
      let (i, j) = (pair.a, pair.b)
      let reference = densityA?[i] ?? inputs.a.meanDensityPerDegree2
      let density = reference + (densityB?[j] ?? inputs.b.meanDensityPerDegree2)
      let drift = Self.drift(a, i, b, j, takesA: inputs.motions?.takesA ?? true)
      let before = pairs.pairs.count
      pairs.append(
        CorrectionPairs.Pair(
          separationArcsec: pair.separationArcsec, quotedError: quoted[j], axisRatio: Self.axisRatio(b.columns, j),
          otherVarianceArcsec2: Self.variance(a, i) + max(Self.variance(b, j) - quoted[j] * quoted[j], 0),
          chancePerArcsec2: density / (3600 * 3600), referencePerArcsec2: reference / (3600 * 3600),
          limitArcsec: limitArcsec,
          perturbation: b.pulls?.law(j) ?? .none, motion: drift.motion, years: drift.years, group: groups[place]))
      if pairs.pairs.count > before {
        rows.append(j)
        let (one, other) = (a.states[i], b.states[j])
        let direction = PairGeometry.direction(one.raDegrees, one.decDegrees, other.raDegrees, other.decDegrees)
        offsets.append(pair.separationArcsec * SIMD2(direction.x, direction.y))
      }
    }
    if let covariate { ranges = try divided(rows, b, inputs, covariate) }
  }

  /// How an object may have moved from the epoch of one source to that of the other: a known motion has brought its source to the common epoch.
  private static func drift(
    _ a: PlacedSources, _ i: Int, _ b: PlacedSources, _ j: Int, takesA: Bool
  ) -> (motion: MotionWidths, years: Double) {
    let (yearsA, yearsB) = (a.drifts?.years[i] ?? 0, b.drifts?.years[j] ?? 0)
    let isOfA = yearsA != 0 && (takesA || yearsB == 0)
    guard yearsA != yearsB, let motion = isOfA ? a.drifts?.motion(i) : b.drifts?.motion(j) else { return (.still, 0) }
    return (motion, yearsA - yearsB)
  }

  /// Whether any pair may have drifted.
  var haveDrifts: Bool { pairs.haveDrifts }

  /// The same pairs with motions so many times as fast.
  func moving(scale: Double) -> SightlinePairs {
    var copy = self
    copy.pairs = pairs.moving(scale: scale)
    copy.ranges = ranges.map { $0.moving(scale: scale) }
    return copy
  }

  /// The pairs in each range of a covariate. Groups of different ranges have different numbers.
  private func divided(
    _ rows: [Int], _ sources: PlacedSources, _ inputs: MatchInputs, _ covariate: CovariateReader
  ) throws -> [CorrectionPairs] {
    let places = try covariate.places(of: rows.map { sources.columns.rowid[$0] })
    return (0..<covariate.ranges.count).map { range in
      let own = rows.indices.filter { places[$0] == range }
      let groups = Self.groups(own.map { rows[$0] }, sources, inputs)
      var result = CorrectionPairs(basis: pairs.basis)
      for (place, group) in zip(own, groups) {
        var pair = pairs.pairs[place]
        pair.group = range * (Self.mostGroups + 1) + group
        result.append(pair)
      }
      return result
    }
  }

  /// Where a stranger lies nearer than this in about two of three cases, arcsec.
  private static func farthestArcsec(_ sightline: Sightline, _ inputs: MatchInputs) -> Double {
    let density = max(sightline.densityPerArcsec2, 1e-12)
    return min((1 / (.pi * density)).squareRoot(), inputs.limits.largestSeparationArcsec)
  }

  /// Beyond twenty of nearly all quoted errors pairs say little, and stars that move or extended sources spoil it.
  private static func limit(_ farthest: Double, _ quoted: [Double]) -> Double {
    let sorted = quoted.sorted()
    let most = sorted.isEmpty ? 0 : sorted[min(sorted.count * 95 / 100, sorted.count - 1)]
    return min(farthest, max(leastReachArcsec, sigmas * most))
  }

  /// Circular errors of the same area, at each source's own epoch, arcsec.
  private static func quotedErrors(_ columns: SourceColumns) -> [Double] {
    let (x, y, xy) = (columns.varianceX, columns.varianceY, columns.covarianceXY)
    return (0..<columns.count).map { row in
      let covariance = xy?[row] ?? 0
      return max(x[row] * y[row] - covariance * covariance, 0).squareRoot().squareRoot()
    }
  }

  /// Of a quoted error; of one without area as large as is believed.
  private static func axisRatio(_ columns: SourceColumns, _ row: Int) -> Double {
    let (x, y) = (columns.varianceX[row], columns.varianceY[row])
    let covariance = PositionCovariance(xx: x, yy: y, xy: columns.covarianceXY?[row] ?? 0)
    let (most, area) = (covariance.largestSigma, max(covariance.determinant, 0).squareRoot())
    return most > 0 ? min(max(most * most / max(area, 1e-300), 1), mostRatio) : 1
  }

  private static let mostRatio = 100.0

  /// Of the position at the common epoch, per axis, arcsec².
  private static func variance(_ sources: PlacedSources, _ row: Int) -> Double {
    sources.states.covariances[row].determinant.squareRoot()
  }

  private struct Mutual {
    let a: Int
    let b: Int
    let separationArcsec: Double
  }

  private static func mutual(
    _ a: PlacedSources, _ b: PlacedSources, core: PixelRangeSet, within limit: Double
  ) -> [Mutual] {
    guard a.count > 0, b.count > 0 else { return [] }
    let (setA, setB) = (positions(a), positions(b))
    let (forth, back) = (PairSearch.nearest(of: setB, in: setA), PairSearch.nearest(of: setA, in: setB))
    return (0..<b.count).compactMap { j in
      let i = Int(forth.index[j])
      guard forth.separationArcsec[j] <= limit, i >= 0, Int(back.index[i]) == j, core.contains(b.columns.healpix29[j])
      else { return nil }
      return Mutual(a: i, b: j, separationArcsec: forth.separationArcsec[j])
    }
  }

  private static func positions(_ sources: PlacedSources) -> PositionSet {
    PositionSet(
      raDegrees: sources.states.raDegrees, decDegrees: sources.states.decDegrees, reachArcsec: 0)
  }

  /// Slices of magnitude with about as many pairs each; sources without magnitude are one more.
  private static func groups(_ rows: [Int], _ sources: PlacedSources, _ inputs: MatchInputs) -> [Int] {
    let histograms = inputs.b.info.magnitudes
    let band = inputs.b.crowding?.band.place ?? histograms.indices.max { histograms[$0].total < histograms[$1].total }
    let count = min(max(rows.count / pairsPerGroup, 1), mostGroups)
    guard let band, count > 1 else { return Array(repeating: 0, count: rows.count) }
    let magnitudes = sources.columns.magnitudes[band]
    let sorted = rows.map { magnitudes[$0] }.filter { !$0.isNaN }.sorted()
    guard !sorted.isEmpty else { return Array(repeating: 0, count: rows.count) }
    let edges = (1..<count).map { sorted[$0 * sorted.count / count] }
    return rows.map { row in
      let magnitude = magnitudes[row]
      return magnitude.isNaN ? count : edges.count { $0 <= magnitude }
    }
  }
}
