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

  /// Whole magnitudes of the band in which most sources of a catalogue are seen.
  struct Magnitudes: Sendable {
    /// The band; nil: the catalogue has none.
    let band: String?
    fileprivate let position: Int?
    fileprivate let bins: Range<Int>

    init(_ info: CatalogueInfo) {
      position = info.magnitudes.indices.max {
        (info.magnitudes[$0].total, $1) < (info.magnitudes[$1].total, $0)
      }.flatMap { info.magnitudes[$0].total > 0 ? $0 : nil }
      band = position.map { info.layout.bands[$0] }
      bins = position.map { SourceGroups.bins(info.magnitudes[$0]) } ?? 0..<0
    }

    /// The bin of each source: its whole magnitude; `unknownBin` without one.
    func bins(of sources: SourceColumns) -> [Int64] {
      guard let position else { return Array(repeating: Self.unknownBin, count: sources.count) }
      return sources.magnitudes[position].map { magnitude in
        guard MagnitudeHistogram.bin(of: magnitude) != nil else { return Self.unknownBin }
        return Int64(min(max(Int(magnitude.rounded(.down)), bins.lowerBound), max(bins.lowerBound, bins.upperBound - 1)))
      }
    }

    static let unknownBin = Int64.max
  }

  let magnitudesA: Magnitudes
  let magnitudesB: Magnitudes
  /// Of the pixels.
  let order: Int

  init(_ plan: MatchPlan, order: Int?) {
    magnitudesA = Magnitudes(plan.a)
    magnitudesB = Magnitudes(plan.b)
    self.order = order ?? SourceGroups.defaultOrder(plan.coverageA)
  }

  /// Whether a catalogue's magnitudes divide its sources.
  func isUsed(_ kind: Kind) -> Bool {
    switch kind {
    case .magnitudeA: magnitudesA.band != nil
    case .magnitudeB: magnitudesB.band != nil
    default: true
    }
  }

  /// The bin of a density, deg⁻²: an octave.
  static func densityBin(_ density: Double) -> Int64 { octave(density) }

  /// The bin of √det of the covariance of a pair, arcsec²: a factor of 2 in it, √2 in the error.
  static func errorBin(_ spreadArcsec2: Double) -> Int64 { octave(spreadArcsec2) }

  private static func octave(_ value: Double) -> Int64 {
    value.isFinite && value > 0 ? Int64(value.exponent) : Int64(Double.leastNormalMagnitude.exponent)
  }
}

/// The bins of the pairs of a neighbourhood.
struct PairBins {
  private let magnitudesA: [Int64]
  private let magnitudesB: [Int64]
  private let kinds: NeighbourhoodKinds
  private let pixels: [Int64]
  private let isUsed: [Bool]

  init(_ sky: Neighbourhood, _ groups: SeparationGroups, _ inputs: MatchInputs) {
    magnitudesA = groups.magnitudesA.bins(of: sky.a.columns)
    magnitudesB = groups.magnitudesB.bins(of: sky.b.columns)
    kinds = NeighbourhoodKinds(sky, inputs)
    pixels = sky.a.columns.healpix29.map { HealpixPixel(healpix29: $0, order: groups.order).index }
    isUsed = SeparationGroups.Kind.allCases.map(groups.isUsed)
  }

  /// By kind of group; nil: the pair is in none.
  func bins(_ i: Int32, _ j: Int32, spreadArcsec2: Double) -> [Int64?] {
    let (i, j) = (Int(i), Int(j))
    let densities = kinds.densities(i, j)
    return SeparationGroups.Kind.allCases.map { kind in
      if !isUsed[kind.rawValue] { return nil }
      return switch kind {
      case .magnitudeA: magnitudesA[i]
      case .magnitudeB: magnitudesB[j]
      case .density: SeparationGroups.densityBin(densities.a + densities.b)
      case .error: SeparationGroups.errorBin(spreadArcsec2)
      case .pixel: pixels[i]
      }
    }
  }
}

/// Sums over the candidate pairs of a part of the sky.
struct SeparationTally: Sendable {
  private(set) var whole = SeparationSums()
  /// From positions alone.
  private(set) var positional = SeparationSums()
  /// P with magnitudes, divided by what positions alone say: magnitudes that are their own witnesses are found out so.
  private(set) var crossed = SeparationSums()
  /// By kind of group and bin.
  private(set) var groups = [[Int64: SeparationSums]](repeating: [:], count: SeparationGroups.Kind.allCases.count)

  mutating func update(_ bins: [Int64?], _ change: (inout SeparationSums) -> Void) {
    change(&whole)
    for (kind, bin) in bins.enumerated() {
      if let bin { change(&groups[kind][bin, default: SeparationSums()]) }
    }
  }

  mutating func updatePositional(_ change: (inout SeparationSums) -> Void) { change(&positional) }

  mutating func updateCrossed(_ change: (inout SeparationSums) -> Void) { change(&crossed) }

  static func += (sum: inout SeparationTally, part: SeparationTally) {
    sum.whole += part.whole
    sum.crossed += part.crossed
    sum.positional += part.positional
    for kind in sum.groups.indices { sum.groups[kind].merge(part.groups[kind]) { one, other in
      var both = one
      both += other
      return both
    } }
  }
}
