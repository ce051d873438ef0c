internal import Glibc
internal import Indexing

/// The density of sources in pixels whose covered area is known: prefix sums along the curve, O(log pixels) a question.
struct KnownDensities {
  private var starts: [Int64] = []
  private var counts: [Int64] = [0]
  private var areas: [Double] = [0]

  /// - Parameter nodes: Along the curve.
  init(_ nodes: [CoverageMap.Node]) {
    for node in nodes {
      starts.append(node.pixel.range29.lowerBound)
      counts.append(counts[counts.count - 1] + node.count)
      areas.append(areas[areas.count - 1] + node.areaDegrees2)
    }
  }

  /// Whether nothing is known.
  var isEmpty: Bool { starts.isEmpty }

  /// Sources per deg² around a pixel: in it and its neighbours, then in those of its parent, and so on up to `orders`
  /// orders above it, until the pixels hold `atLeast` sources; at last, when all orders were asked for, on the whole sky.
  func density(around pixel: HealpixPixel, orders: Int, atLeast: Int64) -> Double? {
    for order in stride(from: pixel.order, through: max(0, pixel.order - orders), by: -1) {
      let parent = pixel.parent(order: order)
      var sum = Sum()
      for near in parent.neighbours + [parent] { sum.add(self, near.range29) }
      if sum.count >= atLeast, sum.area > 0 { return Double(sum.count) / sum.area }
    }
    guard orders >= HealpixPixel.maximumOrder, areas[areas.count - 1] > 0 else { return nil }
    return Double(counts[counts.count - 1]) / areas[areas.count - 1]
  }

  private struct Sum {
    var count: Int64 = 0
    var area = 0.0

    mutating func add(_ known: KnownDensities, _ range: Range<Int64>) {
      let (low, high) = (known.position(range.lowerBound), known.position(range.upperBound))
      count += known.counts[high] - known.counts[low]
      area += known.areas[high] - known.areas[low]
    }
  }

  private func position(_ value: Int64) -> Int { starts.binarySearch { $0 >= value } }
}

/// The density of a few sources, from how they fill equal cells.
///
/// n sources of density λ occupy K of the cells of area a in the covered area A = n/λ, on average K = (A/a)(1 − e^(−λa)).
/// So x = λa solves x / (1 − e^(−x)) = n/K. Small cells feel the border little, large ones the chance less: the finest
/// cells with n/K ≥ 1.5, that is x ≥ 0.87, are taken.
struct Occupancy {
  /// Sources per deg².
  let density: Double

  private static let fewestPerCell = 1.5

  /// The density of the sources in leaves of one order, nil when they are too few for it.
  init?(of leaves: [CoverageMap.Node], finestOrder: Int, count: (Range<Int64>) -> Int64) {
    let sources = Double(leaves.reduce(0) { $0 + $1.count })
    var cells = leaves.map(\.pixel)
    var best: (order: Int, perCell: Double)?
    for order in stride(from: cells.first?.order ?? 0, through: finestOrder, by: 1) {
      if best != nil { cells = cells.flatMap { $0.children.filter { count($0.range29) > 0 } } }
      let perCell = sources / Double(max(1, cells.count))
      if perCell < Self.fewestPerCell { break }
      best = (order, perCell)
    }
    guard let best else { return nil }
    density = Self.mean(ofOccupied: best.perCell) / HealpixPixel.area(order: best.order)
  }

  /// The mean x of a Poisson distribution whose mean over the cells that are not empty is `perCell` > 1.
  private static func mean(ofOccupied perCell: Double) -> Double {
    // x ← m (1 − e^(−x)) contracts for m > 1 from above the root.
    var x = perCell
    for _ in 0..<60 { x = perCell * (1 - exp(-x)) }
    return x
  }
}
