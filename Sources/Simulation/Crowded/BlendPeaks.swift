import Indexing

/// The sources of a catalogue of a crowded sky.
///
/// From the brightest object to the faintest: an object that the catalogue can find is a source unless it lies within the blend
/// radius of a brighter source. Every other object within that radius of brighter sources is hidden in them.
struct BlendPeaks: Sendable {
  /// A source.
  struct Peak {
    /// The place of its object among those that can be detected.
    let object: Int
    let healpix29: Int64
    let magnitude: Double
  }

  /// Sources along the HEALPix curve.
  let peaks: [Peak]

  /// - Parameter objects: Everything that can be detected, along the curve.
  /// - Complexity: O(n log n) in them.
  init(_ objects: [CrowdedObject], side: CrowdedSide, model: CrowdedCatalogueModel) {
    let found = objects.indices.filter { Self.isFound(objects[$0], side, model) }
    let magnitudes = found.map { objects[$0].magnitude(side) }
    let order = found.indices.sorted { (magnitudes[$0], $0) < (magnitudes[$1], $1) }
    let neighbours = NeighbourLists(found.map { objects[$0].healpix29 }, radiusArcsec: model.blendRadiusArcsec)
    var isPeak = [Bool](repeating: false, count: found.count)
    for place in order {
      // Those that are peaks already are the brighter ones.
      isPeak[place] = !neighbours[place].contains { isPeak[Int($0)] }
    }
    peaks = found.indices.filter { isPeak[$0] }.map {
      Peak(object: found[$0], healpix29: objects[found[$0]].healpix29, magnitude: magnitudes[$0])
    }
  }

  private static func isFound(_ object: CrowdedObject, _ side: CrowdedSide, _ model: CrowdedCatalogueModel) -> Bool {
    let magnitude = object.magnitude(side)
    guard magnitude <= model.faintestDetectable else { return false }
    var stream = RandomStream(object.key.with(side.rawValue), .detection)
    return stream.uniform() < model.completeness(magnitude)
  }
}

/// For each of many places the others within a radius.
private struct NeighbourLists {
  private let first: [Int]
  private let neighbours: [Int32]

  init(_ healpix29: [Int64], radiusArcsec: Double) {
    let places = healpix29.map { Healpix29.position(of: $0) }
    let (ra, dec) = (places.map(\.raDegrees), places.map(\.decDegrees))
    let pairs = PairSearch.pairs(
      a: PositionSet(raDegrees: ra, decDegrees: dec, reachArcsec: radiusArcsec),
      b: PositionSet(raDegrees: ra, decDegrees: dec, reachArcsec: 0))
    var counts = [Int](repeating: 0, count: healpix29.count + 1)
    for place in pairs.a { counts[Int(place) + 1] += 1 }
    for place in healpix29.indices { counts[place + 1] += counts[place] }
    (first, neighbours) = (counts, pairs.b)
  }

  /// Those of one place, itself among them.
  subscript(place: Int) -> ArraySlice<Int32> { neighbours[first[place]..<first[place + 1]] }
}
