internal import CFITSIO
internal import CatalogStore

/// A HEALPix map in a FITS file: the first column of its first table, or of one with the keyword PIXTYPE.
public struct HealpixFITS: Sendable {
  /// The frame of its pixels.
  public enum Frame: Sendable {
    /// ICRS, or FK5 of J2000.
    case equatorial
    case galactic
  }

  /// NSIDE.
  public let sides: Int
  /// Whether pixels are numbered NESTED; otherwise RING.
  public let isNested: Bool
  /// Which frame.
  public let frame: Frame
  /// The name of the column.
  public let column: String
  /// Its values, in the order of the file.
  public let values: [Float]
  /// The pixels that they belong to; nil: all, one after another.
  public let pixels: [Int64]?

  private static let mostSides: Int64 = 1 << 13

  /// Nil for a file that is no FITS file, or a table without PIXTYPE = 'HEALPIX'.
  /// - Throws: `FormatError` for a map that cannot be read, or does not say how its pixels are numbered.
  public init?(_ path: String) throws {
    guard Array(try FileSystem.beginning(of: path, most: 9)) == Array("SIMPLE  =".utf8) else { return nil }
    let file = try FITSFile(TableFile(path))
    guard file.text("PIXTYPE")?.uppercased() == "HEALPIX" else { return nil }
    guard let sides = file.number("NSIDE"), (1...Self.mostSides).contains(sides) else {
      throw FormatError(.unsupported, subject: path, "its map has no NSIDE from 1 to \(Self.mostSides)")
    }
    switch file.text("ORDERING")?.uppercased() {
    case "NESTED", "NEST": isNested = true
    case "RING": isNested = false
    default:
      throw FormatError(.unsupported, subject: path, "its map does not say ORDERING = 'NESTED' or 'RING' in its header")
    }
    frame = try Self.frame(file)
    self.sides = Int(sides)
    let isPartial = file.text("INDXSCHM")?.uppercased() == "EXPLICIT" || file.text("TTYPE1")?.uppercased() == "PIXEL"
    let place: Int32 = isPartial ? 2 : 1
    guard file.columnCount >= place else { throw FormatError(.unsupported, subject: path, "its map has no values") }
    column = file.text("TTYPE\(place)") ?? ""
    let most = Int64(12 * sides * sides)
    values = try Self.read(file, place, most: most, TFLOAT, missing: Float.nan)
    pixels = isPartial ? try Self.read(file, 1, most: most, TLONGLONG, missing: Int64(-1)) : nil
    if let pixels, pixels.count != values.count {
      throw FormatError(.damaged, subject: path, "its map has \(pixels.count) pixels and \(values.count) values")
    }
  }

  private static func frame(_ file: FITSFile) throws(FormatError) -> Frame {
    let name = file.text("COORDSYS")
    switch name?.uppercased() {
    case "G", "GAL", "GALACTIC": return .galactic
    case "C", "Q", "CEL", "CELESTIAL", "EQUATORIAL", "ICRS", "J2000": return .equatorial
    default:
      throw FormatError(
        .unsupported, subject: file.path,
        "its map has COORDSYS \(name.map { "'\($0)'" } ?? "nowhere in its header"); allowed: 'G' (galactic) or 'C' (equatorial)"
      )
    }
  }

  /// All values of a column, whose rows may hold several.
  private static func read<Value: BitwiseCopyable>(
    _ file: FITSFile, _ column: Int32, most: Int64, _ type: Int32, missing: Value
  ) throws(FormatError) -> [Value] {
    var status: Int32 = 0
    var (kind, each, width): (Int32, LONGLONG, LONGLONG) = (0, 0, 0)
    ffgtclll(file.handle, column, &kind, &each, &width, &status)
    guard status == 0 else { throw FITSFile.failure(file.path, status, "column \(column) of its map has no form") }
    let (count, overflow) = Int64(each).multipliedReportingOverflow(by: file.rowCount)
    guard kind > 0, kind != TSTRING, each >= 1, !overflow, count <= most else {
      throw FormatError(
        .damaged, subject: file.path, "column \(column) of its map does not hold numbers for at most \(most) pixels")
    }
    var null = missing
    var anyNull: Int32 = 0
    let values = [Value](unsafeUninitializedCapacity: Int(count)) { buffer, used in
      buffer.initialize(repeating: missing)
      ffgcv(file.handle, type, column, 1, 1, count, &null, buffer.baseAddress, &anyNull, &status)
      used = Int(count)
    }
    guard status == 0 else { throw FITSFile.failure(file.path, status, "column \(column) of its map cannot be read") }
    return values
  }
}
