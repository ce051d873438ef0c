internal import Glibc
public import Indexing

/// A_V to infinity over the sky: of each pixel of order 6 (55′) a few values of equal weight, as a map has them in it.
public struct ExtinctionMap: Sendable, Hashable {
  /// The order of the pixels.
  public static let order = 6
  /// A map is looked at in the middles of the pixels of this order: 16 in each of the others, 14′ apart.
  public static let sampledOrder = 8
  /// A pixel has at most so many values.
  static let mostValues = 16
  /// A sightline likewise.
  static let mostInSightline = 64
  static let pixelCount = 12 << (2 * order)

  /// By pixel, ascending; none where the map has none.
  let values: [[Float]]

  init(checked values: [[Float]]) { self.values = values }

  /// Takes a map.
  ///
  /// - Parameter value: A_V in a direction, mag; NaN where the map has none.
  /// - Throws: `CountsError` for values outside 0 to 1000 mag, or a map without any; what `value` throws.
  /// - Complexity: 786,432 values.
  public init(_ value: (SkyPosition) throws -> Double) throws {
    let samples = 1 << (2 * (Self.sampledOrder - Self.order))
    values = try (0..<Self.pixelCount).map { pixel in
      var found: [Double] = []
      for sample in pixel * samples..<(pixel + 1) * samples {
        let place = HealpixPixel(order: Self.sampledOrder, index: Int64(sample)).center
        let extinction = try value(place)
        if extinction.isNaN { continue }
        guard ExtinctionDistribution.believed.contains(extinction) else {
          throw CountsError(
            "A_V is \(extinction) mag at RA \(place.raDegrees), Dec \(place.decDegrees) degrees; allowed: 0 to 1000 mag"
          )
        }
        found.append(extinction)
      }
      return Self.slices(found.map { ($0, 1) }, most: Self.mostValues).map { Float($0) }
    }
    guard values.contains(where: { !$0.isEmpty }) else { throw CountsError("has no value anywhere") }
  }

  /// The means of equal shares of some values, by size; of equal ones, one. Their mean is that of the values.
  static func slices(_ values: [(value: Double, weight: Double)], most: Int) -> [Double] {
    let sorted = values.filter { $0.weight > 0 }.sorted { $0.value < $1.value }
    guard let first = sorted.first, let last = sorted.last else { return [] }
    if first.value == last.value { return [first.value] }
    let total = sorted.reduce(0) { $0 + $1.weight }
    let share = total / Double(most)
    var sums = [Double](repeating: 0, count: most)
    var done = 0.0
    for (value, weight) in sorted {
      var left = weight
      while left > 0 {
        // What rounding leaves at the end belongs to the last share.
        let slice = min(Int(done / share), most - 1)
        let room = slice == most - 1 ? left : min(left, max(Double(slice + 1) * share - done, share * 1e-9))
        sums[slice] += value * room
        done += room
        left -= room
      }
    }
    return sums.map { $0 / share }
  }

  /// How extinction is distributed in a pixel of the sky.
  ///
  /// - Parameter area: How much of a pixel of the map matters; those of which nothing does count for nothing, unless all do.
  /// - Returns: Nil where the map has no value.
  /// - Complexity: O(pixels of the map in it).
  public func distribution(in pixel: HealpixPixel, area: (HealpixPixel) -> Double) throws -> ExtinctionDistribution? {
    let first = HealpixPixel(healpix29: pixel.range29.lowerBound, order: Self.order).index
    let last = HealpixPixel(healpix29: pixel.range29.upperBound - 1, order: Self.order).index
    let own = (first...last).filter { !values[Int($0)].isEmpty }
    if own.isEmpty { return nil }
    var weights = own.map { max(area(HealpixPixel(order: Self.order, index: $0)), 0) }
    if !weights.contains(where: { $0 > 0 }) { weights = weights.map { _ in 1 } }
    let all = zip(own, weights).flatMap { index, weight in
      let values = values[Int(index)]
      return values.map { (Double($0), weight / Double(values.count)) }
    }
    return try ExtinctionDistribution(values: Self.slices(all, most: Self.mostInSightline))
  }
}
