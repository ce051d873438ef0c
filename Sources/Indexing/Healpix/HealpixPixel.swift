internal import CHealpix

/// One pixel of the HEALPix grid in the NESTED scheme.
///
/// At order k the sphere has 12 · 4ᵏ pixels of equal area. The four children of pixel p are 4p … 4p + 3 at the next
/// order, so a pixel is one contiguous range of the order-29 indices by which catalogues are sorted. Pixels compare by
/// their place along that curve, a parent before its first child.
///
/// - Source: [Gorski2005].
public struct HealpixPixel: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The order, 0 to 29.
  public let order: Int
  /// The NESTED index, 0 to 12 · 4ᵏ − 1.
  public let index: Int64

  /// The finest order: pixels of 0.39 mas.
  public static let maximumOrder = 29

  /// The pixel of an order with an index.
  /// - Precondition: 0 ≤ order ≤ 29 and 0 ≤ index < 12 · 4ᵏ.
  public init(order: Int, index: Int64) {
    precondition(order >= 0 && order <= Self.maximumOrder, "HEALPix order \(order) is outside 0...29")
    precondition(
      index >= 0 && index < 12 << (2 * Int64(order)), "HEALPix pixel \(index) does not exist at order \(order)")
    self.order = order
    self.index = index
  }

  /// The pixel of an order in which a position lies.
  public init(containing position: SkyPosition, order: Int) {
    self.init(
      healpix29: Healpix29.index(raDegrees: position.raDegrees, decDegrees: position.decDegrees), order: order)
  }

  /// The pixel of an order in which an order-29 pixel lies.
  public init(healpix29: Int64, order: Int) {
    self.init(order: order, index: healpix29 >> Self.shift(fromOrder: order))
  }

  /// The twelve pixels of order 0.
  public static var basePixels: [HealpixPixel] { (0..<12).map { HealpixPixel(order: 0, index: $0) } }

  /// The area of each pixel of an order, square degrees.
  public static func area(order: Int) -> Double {
    skyAreaDegrees2 / Double(Int64(12) << (2 * Int64(order)))
  }

  /// "order/index", as coverage maps are written.
  public var description: String { "\(order)/\(index)" }

  /// Along the curve; a pixel comes before the smaller ones inside it.
  public static func < (left: HealpixPixel, right: HealpixPixel) -> Bool {
    let (first, second) = (left.range29.lowerBound, right.range29.lowerBound)
    return first == second ? left.order < right.order : first < second
  }

  /// Binary digits of an order-29 index below those of a pixel of `order`.
  @inline(__always)
  static func shift(fromOrder order: Int) -> Int64 { 2 * Int64(maximumOrder - order) }
}

extension HealpixPixel {
  /// The order-29 indices inside this pixel.
  public var range29: Range<Int64> {
    let shift = Self.shift(fromOrder: order)
    return (index << shift)..<((index + 1) << shift)
  }

  /// Whether an order-29 pixel lies in this one.
  public func contains(healpix29: Int64) -> Bool { healpix29 >> Self.shift(fromOrder: order) == index }

  /// The pixel of a coarser (or the same) order that contains this one.
  /// - Precondition: 0 ≤ order ≤ this pixel's order.
  public func parent(order: Int) -> HealpixPixel {
    precondition(order <= self.order, "pixel \(self) has no parent at the finer order \(order)")
    return HealpixPixel(order: order, index: index >> (2 * Int64(self.order - order)))
  }

  /// The four pixels of the next order inside this one, along the curve.
  /// - Precondition: The order is less than 29.
  public var children: [HealpixPixel] {
    (0..<4).map { HealpixPixel(order: order + 1, index: 4 * index + $0) }
  }
}

/// The whole sky, 4π (180/π)², square degrees.
let skyAreaDegrees2 = 41_252.961_249_419_271_031_294_671_464_888
