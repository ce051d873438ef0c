import Foundation

/// FITS files made by hand.
enum FITSBytes {
  /// A header of 80-column cards.
  private static func header(_ cards: [(String, String)]) -> Data {
    let lines = cards.map { key, value in
      "\(key.padding(toLength: 8, withPad: " ", startingAt: 0))= \(value)".padding(
        toLength: 80, withPad: " ", startingAt: 0)
    }
    return padded(Data((lines.joined() + "END".padding(toLength: 80, withPad: " ", startingAt: 0)).utf8), with: 0x20)
  }

  private static func padded(_ data: Data, with byte: UInt8 = 0) -> Data {
    data + Data(repeating: byte, count: (2880 - data.count % 2880) % 2880)
  }

  private static func bigEndian(_ values: [Float]) -> Data {
    values.reduce(into: Data()) { data, value in
      withUnsafeBytes(of: value.bitPattern.bigEndian) { data.append(contentsOf: $0) }
    }
  }

  /// A HEALPix map as healpy writes it: rows of several values.
  static func map(
    sides: Int, ordering: String?, frame: String?, values: [Float], each: Int = 4, column: String = "A_V",
    claimedRows: Int? = nil
  ) -> Data {
    let rows = claimedRows ?? values.count / each
    var cards = [
      ("XTENSION", "'BINTABLE'"), ("BITPIX", "8"), ("NAXIS", "2"), ("NAXIS1", "\(4 * each)"), ("NAXIS2", "\(rows)"),
      ("PCOUNT", "0"), ("GCOUNT", "1"), ("TFIELDS", "1"), ("TTYPE1", "'\(column)'"), ("TFORM1", "'\(each)E'"),
      ("PIXTYPE", "'HEALPIX'"), ("NSIDE", "\(sides)"),
    ]
    if let ordering { cards.append(("ORDERING", "'\(ordering)'")) }
    if let frame { cards.append(("COORDSYS", "'\(frame)'")) }
    return header([("SIMPLE", "T"), ("BITPIX", "8"), ("NAXIS", "0"), ("EXTEND", "T")]) + header(cards)
      + padded(bigEndian(values))
  }

  /// An image.
  static func image(width: Int, height: Int, _ values: [Float]) -> Data {
    header([
      ("SIMPLE", "T"), ("BITPIX", "-32"), ("NAXIS", "2"), ("NAXIS1", "\(width)"), ("NAXIS2", "\(height)"),
    ]) + padded(bigEndian(values))
  }
}
