/// A FIELD of a VOTable.
struct VOTableField: Sendable {
  /// Types of VOTable's data, with the bytes of one element in BINARY.
  enum Datatype: String, Sendable {
    case boolean, bit, unsignedByte, short, int, long, char, unicodeChar, float, double, floatComplex, doubleComplex

    var bytes: Int {
      switch self {
      case .boolean, .bit, .unsignedByte, .char: 1
      case .short, .unicodeChar: 2
      case .int, .float: 4
      case .long, .double, .floatComplex: 8
      case .doubleComplex: 16
      }
    }

    var isText: Bool { self == .char || self == .unicodeChar }
  }

  /// How many elements a cell has.
  enum Size: Sendable, Hashable {
    case fixed(Int)
    /// BINARY gives the number before the elements.
    case variable
  }

  let id: String?
  let name: String
  let datatype: Datatype
  let size: Size
  /// What its cells refer to: a COOSYS, for example.
  let ref: String?
  /// Whether a cell holds something other than one value.
  let isNested: Bool
  private let unit: String?
  private let ucd: String?
  private let typeText: String
  private let xtype: String?
  var description: String?
  /// What stands for no value, in integers.
  var nullText: String?
  /// The frame of its positions, if it is not ICRS or FK5.
  var frame: String?

  private static let mostElements = 1 << 28

  /// Nil if its datatype is unknown or its size is no size.
  init?(_ attributes: XMLAttributes) {
    guard let word = attributes["datatype"], let datatype = Datatype(rawValue: word) else { return nil }
    guard let size = Self.size(attributes["arraysize"]) else { return nil }
    let dimensions = attributes["arraysize"]?.split(separator: "x").count ?? 0
    id = attributes["ID"]
    name = attributes["name"] ?? attributes["ID"] ?? ""
    ref = attributes["ref"]
    (unit, ucd, xtype) = (attributes["unit"], attributes["ucd"], attributes["xtype"])
    typeText = word + (attributes["arraysize"].map { "[\($0)]" } ?? "")
    (self.datatype, self.size) = (datatype, size)
    isNested =
      datatype == .floatComplex || datatype == .doubleComplex
      || (datatype.isText ? dimensions > 1 : size != .fixed(1))
  }

  /// `3`, `*`, `12*`, `2x3`, `2x*`.
  private static func size(_ text: String?) -> Size? {
    guard let text else { return .fixed(1) }
    if text.hasSuffix("*") { return .variable }
    var product = 1
    for part in text.split(separator: "x", omittingEmptySubsequences: false) {
      guard let count = Int(part), count >= 0, count <= mostElements, product * count <= mostElements else {
        return nil
      }
      product *= count
    }
    return .fixed(product)
  }

  var type: ColumnType {
    switch datatype {
    case .boolean, .bit: .bool
    case .unsignedByte, .short, .int, .long: .int64
    case .char, .unicodeChar: .text
    case .float: .float32
    case .double: .float64
    case .floatComplex, .doubleComplex: .binary
    }
  }

  var column: FileColumn {
    var column = TableColumn(
      name: name, type: type, fileType: typeText, unit: unit, ucd: ucd, description: description)
    column.frame = frame
    column.xtype = xtype
    return FileColumn(column: column, isNested: isNested)
  }

  /// Bytes of so many elements in BINARY.
  func bytes(of count: Int) -> Int { datatype == .bit ? (count + 7) / 8 : count * datatype.bytes }
}
