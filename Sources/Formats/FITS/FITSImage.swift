internal import CFITSIO

/// The first image of a FITS file: pixels row by row, the first at the lower left.
public struct FITSImage: Sendable {
  /// Pixels of a row.
  public let width: Int
  /// Rows.
  public let height: Int
  private let values: [Float]

  /// Reads it.
  /// - Parameter most: More pixels are refused.
  /// - Throws: `FormatError` for a file without an image of two axes, or that cannot be read.
  public init(_ path: String, most: Int) throws(FormatError) {
    let file = try FITSFile(image: TableFile(path))
    let (width, height) = (file.number("NAXIS1") ?? 0, file.number("NAXIS2") ?? 0)
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard file.number("NAXIS") == 2, width > 0, height > 0, !overflow, count <= Int64(most) else {
      throw FormatError(
        .unsupported, subject: path, "its first image is not one of two axes and at most \(most) pixels")
    }
    var status: Int32 = 0
    var anyNull: Int32 = 0
    var missing = Float.nan
    values = [Float](unsafeUninitializedCapacity: Int(count)) { buffer, used in
      buffer.initialize(repeating: .nan)
      ffgpv(file.handle, TFLOAT, 1, count, &missing, buffer.baseAddress, &anyNull, &status)
      used = Int(count)
    }
    guard status == 0 else { throw FITSFile.failure(path, status, "its image cannot be read") }
    (self.width, self.height) = (Int(width), Int(height))
  }

  /// The value between four pixels, whose middles have whole numbers from 0; beyond the border that of the border; NaN where one is missing.
  public func bilinear(x: Double, y: Double) -> Double {
    guard x.isFinite, y.isFinite else { return .nan }
    let (x, y) = (min(max(x, 0), Double(width - 1)), min(max(y, 0), Double(height - 1)))
    let (left, low) = (min(Int(x), max(width - 2, 0)), min(Int(y), max(height - 2, 0)))
    let (right, high) = (min(left + 1, width - 1), min(low + 1, height - 1))
    let (u, v) = (x - Double(left), y - Double(low))
    func value(_ column: Int, _ row: Int) -> Double { Double(values[row * width + column]) }
    return (value(left, low) * (1 - u) + value(right, low) * u) * (1 - v)
      + (value(left, high) * (1 - u) + value(right, high) * u) * v
  }
}
