internal import Glibc

/// How much fainter than a source neighbours have to be before they no longer matter.
public enum NeighbourDepth {
  /// Neighbours with less than this share of the noise do not count.
  public static let noiseShare = 0.05
  /// So few sources may be without any neighbour …
  public static let emptyShare = 0.01

  /// Δm of a neighbour whose flux is `noiseShare` of the noise: 2.5 lg(SNR/0.05), mag. 0 if the ratio is unknown or tiny.
  public static func offset(signalToNoise: Double) -> Double {
    guard signalToNoise > noiseShare, signalToNoise < .infinity else { return 0 }
    return 2.5 * log10(signalToNoise / noiseShare)
  }

  /// The Δm at whose bin fewer than `emptyShare` of all sources are without a neighbour; the last bin's if none is.
  public static func offset(_ neighbours: HiddenNeighbours) -> Double {
    var total = 0.0
    for bin in neighbours.expected.indices {
      total += neighbours.expected[bin]
      if total >= -log(emptyShare) { return (neighbours.bins.edges[bin] + neighbours.bins.edges[bin + 1]) / 2 }
    }
    return neighbours.bins.edges[neighbours.bins.count]
  }
}
