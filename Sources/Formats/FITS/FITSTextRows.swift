internal import CFITSIO

/// Some rows of a table of text, as they stand in the file.
final class FITSTextRows {
  let path: String
  private let fits: FITSFile
  private let width: Int
  private(set) var count = 0
  private var bytes: [UInt8] = []

  init(_ fits: FITSFile) {
    self.fits = fits
    path = fits.path
    width = Int(clamping: fits.rowBytes)
  }

  /// Reads `count` rows.
  func load(first: Int64, count: Int) throws(FormatError) {
    self.count = count
    if bytes.count < count * width { bytes = [UInt8](repeating: 0, count: count * width) }
    var status: Int32 = 0
    ffgtbb(fits.handle, LONGLONG(first + 1), 1, LONGLONG(count * width), &bytes, &status)
    guard status == 0 else { throw FITSFile.failure(path, status, "rows from \(first + 1) cannot be read") }
  }

  /// Calls `body` with the field of each row, without blanks behind it.
  func forEach(_ column: FITSColumn, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    bytes.withUnsafeBufferPointer { bytes in
      for row in 0..<count {
        let start = row * width + column.offset
        body(UnsafeBufferPointer(rebasing: bytes[start..<start + column.width]).withoutTrailingBlanks)
      }
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Without blanks and zeros at the end.
  var withoutTrailingBlanks: UnsafeBufferPointer<UInt8> {
    var count = count
    while count > 0, self[count - 1] == 32 || self[count - 1] == 0 { count -= 1 }
    return UnsafeBufferPointer(rebasing: self[..<count])
  }
}
