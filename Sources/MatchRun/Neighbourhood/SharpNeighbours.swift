internal import Glibc
internal import Indexing
internal import Match

/// For some sources of a catalogue the brightest of its other sources around each.
struct SharpNeighbours {
  /// One of them.
  struct Neighbour {
    let source: Int
    /// Where it is from the source, arcsec.
    let eastArcsec: Double
    let northArcsec: Double
  }

  /// By place of the source and rank: the neighbour, or −1.
  private var found: [Int32]
  private let sources: [Int]
  private let states: SourceStates

  /// Around a source: some may turn out to be resolved.
  private static let most = 8

  /// - Parameters:
  ///   - sources: The sources.
  ///   - magnitudes: Of all sources; those without one are no neighbours.
  /// - Throws: What `stop` throws.
  /// - Complexity: O(sources + neighbours within the radius).
  init(
    of sources: [Int], _ states: SourceStates, _ magnitudes: [Double], radiusArcsec: Double, stop: inout StopCheck
  ) throws {
    (self.sources, self.states) = (sources, states)
    var found = [Int32](repeating: -1, count: sources.count * Self.most)
    let centres = PositionSet(
      raDegrees: sources.map { states.raDegrees[$0] }, decDegrees: sources.map { states.decDegrees[$0] },
      reachArcsec: radiusArcsec)
    let all = PositionSet(raDegrees: states.raDegrees, decDegrees: states.decDegrees, reachArcsec: 0)
    try PairSearch.forEachPair(a: centres, b: all, stop: &stop) { place, source, _ in
      if source != sources[place] && magnitudes[source].isFinite {
        Self.insert(source, &found, at: place * Self.most, magnitudes)
      }
      return true
    }
    self.found = found
  }

  /// The brighter first; of equals the first along the curve.
  private static func insert(_ source: Int, _ found: inout [Int32], at start: Int, _ magnitudes: [Double]) {
    var new = Int32(truncatingIfNeeded: source)
    for rank in start..<start + most {
      let old = found[rank]
      if old >= 0 && (magnitudes[Int(old)], old) < (magnitudes[Int(new)], new) { continue }
      found[rank] = new
      if old < 0 { return }
      new = old
    }
  }

  /// Whether no source has any.
  var isEmpty: Bool { found.allSatisfy { $0 < 0 } }

  /// Whether a source has none.
  func isAlone(_ place: Int) -> Bool { found[place * Self.most] < 0 }

  /// Those of a source, the brightest first.
  subscript(place: Int) -> [Neighbour] {
    let own = states[sources[place]]
    return found[place * Self.most..<(place + 1) * Self.most].prefix { $0 >= 0 }.map { index in
      let other = states[Int(index)]
      let distance = separation(
        ra1Degrees: own.raDegrees, dec1Degrees: own.decDegrees, ra2Degrees: other.raDegrees,
        dec2Degrees: other.decDegrees
      ).arcseconds
      let direction = PairGeometry.direction(own.raDegrees, own.decDegrees, other.raDegrees, other.decDegrees)
      return Neighbour(source: Int(index), eastArcsec: distance * direction.x, northArcsec: distance * direction.y)
    }
  }
}
