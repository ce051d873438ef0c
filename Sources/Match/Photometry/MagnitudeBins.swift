internal import Indexing

/// Bins of the magnitudes of one band in one region: steps of 0.1 mag, merged until each holds more than 250 sources.
///
/// The last bin may hold fewer. Without any detection there is one edge, 0, and no bin. Bins are half-open, [low, high),
/// the last one closed. Only finite magnitudes are detections.
///
/// - Source: D3.11.4, its bins of magnitude, with one repair: where all magnitudes are one multiple of 0.1,
///   the bin reaches 0.1 mag above it.
public struct MagnitudeBins: Sendable, Hashable {
  /// What is made of a magnitude that is exactly an inner edge.
  public enum EdgeRule: Sendable, Hashable {
    /// It is in the bin above the edge: [low, high).
    case upperBin
    /// It is in the bin below the edge: (low, high].
    case lowerBin
  }

  /// The fewest sources that let a step stand as a bin of its own.
  static let smallestCount: Int64 = 250

  /// Ascending, one more than there are bins; mag.
  public let edges: [Double]

  /// The bins of these magnitudes; values that are not finite are passed over.
  ///
  /// - Complexity: O(n log k) for n magnitudes and k steps.
  public init(magnitudes: some Sequence<Double>) {
    let detected = magnitudes.filter(\.isFinite)
    guard let minimum = detected.min(), let maximum = detected.max() else {
      self.init(edges: [0])
      return
    }
    let steps = MagnitudeSteps(minimum: minimum, maximum: maximum)
    var counts = steps.noCounts
    for magnitude in detected { steps.count(magnitude, in: &counts) }
    self.init(steps: steps, counts: counts)
  }

  /// The bins that follow from the number of sources in each step.
  ///
  /// A step with fewer than 250 takes in those after it until the sum exceeds 250 or the last step is reached.
  ///
  /// - Precondition: One count, 0 or more, for each step.
  public init(steps: MagnitudeSteps, counts: [Int64]) {
    precondition(
      counts.count == steps.bins.count && counts.allSatisfy { $0 >= 0 },
      "MagnitudeBins: \(counts.count) counts for \(steps.bins.count) steps; allowed: one each, 0 or more")
    let fine = steps.bins.edges
    var kept = [fine[0]]
    var step = 0
    while step < counts.count {
      var sum = counts[step]
      if sum < Self.smallestCount {
        while sum <= Self.smallestCount && step + 1 < counts.count {
          step += 1
          sum += counts[step]
        }
      }
      step += 1
      kept.append(fine[step])
    }
    self.init(edges: kept)
  }

  /// Bins with these edges, mag.
  ///
  /// - Precondition: At least one edge; all finite and ascending.
  public init(edges: [Double]) {
    precondition(
      !edges.isEmpty && edges.allSatisfy(\.isFinite) && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 },
      "MagnitudeBins: edges are \(edges); allowed: one or more, finite, ascending")
    self.edges = edges
  }

  /// The number of bins.
  public var count: Int { edges.count - 1 }

  /// The width of a bin, mag.
  public func width(_ bin: Int) -> Double { edges[bin + 1] - edges[bin] }

  /// The bin of a magnitude; nil where it is not finite or beyond the edges.
  ///
  /// - Complexity: O(log n).
  public func index(of magnitude: Double, onEdge rule: EdgeRule = .upperBin) -> Int? {
    guard magnitude >= edges[0], magnitude <= edges[count], count > 0 else { return nil }
    // The first edge that is not below; neither the first nor the last one decides.
    let inner = edges[1..<count]
    return inner.binarySearch { rule == .upperBin ? $0 > magnitude : $0 >= magnitude } - 1
  }
}
