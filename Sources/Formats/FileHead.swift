/// The first bytes of a file, decompressed: what its format is recognised by.
struct FileHead: Sendable {
  let bytes: [UInt8]
  /// How the file is compressed.
  let compression: String?

  /// Enough for the names of some thousand columns.
  static let length = 1 << 18

  /// - Throws: `FormatError.empty` for a file of no bytes, `.notReadable` for what is no regular file.
  init(_ path: String) throws(FormatError) {
    let stream = try ByteStream(path)
    compression = stream.compression
    bytes = try stream.read(Self.length)
    if bytes.isEmpty { throw FormatError(.empty, subject: path, "the file is empty (0 bytes)") }
  }

  /// Whether the file begins with these bytes.
  func starts(_ magic: String) -> Bool { bytes.starts(with: magic.utf8) }

  /// Whether it can be text: no zeros or other control characters.
  var isText: Bool { bytes.allSatisfy { $0 >= 32 || ($0 >= 9 && $0 <= 13) } }

  /// Whether it begins like XML, also after blanks and the mark of Unicode texts, or in UTF-16.
  var isXML: Bool {
    let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xFE, 0xFF, 0], [0xFF, 0xFE]]
    let mark = marks.first { bytes.starts(with: $0) }?.count ?? 0
    let rest = bytes[mark...].drop { $0 <= 32 && $0 >= 9 }
    guard rest.first == UInt8(ascii: "<"), let next = rest.dropFirst().first else { return false }
    return next == UInt8(ascii: "?") || next == UInt8(ascii: "!") || next == 0 || (next | 32 >= 97 && next | 32 <= 122)
  }

  /// What the file is, of what people have and is not read.
  var formatNotRead: String? {
    let magics: [(magic: [UInt8], name: String)] = [
      ([0x89, 0x48, 0x44, 0x46], "HDF5"), (Array("FEA1".utf8), "Feather version 1"), (Array("ORC".utf8), "ORC"),
      ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive"), ([0x93] + Array("NUMPY".utf8), "a NumPy array"),
      ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed with xz"), ([0xFF, 0xFE], "in UTF-16"), ([0xFE, 0xFF], "in UTF-16"),
      (Array("CDF".utf8), "NetCDF"), (Array("Obj\u{1}".utf8), "Avro"),
    ]
    return magics.first { bytes.starts(with: $0.magic) }?.name
  }
}
