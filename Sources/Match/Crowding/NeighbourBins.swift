internal import Glibc

/// Bins of the magnitudes of hidden neighbours, relative to the source that they pull: Δm = m_neighbour − m_source.
///
/// A neighbour's flux relative to the source is f = 10^(−0.4 Δm), and is taken as uniform within a bin.
public struct NeighbourBins: Sendable, Hashable {
  /// The edges of the bins in Δm, ascending, mag.
  public let edges: [Double]

  /// More bins than there may be.
  public static let mostBins = 512
  /// Neighbours so much brighter than the source, or so much fainter, are not admitted, mag.
  public static let range = -2.5...20.0

  /// - Throws: `CrowdingError` unless there are 1 to 512 bins, ascending, within −2.5 to 20 mag.
  public init(edges: [Double]) throws {
    guard (2...Self.mostBins + 1).contains(edges.count) else {
      throw CrowdingError(
        "the number of bins of neighbours", given: "\(edges.count - 1)", allowed: "1 to \(Self.mostBins)")
    }
    for edge in edges { try CrowdingError.check("Δm of a hidden neighbour in mag", edge, in: Self.range) }
    guard zip(edges, edges.dropFirst()).allSatisfy({ $1 - $0 >= 1e-6 }) else {
      throw CrowdingError(
        "the edges of bins of neighbours", given: "not ascending", allowed: "ascending by 10⁻⁶ mag or more")
    }
    self.edges = edges
  }

  /// Equal bins.
  /// - Parameters:
  ///   - step: The width of a bin, mag.
  ///   - depth: The bins end at or beyond this Δm, mag.
  public init(from start: Double = 0, step: Double = 0.1, depth: Double) throws {
    try CrowdingError.check("the width of a bin of neighbours in mag", step, in: 1e-3...10)
    try CrowdingError.check("the depth in neighbours in mag", depth, in: Self.range)
    try CrowdingError.check("the first edge of bins of neighbours in mag", start, in: Self.range)
    let bins = ((depth - start) / step - 1e-9).rounded(.up)
    try CrowdingError.check("the number of bins of neighbours", bins, in: 1...Double(Self.mostBins))
    try self.init(edges: (0...Int(bins)).map { start + step * Double($0) })
  }

  /// How many there are.
  public var count: Int { edges.count - 1 }

  /// The relative flux of a magnitude difference, 10^(−0.4 Δm).
  static func flux(_ offset: Double) -> Double { exp(-0.4 * log(10) * offset) }

  /// The fluxes between which the neighbours of a bin lie.
  func fluxes(of bin: Int) -> (low: Double, high: Double) { (Self.flux(edges[bin + 1]), Self.flux(edges[bin])) }

  /// The share of a bin's neighbours with more than a relative flux.
  func share(of bin: Int, above cut: Double) -> Double {
    let (low, high) = fluxes(of: bin)
    return min(max((high - cut) / (high - low), 0), 1)
  }
}
