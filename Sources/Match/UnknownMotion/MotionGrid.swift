internal import Glibc

/// How sources of one sightline and band move that have no measured motion, by magnitude.
///
/// Stars: the built-in model of the Galaxy with the velocities of its populations. Galaxies stay. Between two magnitudes a source follows either
/// of both distributions with a probability; outside the grid the nearest magnitude holds.
///
/// - Source: Wilson (2023, RASTI 2, 1) draws such motions star by star; here all is in closed form.
public struct MotionGrid: Sendable, Hashable {
  /// The magnitudes, ascending.
  public let magnitudes: [Double]
  /// The distributions, in Galactic axes.
  public let mixtures: [MotionMixture]
  /// Their circular averages.
  public let widths: [MotionWidths]
  /// By how much the widths miss the circular averages, at each magnitude.
  public let errors: [MotionErrors]

  /// The most Gaussians of a magnitude.
  public static let mostGaussians = 16
  /// The most magnitudes.
  public static let mostMagnitudes = 1000

  /// - Parameters:
  ///   - direction: The sightline.
  ///   - counts: The model's stars in the band.
  ///   - extinction: A_V across the field; nil: that of the dust disc.
  ///   - starShares: The share of stars among stars and galaxies at each magnitude, as `FieldCounts.starShare(at:)` gives it; NaN: as at the
  ///     nearest magnitude where it is known; nil: all are stars.
  /// - Throws: `CountsError` unless magnitudes ascend and shares lie in 0 to 1, one a magnitude.
  /// - Complexity: some 0.5 ms a magnitude.
  public init(
    _ direction: GalacticDirection, counts: StarCounts, extinction: ExtinctionDistribution? = nil,
    magnitudes: [Double], starShares: [Double]? = nil
  ) throws {
    try Self.check(magnitudes, starShares)
    let motions = try SightlineMotions(direction, counts: counts, extinction: extinction, magnitudes: magnitudes)
    let shares = Self.filled(starShares ?? Array(repeating: 1, count: magnitudes.count)) { $0.isNaN } ?? []
    let stars = Self.filled(
      magnitudes.indices.map { MixtureReduction.reduced(motions.cells(magnitude: $0), to: Self.mostGaussians) }
    ) { $0.isEmpty }
    var (mixtures, widths, errors) = ([MotionMixture](), [MotionWidths](), [MotionErrors]())
    for place in magnitudes.indices {
      let share = place < shares.count ? shares[place] : 1
      let gaussians = (stars?[place] ?? []).map { $0.scaled(by: share) }
      let mixture = MotionMixture(gaussians: gaussians, stillShare: 1 - share) ?? .still
      let (fitted, found) = MotionWidthFit.shared.fit(mixture)
      mixtures.append(mixture)
      widths.append(fitted)
      errors.append(found)
    }
    self.init(magnitudes: magnitudes, mixtures: mixtures, widths: widths, errors: errors)
  }

  init(magnitudes: [Double], mixtures: [MotionMixture], widths: [MotionWidths], errors: [MotionErrors]) {
    (self.magnitudes, self.mixtures, self.widths, self.errors) = (magnitudes, mixtures, widths, errors)
  }

  private static func check(_ magnitudes: [Double], _ shares: [Double]?) throws {
    guard !magnitudes.isEmpty, magnitudes.count <= mostMagnitudes,
      magnitudes.allSatisfy({ MagnitudeGrid.magnitudes.contains($0) }),
      zip(magnitudes, magnitudes.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw CountsError(
        "a grid of motions has \(magnitudes.count) magnitudes; allowed: 1 to \(mostMagnitudes), ascending, "
          + "\(MagnitudeGrid.magnitudes.lowerBound) to \(MagnitudeGrid.magnitudes.upperBound) mag")
    }
    guard let shares else { return }
    guard shares.count == magnitudes.count, shares.allSatisfy({ $0.isNaN || (0...1).contains($0) }) else {
      throw CountsError(
        "a grid of motions has \(shares.count) shares of stars for \(magnitudes.count) magnitudes; "
          + "allowed: one a magnitude, 0 to 1")
    }
  }

  /// The values with those that are missing taken from the nearest that is there; nil if none is.
  private static func filled<Value>(_ values: [Value], isMissing: (Value) -> Bool) -> [Value]? {
    let known = values.indices.filter { !isMissing(values[$0]) }
    guard !known.isEmpty else { return nil }
    return values.indices.map { place in
      isMissing(values[place]) ? values[known.min { abs($0 - place) < abs($1 - place) } ?? place] : values[place]
    }
  }

  /// The magnitude of the grid below a magnitude, and how far it lies towards the next, 0 to 1. Unknown magnitudes (NaN) count as the last: the
  /// faintest move least.
  private func cell(_ magnitude: Double) -> (cell: Int, share: Double) {
    let end = magnitudes.count - 1
    guard magnitude < magnitudes[end] else { return (end, 0) }
    guard magnitude > magnitudes[0] else { return (0, 0) }
    var (low, high) = (0, end)
    while high - low > 1 {
      let middle = (low + high) / 2
      if magnitudes[middle] <= magnitude { low = middle } else { high = middle }
    }
    return (low, (magnitude - magnitudes[low]) / (magnitudes[low + 1] - magnitudes[low]))
  }

  /// The distribution of motions at a magnitude, in Galactic axes.
  public func mixture(magnitude: Double) -> MotionMixture {
    let (cell, share) = cell(magnitude)
    return share > 0 ? mixtures[cell].mixed(with: mixtures[cell + 1], share: share) : mixtures[cell]
  }

  /// Its circular average. No memory is allocated.
  public func widths(magnitude: Double) -> MotionWidths {
    let (cell, share) = cell(magnitude)
    return share > 0 ? widths[cell].mixed(with: widths[cell + 1], share: share) : widths[cell]
  }
}
