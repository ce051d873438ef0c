internal import CatalogStore
internal import Indexing
internal import Match

/// The groups of pairs that are judged apart: by magnitude, by the density around them, by their quoted errors and by place. None of them
/// depends on how far apart the two sources of a pair are.
struct SeparationGroups: Sendable {
  /// A way to divide pairs.
  enum Kind: Int, CaseIterable, Sendable {
    case magnitudeA, magnitudeB, density, error, pixel
  }

  let magnitudesA: MagnitudeBins
  let magnitudesB: MagnitudeBins
  /// Of the pixels.
  let order: Int

  /// - Parameter order: Of the pixels; nil: the finest that gives a few dozen.
  init(_ plan: MatchPlan, order: Int?) {
    magnitudesA = MagnitudeBins(plan.a)
    magnitudesB = MagnitudeBins(plan.b)
    self.order = order ?? SourceGroups.defaultOrder(plan.coverageA)
  }

  /// Whether a way divides pairs at all.
  func isUsed(_ kind: Kind) -> Bool {
    switch kind {
    case .magnitudeA: magnitudesA.band != nil
    case .magnitudeB: magnitudesB.band != nil
    default: true
    }
  }
}

/// Whole magnitudes of the band in which most sources of a catalogue are seen.
struct MagnitudeBins: Sendable {
  /// The band; nil: the catalogue has none.
  let band: String?
  /// The magnitude of the first bin.
  let first: Int
  /// Bins; the last one holds sources without magnitude.
  let count: Int
  private let position: Int?

  init(_ info: CatalogueInfo) {
    position = info.magnitudes.indices.max {
      (info.magnitudes[$0].total, $1) < (info.magnitudes[$1].total, $0)
    }.flatMap { info.magnitudes[$0].total > 0 ? $0 : nil }
    band = position.map { info.layout.bands[$0] }
    let bins = position.map { SourceGroups.bins(info.magnitudes[$0]) } ?? 0..<0
    first = bins.lowerBound
    count = bins.count + 1
  }

  /// The bin of each source.
  func bins(of sources: SourceColumns) -> [Int32] {
    let unknown = Int32(count - 1)
    guard let position else { return Array(repeating: unknown, count: sources.count) }
    return sources.magnitudes[position].map { magnitude in
      guard MagnitudeHistogram.bin(of: magnitude) != nil else { return unknown }
      return Int32(min(max(0, Int(magnitude.rounded(.down)) - first), max(0, count - 2)))
    }
  }
}

/// Octaves of a positive quantity.
enum OctaveBins {
  static let lowest = -64
  static let count = 128

  /// The bin of a value; that of the nearest value that has one, the first for what is not a positive number.
  static func bin(_ value: Double) -> Int32 {
    guard value > 0 else { return 0 }
    return Int32(min(max(0, (value.isFinite ? Int(value.exponent) : Int(Int32.max)) - lowest), count - 1))
  }
}

/// The groups of the pairs of a neighbourhood.
struct PairGroups {
  /// The place of a pair in each table of a `SeparationTally`.
  typealias Places = (magnitudeA: Int32, magnitudeB: Int32, density: Int32, error: Int32, pixel: Int32)

  private let magnitudesA: [Int32]
  private let magnitudesB: [Int32]
  private let kinds: NeighbourhoodKinds
  /// The place of the pixel of each source of a.
  private let pixelPlaces: [Int32]
  /// The pixels that sources of a lie in, along the curve.
  let pixels: [Int64]

  init(_ sky: Neighbourhood, _ groups: SeparationGroups, _ inputs: MatchInputs) {
    magnitudesA = groups.magnitudesA.bins(of: sky.a.columns)
    magnitudesB = groups.magnitudesB.bins(of: sky.b.columns)
    kinds = NeighbourhoodKinds(sky, inputs)
    var (places, pixels): ([Int32], [Int64]) = ([], [])
    for index in sky.a.columns.healpix29 {
      let pixel = HealpixPixel(healpix29: index, order: groups.order).index
      if pixels.last != pixel { pixels.append(pixel) }
      places.append(Int32(pixels.count - 1))
    }
    (pixelPlaces, self.pixels) = (places, pixels)
  }

  /// - Parameter spreadArcsec2: √det of the covariance of the pair.
  func places(_ i: Int32, _ j: Int32, spreadArcsec2: Double) -> Places {
    let (i, j) = (Int(i), Int(j))
    let densities = kinds.densities(i, j)
    return (
      magnitudesA[i], magnitudesB[j], OctaveBins.bin(densities.a + densities.b), OctaveBins.bin(spreadArcsec2),
      pixelPlaces[i]
    )
  }
}
