/// One column over all files so far.
struct UnitedColumn {
  /// How sure its type is.
  private enum Standing: Int {
    /// Arrow's type null.
    case unknown
    /// A type, but no value in any file.
    case unused
    /// A type that holds values.
    case used
  }

  /// Name, type and notes, as far as the files agree.
  private(set) var column: TableColumn
  /// Whether it holds lists, structures or maps.
  private(set) var isNested: Bool
  /// Why the files cannot be united in it: the file, and the reason.
  private(set) var conflict: (path: String, reason: String)?
  /// Files that have it.
  private(set) var files = 1
  private var standing: Standing
  /// Where its type and its unit are from.
  private var typePath: String
  private var chunkPath: String

  init(_ first: FileColumn, path: String) {
    column = first.column
    isNested = first.isNested
    standing = Self.standing(first)
    typePath = path
    chunkPath = path
  }

  private static func standing(_ column: FileColumn) -> Standing {
    if column.column.fileType == "null" { return .unknown }
    return column.isAllMissing ? .unused : .used
  }

  /// Takes in the column of one more file.
  mutating func unite(_ other: FileColumn, path: String) {
    files += 1
    let type = united(other, path)
    let unit = united(other.column.unit, path)
    let frame = column.frame ?? other.column.frame
    column = TableColumn(
      name: column.name, type: type.type, fileType: type.fileType, unit: unit, ucd: column.ucd ?? other.column.ucd,
      description: column.description ?? other.column.description,
      isNullable: column.isNullable || other.column.isNullable)
    column.frame = frame
  }

  private mutating func united(_ other: FileColumn, _ path: String) -> (type: ColumnType, fileType: String) {
    let old = (type: column.type, fileType: column.fileType)
    let new = (type: other.column.type, fileType: other.column.fileType)
    let rowid = Self.standing(other)
    // A column without a value fits whatever the others hold.
    if rowid.rawValue < standing.rawValue || (rowid == standing && rowid != .used) { return old }
    if rowid.rawValue > standing.rawValue {
      standing = rowid
      isNested = other.isNested
      typePath = path
      return new
    }
    if isNested == other.isNested, let type = old.type.united(with: new.type) {
      return (type, old.fileType == new.fileType || type == old.type ? old.fileType : "\(type)")
    }
    fail(path, "is \(old.fileType) in \(typePath) and \(new.fileType) here")
    return old
  }

  private mutating func united(_ unit: String?, _ path: String) -> String? {
    guard let unit else { return column.unit }
    guard let old = column.unit else {
      chunkPath = path
      return unit
    }
    if old != unit { fail(path, "is in \(old) in \(chunkPath) and in \(unit) here") }
    return old
  }

  private mutating func fail(_ path: String, _ reason: String) {
    if conflict == nil { conflict = (path, "column '\(column.name)' \(reason)") }
  }
}
