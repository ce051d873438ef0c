internal import CatalogStore

/// One column of an exported table, and where its values come from.
struct ExportColumn {
  enum Source: Sendable, Equatable {
    /// A column of the result table, by position.
    case result(Int)
    /// The natural logarithm of a column of the result table; nothing where that is not positive.
    case logarithm(Int)
    /// A column of the first catalogue's own, by position among those asked for.
    case catalogueA(Int)
    /// A column of the second catalogue's own.
    case catalogueB(Int)
  }

  var name: String
  var source: Source
  let type: FelisType
  var unit: String?
  let ucd: String?
  let description: String
}

extension ExportColumn {
  /// Whether a client shows it first: who it is, where, how near and how probable.
  var isPrincipal: Bool {
    let isMain = ucd?.hasSuffix(";meta.main") == true
    return isMain || ["MATCH_P", "SEPARATION", "dist", "lnP"].contains(name)
  }

  /// What a role means in the words of UCD1+, for columns whose file does not say.
  static func ucd(ofRole role: String) -> String? {
    switch role {
    case "id": "meta.id;meta.main"
    case "ra": "pos.eq.ra;meta.main"
    case "dec": "pos.eq.dec;meta.main"
    case let role where role.hasPrefix("mag:"): "phot.mag"
    default: nil
    }
  }
}

/// Types in the words of Felis.
enum FelisType: String {
  case long, double, string, boolean

  /// Of a column of a result table; identifiers, whose type is that of their catalogue, are not exported as such.
  init(_ kind: ResultColumn.Kind) {
    switch kind {
    case .real: self = .double
    case .integer: self = .long
    case .text, .identifier: self = .string
    }
  }

  /// From the stable type name of a catalogue's column.
  init(columnType: String) {
    switch columnType {
    case "float64", "float32": self = .double
    case "bool": self = .boolean
    case "text", "binary": self = .string
    default: self = .long
    }
  }
}

/// A table to be exported: its rows are those of a result table, joined to the catalogues' own columns.
struct ExportTable {
  var name: String
  let description: String
  let table: ResultTable
  let condition: String?
  var columns: [ExportColumn]
  /// Columns to read of either catalogue's wide rows.
  let wideA: [String]
  let wideB: [String]
  /// Positions of the rowids in the result table; nil where that catalogue takes no part.
  let rowidA: Int?
  let rowidB: Int?
  /// Position of the island's number in the result table.
  let island: Int
  /// Positions of the columns whose values no two rows share; empty: none are known.
  var primaryKey: [Int] = []
  /// How its rows are divided among the chunks of a Qserv; nil: they are not.
  var placing: QservPlacing?
}
