internal import CatalogStore
internal import Formats
internal import Indexing
internal import Match

/// A value for each HEALPix pixel of one order, as a file has them.
struct PixelMap {
  /// Pixels are of this order at most: 1.7′, 200 MB.
  static let orders = 0...11

  private let order: Int
  private let isGalactic: Bool
  private let isNested: Bool
  private var values: [Float]

  private init(order: Int, isGalactic: Bool, isNested: Bool) {
    (self.order, self.isGalactic, self.isNested) = (order, isGalactic, isNested)
    values = [Float](repeating: .nan, count: 12 << (2 * order))
  }

  /// A map in FITS.
  /// - Throws: `CountsError` for a map of another form.
  init(_ fits: HealpixFITS) throws {
    let sides = (Self.orders.lowerBound...Self.orders.upperBound).map { 1 << $0 }
    guard let order = sides.firstIndex(of: fits.sides) else {
      throw CountsError("has NSIDE \(fits.sides); allowed: powers of 2 up to \(sides.last ?? 1)")
    }
    if fits.column.lowercased().contains("ebv") || fits.column.uppercased().contains("E(B-V)") {
      throw CountsError(
        "has E(B-V) in its column '\(fits.column)'; give A_V in mag: 3.1 times E(B-V), or 2.742 times that of SFD98")
    }
    self.init(order: order, isGalactic: fits.frame == .galactic, isNested: fits.isNested)
    guard let pixels = fits.pixels else {
      guard fits.values.count == values.count else {
        throw CountsError("has \(fits.values.count) values for \(values.count) pixels of NSIDE \(fits.sides)")
      }
      values = fits.values.map(Self.known)
      return
    }
    for (pixel, value) in zip(pixels, fits.values) { try set(pixel, value, named: "PIXEL") }
  }

  /// HEALPix has −1.6375 · 10³⁰ where there is none.
  private static func known(_ value: Float) -> Float { value < -1e30 ? .nan : value }

  private mutating func set(_ pixel: Int64, _ value: Float, named name: String) throws {
    guard pixel >= 0, pixel < values.count else {
      throw CountsError("\(name) is \(pixel); allowed: 0 to \(values.count - 1) at order \(order)")
    }
    guard values[Int(pixel)].isNaN else { throw CountsError("\(name) \(pixel) is given twice; give each pixel once") }
    values[Int(pixel)] = Self.known(value)
  }

  private static let names = (order: "order", equatorial: "pixel", galactic: "galactic_pixel", value: "a_v")

  /// A table with the columns `order`, `pixel` (ICRS) or `galactic_pixel`, both NESTED, and `a_v`.
  /// - Throws: `CountsError` that names the row; `FormatError`; `.interrupted`.
  init(table path: String, _ cancellation: Cancellation) throws {
    let source = try TableSource(paths: [path])
    let pixels = [Self.names.equatorial, Self.names.galactic].filter { source.index(of: $0) != nil }
    guard let order = source.index(of: Self.names.order), let value = source.index(of: Self.names.value),
      pixels.count == 1, let pixel = source.index(of: pixels[0])
    else {
      throw CountsError(
        "is no map of extinction; a table of one has the columns order, pixel (ICRS) or galactic_pixel, and a_v; it has: "
          + TableSource.listed(source.columns.map(\.name)))
    }
    let isGalactic = pixels[0] == Self.names.galactic
    var map: PixelMap?
    try source.forEachBatch(columns: [order, pixel, value]) { batch in
      try cancellation.check("match", isResumable: false)
      for row in 0..<batch.rowCount {
        let (order, pixel, value) = (
          batch.columns[0].number(row), batch.columns[1].number(row), batch.columns[2].number(row)
        )
        guard let order = Int(exactly: order), Self.orders.contains(order), let pixel = Int64(exactly: pixel) else {
          throw CountsError(
            "row \(batch.firstRow + Int64(row) + 1): order \(order) and pixel \(pixel) are no pixel; allowed: order \(Self.orders.lowerBound) to \(Self.orders.upperBound)"
          )
        }
        if map == nil { map = PixelMap(order: order, isGalactic: isGalactic, isNested: true) }
        guard map?.order == order else {
          throw CountsError(
            "row \(batch.firstRow + Int64(row) + 1) is of order \(order), others are not; all pixels are of one order")
        }
        try map?.set(pixel, Float(value), named: pixels[0])
      }
    }
    guard let map else { throw CountsError("has no rows") }
    self = map
  }

  /// The value in a direction; NaN where there is none.
  func value(at position: SkyPosition) -> Double {
    var place = position
    if isGalactic {
      let direction = GalacticDirection(position)
      guard
        let galactic = SkyPosition(raDegrees: direction.longitudeDegrees, decDegrees: direction.latitudeDegrees)
      else { return .nan }
      place = galactic
    }
    let pixel = HealpixPixel(containing: place, order: order)
    return Double(values[Int(isNested ? pixel.index : pixel.ringIndex)])
  }
}
