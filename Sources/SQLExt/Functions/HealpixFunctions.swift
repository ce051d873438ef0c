import Indexing

/// Pixels of the nested HEALPix scheme, by order (0 to 29) and index.
enum HealpixFunctions {
  static let all = [healpix, centerRA, centerDec, parent, first29, last29]

  private static let orderAndPixel = [Parameter.order("order"), Parameter.pixel("pixel")]

  private static let healpix = ScalarFunction(
    "xm_healpix", in: .healpix, parameters: [.order("order"), .ra("ra"), .dec("dec")],
    summary: "The nested HEALPix pixel of an order that holds a position.",
    example: "SELECT xm_healpix(0, 90, 0), xm_healpix(1, 90, 1)", answer: "5|23"
  ) { arguments in
    let order = try arguments.integer(0)
    let index = Healpix29.index(raDegrees: try arguments.degrees(1), decDegrees: try arguments.degrees(2))
    return .integer(HealpixPixel(healpix29: index, order: Int(order)).index)
  }

  private static let centerRA = ScalarFunction(
    "xm_healpix_ra", in: .healpix, parameters: orderAndPixel,
    summary: "Right ascension of a pixel's center, in degrees.",
    example: "SELECT xm_healpix_ra(0, 5)", answer: "90.0"
  ) { arguments in .real(try pixel(arguments).center.raDegrees) }

  private static let centerDec = ScalarFunction(
    "xm_healpix_dec", in: .healpix, parameters: orderAndPixel,
    summary: "Declination of a pixel's center, in degrees.",
    example: "SELECT round(xm_healpix_dec(0, 0), 6)", answer: "41.810315"
  ) { arguments in .real(try pixel(arguments).center.decDegrees) }

  private static let parent = ScalarFunction(
    "xm_healpix_parent", in: .healpix,
    parameters: [.pixel("pixel"), .order("from_order"), .order("to_order")],
    summary: "The pixel of the coarser order `to_order` that holds a pixel of `from_order`.",
    example: "SELECT xm_healpix_parent(1000, 6, 3)", answer: "15"
  ) { arguments in
    let pixel = try pixel(arguments, order: 1, index: 0)
    let order = Int(try arguments.integer(2))
    guard order <= pixel.order else {
      throw SQLFunctionError(
        "argument 3 (to_order) is \(order); expected HEALPix order, an integer from 0 to from_order, which is "
          + "\(pixel.order)")
    }
    return .integer(pixel.parent(order: order).index)
  }

  private static let first29 = ScalarFunction(
    "xm_healpix_first29", in: .healpix, parameters: orderAndPixel,
    summary: """
      The first order-29 pixel inside a pixel. With `xm_healpix_last29` it makes a range search: `xm_healpix29 BETWEEN \
      first AND last`.
      """,
    example: "SELECT xm_healpix_first29(3, 1)", answer: "4503599627370496"
  ) { arguments in .integer(try pixel(arguments).range29.lowerBound) }

  private static let last29 = ScalarFunction(
    "xm_healpix_last29", in: .healpix, parameters: orderAndPixel,
    summary: "The last order-29 pixel inside a pixel, included.",
    example: "SELECT xm_healpix_last29(3, 1)", answer: "9007199254740991"
  ) { arguments in .integer(try pixel(arguments).range29.upperBound - 1) }

  /// The pixel of two arguments; throws if the index is too large for its order.
  private static func pixel(
    _ arguments: borrowing FunctionArguments, order: Int = 0, index: Int = 1
  ) throws(SQLFunctionError) -> HealpixPixel {
    let pixelOrder = Int(try arguments.integer(order))
    let pixel = try arguments.integer(index)
    let count = Int64(12) << Int64(2 * pixelOrder)
    guard pixel < count else {
      throw SQLFunctionError(
        "argument \(index + 1) (pixel) is \(pixel); expected nested HEALPix index, an integer from 0 to \(count - 1) "
          + "at order \(pixelOrder)")
    }
    return HealpixPixel(order: pixelOrder, index: pixel)
  }
}
