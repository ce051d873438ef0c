internal import Match

/// Sums over the candidate pairs of a part of the sky.
struct SeparationTally: Sendable {
  private(set) var whole = SeparationSums()
  /// From positions alone.
  private(set) var positional = SeparationSums()
  /// P with magnitudes, divided by what positions alone say: magnitudes that are their own witnesses are found out so.
  private(set) var crossed = SeparationSums()
  /// Sources of either catalogue without a candidate that takes part.
  private(set) var lone: Int64 = 0
  /// How many of them have no counterpart, as the run says.
  private(set) var expectedAlone = 0.0
  /// Pairs of what may be blends, which are not judged, and how many of them are real, as the run says.
  private(set) var blended: Int64 = 0
  private(set) var expectedBlended = 0.0
  private(set) var magnitudesA: [SeparationSums]
  private(set) var magnitudesB: [SeparationSums]
  private(set) var densities = [SeparationSums](repeating: SeparationSums(), count: OctaveBins.count)
  private(set) var errors = [SeparationSums](repeating: SeparationSums(), count: OctaveBins.count)
  /// Pixels along the curve.
  private(set) var pixels: [Int64]
  private(set) var pixelSums: [SeparationSums]

  /// - Parameter pixels: Those that may be counted in, along the curve.
  init(_ groups: SeparationGroups, pixels: [Int64] = []) {
    magnitudesA = Array(repeating: SeparationSums(), count: groups.magnitudesA.count)
    magnitudesB = Array(repeating: SeparationSums(), count: groups.magnitudesB.count)
    self.pixels = pixels
    pixelSums = Array(repeating: SeparationSums(), count: pixels.count)
  }

  /// Changes the sums of all groups of a pair.
  @inline(__always)
  mutating func update(_ places: PairGroups.Places, _ change: (inout SeparationSums) -> Void) {
    change(&whole)
    change(&magnitudesA[Int(places.magnitudeA)])
    change(&magnitudesB[Int(places.magnitudeB)])
    change(&densities[Int(places.density)])
    change(&errors[Int(places.error)])
    change(&pixelSums[Int(places.pixel)])
  }

  @inline(__always)
  mutating func updatePositional(_ change: (inout SeparationSums) -> Void) { change(&positional) }

  @inline(__always)
  mutating func updateCrossed(_ change: (inout SeparationSums) -> Void) { change(&crossed) }

  /// Adds a source without candidates.
  mutating func addLone(_ aloneProbability: Double) {
    lone += 1
    expectedAlone += aloneProbability
  }

  /// Adds a pair that is not judged.
  mutating func addBlended(_ probability: Double) {
    blended += 1
    expectedBlended += probability
  }

  /// Adds the sums of the next part along the curve.
  /// - Precondition: Of the same groups.
  static func += (sum: inout SeparationTally, part: SeparationTally) {
    sum.whole += part.whole
    sum.positional += part.positional
    sum.crossed += part.crossed
    sum.lone += part.lone
    sum.expectedAlone += part.expectedAlone
    sum.blended += part.blended
    sum.expectedBlended += part.expectedBlended
    sum.magnitudesA.add(part.magnitudesA)
    sum.magnitudesB.add(part.magnitudesB)
    sum.densities.add(part.densities)
    sum.errors.add(part.errors)
    for (pixel, more) in zip(part.pixels, part.pixelSums) where more.histogram.total.count > 0 {
      if sum.pixels.last == pixel {
        sum.pixelSums[sum.pixelSums.count - 1] += more
      } else {
        sum.pixels.append(pixel)
        sum.pixelSums.append(more)
      }
    }
  }
}

extension [SeparationSums] {
  fileprivate mutating func add(_ other: [SeparationSums]) {
    for index in indices { self[index] += other[index] }
  }
}
