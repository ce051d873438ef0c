internal import CatalogStore

/// Flags that follow from where a source lies: near an edge, outside the other catalogue.
struct SkyFlags {
  /// The flags of sources given in sky order, by one sweep along both coverage maps.
  /// - Complexity: O(sources + log nodes + nodes passed).
  static func flags(of healpix29: [Int64], own: CoverageMap, other: CoverageMap) -> [MatchFlags] {
    var ownSweep = Sweep(own, from: healpix29.first ?? 0)
    var otherSweep = Sweep(other, from: healpix29.first ?? 0)
    return healpix29.map { index in
      var flags: MatchFlags = []
      if ownSweep.node(at: index)?.isBorder ?? true { flags.insert(.nearEdge) }
      if let node = otherSweep.node(at: index) {
        if node.isBorder { flags.insert(.nearEdge) }
      } else {
        flags.insert(.outsideCommonCoverage)
      }
      return flags
    }
  }

  /// Walks along a map with indices that never fall.
  private struct Sweep {
    let map: CoverageMap
    var position: Int

    init(_ map: CoverageMap, from healpix29: Int64) {
      self.map = map
      position = map.firstNode(endingBeyond: healpix29)
    }

    mutating func node(at healpix29: Int64) -> CoverageMap.Node? {
      while position < map.nodes.count, map.nodes[position].pixel.range29.upperBound <= healpix29 { position += 1 }
      guard position < map.nodes.count, map.nodes[position].pixel.range29.contains(healpix29) else { return nil }
      return map.nodes[position]
    }
  }
}
