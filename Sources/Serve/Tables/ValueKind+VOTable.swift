internal import ADQL

extension ValueKind {
  /// Its name in VOTables.
  var votable: String {
    switch self {
    case .short: "short"
    case .int: "int"
    case .long: "long"
    case .float: "float"
    case .double: "double"
    case .text: "unicodeChar"
    case .char: "char"
    case .bytes: "unsignedByte"
    }
  }
}
