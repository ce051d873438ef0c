/// Everything that the survivor method of priors and likelihoods asks of a region, as integers that add up.
///
///     var region = SurvivorCounts(design: design)
///     for unit in units { region += unit }              // in any order: the same integers
///     let densities = region.estimate(areaDegrees2: area)
///
/// A unit counts the sources it owns. For these it must hold every partner below F_f, and, so that it is known who is the
/// brightest partner of whom, every partner below F_b of those partners, with all their edges: twice the reach of F_b
/// suffices beyond the unit. Partners of a source must come in the same order (that of the sky) in every unit.
///
/// - Source: docs/method.md §8.
public struct SurvivorCounts: Sendable, Hashable {
  /// What is counted.
  public let design: SurvivorDesign
  var forward: DirectedCounts
  var backward: DirectedCounts

  /// No source yet.
  public init(design: SurvivorDesign) {
    self.design = design
    let (a, b) = (BandBins(design.binsA), BandBins(design.binsB))
    forward = DirectedCounts(shape: DirectedShape(from: a, to: b))
    backward = DirectedCounts(shape: DirectedShape(from: b, to: a))
  }

  /// Counts the sources that a unit owns.
  ///
  /// - Precondition: As many bands as the design has; indices of edges within the sources.
  /// - Complexity: O(edges · band pairs + sources · bands); no table of bins by sources.
  public mutating func add(a: SurvivorSources, b: SurvivorSources, edges: SurvivorEdges) {
    precondition(
      a.magnitudes.count == design.binsA.count && b.magnitudes.count == design.binsB.count,
      "SurvivorCounts: \(a.magnitudes.count) and \(b.magnitudes.count) bands of magnitudes; allowed: \(design.binsA.count) and \(design.binsB.count)"
    )
    let outward = Adjacency(from: edges.a, to: edges.b, cdf: edges.cdf, count: a.count)
    let inward = Adjacency(from: edges.b, to: edges.a, cdf: edges.cdf, count: b.count)
    DirectedGatherer(shape: forward.shape, design: design, from: a, to: b, outward: outward, inward: inward)
      .gather(into: &forward)
    DirectedGatherer(shape: backward.shape, design: design, from: b, to: a, outward: inward, inward: outward)
      .gather(into: &backward)
  }

  /// Adds the counts of another part of the region.
  ///
  /// - Precondition: Of the same design.
  public static func += (sum: inout SurvivorCounts, other: SurvivorCounts) {
    precondition(sum.design == other.design, "SurvivorCounts: counts of two designs cannot be added")
    sum.forward += other.forward
    sum.backward += other.backward
  }
}
