internal import CatalogStore
internal import Formats
internal import Indexing
internal import Match

/// A table of star counts by HEALPix pixel, band and bin of magnitude, in any format that is read; usually Parquet.
///
///     order  pixel  band  mag_min  mag_max  per_deg2_mag
///         5   1234  G        17.0     17.5        412.0
///
/// Pixels are NESTED in ICRS, all of one order; bins of a pixel and band follow one another without a gap. Extinction is in the counts.
struct CountTable {
  private let path: String
  private let source: TableSource
  private let columns: [Int]

  private static let names = ["order", "pixel", "band", "mag_min", "mag_max", "per_deg2_mag"]
  /// Pixels are of this order at most: 7′.
  private static let orders = 0...9

  /// - Throws: `CountsError` for a table without these columns; `FormatError`.
  init(_ path: String) throws {
    self.path = path
    source = try TableSource(paths: [path])
    columns = try Self.names.map { [source] name in
      guard let place = source.index(of: name) else {
        throw CountsError("has no column '\(name)'; counts by pixel have: \(Self.names.joined(separator: ", "))")
      }
      return place
    }
  }

  /// The counts of one band.
  /// - Throws: `CountsError` that names the row; `FormatError`; `.interrupted`.
  func counts(_ names: [String], _ cancellation: Cancellation) throws -> GivenCounts {
    let band = try CountsFile.band(names, among: bands(cancellation))
    var sums: [Int64: PixelSums] = [:]
    var order: Int?
    try forEachRow(cancellation) { row, values, name in
      guard name == band else { return }
      let bin = try Bin(values, row)
      if order ?? bin.order != bin.order {
        throw CountsError(
          "row \(row + 1) is of order \(bin.order), others of \(order ?? 0); all pixels are of one order")
      }
      order = bin.order
      let shift = 2 * max(0, bin.order - GivenCounts.finestOrder)
      sums[bin.pixel >> Int64(shift), default: PixelSums(CountsFile.grid)].add(bin)
    }
    guard let order else { throw CountsError("has no row of band \(band)") }
    let kept = min(order, GivenCounts.finestOrder)
    let area = HealpixPixel.area(order: order)
    return try GivenCounts(
      band: band,
      sightlines: sums.keys.sorted().compactMap { index in
        guard let pixel = sums[index] else { return nil }
        let place = HealpixPixel(order: kept, index: index)
        return GivenCounts.Sightline(
          place: .pixel(place, areaDeg2: area * Double(pixel.pixels.count)), stars: try pixel.stars(place))
      })
  }

  private func bands(_ cancellation: Cancellation) throws -> [String] {
    var found: Set<String> = []
    try forEachRow(cancellation) { row, _, name in
      found.insert(name)
      if found.count > 1000 { throw CountsError("has more than 1000 bands; is 'band' the name of a band?") }
    }
    return found.sorted()
  }

  private func forEachRow(
    _ cancellation: Cancellation, _ body: (Int64, [Double], String) throws -> Void
  ) throws {
    guard source.columns[columns[2]].type == .text else {
      throw CountsError("has no texts in its column 'band'; allowed: names of bands, such as G")
    }
    let numbers = [0, 1, 3, 4, 5]
    try source.forEachBatch(columns: columns) { batch in
      try cancellation.check("match", isResumable: false)
      for row in 0..<batch.rowCount {
        let values = numbers.map { batch.columns[$0].number(row) }
        guard case .text(let texts) = batch.columns[2].values else { continue }
        try body(batch.firstRow + Int64(row), values, batch.columns[2].validity.isPresent(row) ? texts.string(row) : "")
      }
    }
  }

  /// One row.
  struct Bin {
    let order: Int
    let pixel: Int64
    let bright: Double
    let faint: Double
    let density: Double

    /// - Throws: `CountsError` for what is no bin of magnitude of a pixel.
    init(_ values: [Double], _ row: Int64) throws {
      func refuse(_ name: String, _ value: Double, _ allowed: String) -> CountsError {
        CountsError("row \(row + 1): \(name) is \(value); allowed: \(allowed)")
      }
      guard let order = Int(exactly: values[0]), CountTable.orders.contains(order) else {
        throw refuse("order", values[0], "\(CountTable.orders.lowerBound) to \(CountTable.orders.upperBound)")
      }
      let pixels = Int64(12) << Int64(2 * order)
      guard let pixel = Int64(exactly: values[1]), (0..<pixels).contains(pixel) else {
        throw refuse("pixel", values[1], "0 to \(pixels - 1) at order \(order)")
      }
      for (name, value) in [("mag_min", values[2]), ("mag_max", values[3])] {
        guard MagnitudeGrid.magnitudes.contains(value) else {
          throw refuse(
            name, value, "\(MagnitudeGrid.magnitudes.lowerBound) to \(MagnitudeGrid.magnitudes.upperBound) mag")
        }
      }
      guard MagnitudeGrid.steps.contains(values[3] - values[2]) else {
        throw refuse("mag_max less mag_min", values[3] - values[2], "0.001 to 10 mag")
      }
      guard GivenStars.densities.contains(values[4]) else {
        throw refuse("per_deg2_mag", values[4], "0 to \(GivenStars.densities.upperBound)")
      }
      (self.order, self.pixel, bright, faint, density) = (order, pixel, values[2], values[3], values[4])
    }
  }
}
