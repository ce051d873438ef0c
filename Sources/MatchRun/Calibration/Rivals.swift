internal import Glibc
internal import Match

/// The rivals of each pair: the other pairs of its two sources.
///
/// ρ = 1/[(1 + Σ R of the others at a)(1 + Σ R at b)] does not depend on the pair's own separation, and R ρ/(1 + R ρ) is its probability
/// in an island with one source on either side.
struct Rivals {
  /// R at one source: the largest, and the sum of the others, so that taking one out loses nothing.
  private struct Share {
    var largest = 0.0
    var edge: Int32 = -1
    var rest = 0.0
    /// The largest but one.
    var second = 0.0
    var secondEdge: Int32 = -1

    mutating func add(_ ratio: Double, _ edge: Int32) {
      if ratio > largest {
        rest += largest
        (second, secondEdge) = (largest, self.edge)
        (largest, self.edge) = (ratio, edge)
      } else {
        rest += ratio
        if ratio > second { (second, secondEdge) = (ratio, edge) }
      }
    }

    /// The edge of the largest R but for one edge; nil if that R is small.
    func strongest(besides edge: Int32) -> Int? {
      let (ratio, place) = edge == self.edge ? (second, secondEdge) : (largest, self.edge)
      return place >= 0 && ratio > Rivals.leastRatio ? Int(place) : nil
    }

    func others(than ratio: Double, _ edge: Int32) -> Double {
      edge == self.edge ? rest : largest + max(0, rest - ratio)
    }
  }

  private let logRatios: [Double]
  private let logLeast: Double
  private var sharesA: [Share]
  private var sharesB: [Share]

  /// A pair of less is no rival.
  private static let leastRatio = 0.1
  /// Ratios are not taken to be larger.
  private static let largestLog = 200.0

  /// - Parameters:
  ///   - logLeast: Smaller ln R take no part.
  init(_ sky: Neighbourhood, logRatios: [Double], logLeast: Double) {
    self.logRatios = logRatios
    self.logLeast = logLeast
    sharesA = [Share](repeating: Share(), count: sky.a.count)
    sharesB = [Share](repeating: Share(), count: sky.b.count)
    for edge in logRatios.indices {
      let ratio = ratio(edge)
      if ratio == 0 { continue }
      sharesA[Int(sky.edges.a[edge])].add(ratio, Int32(edge))
      sharesB[Int(sky.edges.b[edge])].add(ratio, Int32(edge))
    }
  }

  /// Whether a source has no candidate that takes part.
  func isLone(isA: Bool, _ source: Int) -> Bool { (isA ? sharesA : sharesB)[source].edge < 0 }

  private func ratio(_ edge: Int) -> Double {
    let log = logRatios[edge]
    return log >= logLeast ? exp(min(log, Self.largestLog)) : 0
  }

  /// Whether a source of a pair has another candidate within a PSF. Two sources there may be one blend of the other catalogue, which lies
  /// between them; and where a catalogue has one source, it resolves no other. So chance pairs are not spread evenly about such sources.
  /// - Parameters:
  ///   - spreads: √det of the covariance of each edge, arcsec².
  ///   - circleArcsec: How far the PSF reaches; 0: it is not known.
  func isBlended(_ edge: Int, _ sky: Neighbourhood, spreads: [Double], circleArcsec: Double) -> Bool {
    guard circleArcsec > 0 else { return false }
    let (i, j) = (Int(sky.edges.a[edge]), Int(sky.edges.b[edge]))
    return [sharesA[i], sharesB[j]].contains { share in
      share.strongest(besides: Int32(edge)).map {
        2 * sky.edges.level[$0] * spreads[$0] < circleArcsec * circleArcsec
      } ?? false
    }
  }

  /// ln ρ of an edge.
  func logRoom(_ edge: Int, _ i: Int32, _ j: Int32) -> Double {
    let ratio = ratio(edge)
    return -log1p(sharesA[Int(i)].others(than: ratio, Int32(edge)))
      - log1p(sharesB[Int(j)].others(than: ratio, Int32(edge)))
  }
}
