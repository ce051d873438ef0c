/// The definition of one virtual table: a table-valued function such as `xmatch('a','b')`, or without parameters a plain
/// table. Registration, `docs/sql.md` and the tests all read this.
package struct TableFunction: Sendable {
  package let name: String
  package let section: SQLSection
  /// The arguments, required ones first. In SQL they are hidden columns, behind the visible ones.
  package let parameters: [Parameter]
  package let columns: [TableColumn]
  package let summary: String
  package let example: String
  /// The example's answer where it is fixed: columns joined by "|", rows by a line break.
  package let answer: String?
  package let reach: OperatorReach
  /// Names that columns had in earlier versions: hidden, behind the arguments.
  private let formerNames: [(name: String, column: Int)]
  /// Called once per connection, at the table's first use. Must not read the database: that may change by `xm_open`.
  let make: @Sendable (XMDBContext) throws -> any VirtualTable

  package init(
    _ name: String, in section: SQLSection, parameters: [Parameter] = [], columns: [TableColumn], summary: String,
    example: String, answer: String? = nil, reach: OperatorReach = .files,
    make: @escaping @Sendable (XMDBContext) throws -> any VirtualTable
  ) {
    let required = parameters.prefix { !$0.isOptional }
    precondition(parameters.dropFirst(required.count).allSatisfy(\.isOptional), "\(name): optional arguments come last")
    precondition(parameters.isEmpty || !required.isEmpty, "\(name): a table with arguments has a required one")
    self.name = name
    self.section = section
    self.parameters = parameters
    self.columns = columns
    self.summary = summary
    self.example = example
    self.answer = answer
    self.reach = reach
    self.make = make
    formerNames = Self.formerNames(columns, parameters)
  }
}

/// One visible column of a virtual table.
package struct TableColumn: Sendable, Hashable {
  /// The declared type. It decides how SQLite converts what the column is compared with.
  package enum Kind: String, Sendable {
    case integer = "INTEGER"
    case real = "REAL"
    case text = "TEXT"
    case blob = "BLOB"
    /// Unsigned 64-bit integers as decimal digits, in the order of the numbers.
    case unsigned = "TEXT COLLATE xm_unsigned"
    /// No declared type: values compare as they are.
    case any = ""
  }

  package let name: String
  package let kind: Kind
  package let summary: String
  /// The name that the column had in an earlier version; it is still understood.
  package let formerName: String?

  package init(_ name: String, _ kind: Kind, _ summary: String = "", formerly formerName: String? = nil) {
    self.name = name
    self.kind = kind
    self.summary = summary
    self.formerName = formerName
  }
}

extension TableFunction {
  /// The statement that tells SQLite the table's shape.
  var declaration: String {
    let visible = columns.map { "\(quoted($0.name)) \($0.kind.rawValue)" }
    let hidden = parameters.map { "\(quoted($0.name)) HIDDEN" }
    var former = formerNames.map { "\(quoted($0.name)) \(columns[$0.column].kind.rawValue) HIDDEN" }
    if !former.isEmpty { former.insert("\(quoted(Self.surplusName)) HIDDEN", at: 0) }
    return "CREATE TABLE x(" + (visible + hidden + former).joined(separator: ", ") + ")"
  }

  private static let surplusName = "xm_surplus_argument"

  private static func formerNames(
    _ columns: [TableColumn], _ parameters: [Parameter]
  ) -> [(name: String, column: Int)] {
    let taken = Set((columns.map(\.name) + parameters.map(\.name)).map { $0.lowercased() })
    // A table with a column of this name has no former names, so that SQLite refuses surplus arguments by itself.
    if taken.contains(surplusName) { return [] }
    return columns.enumerated().compactMap { index, column in
      column.formerName.flatMap { taken.contains($0.lowercased()) ? nil : ($0, index) }
    }
  }

  /// What SQLite means by a column's number: SQL has the columns, then the arguments, then one for a surplus argument and the former
  /// names of columns.
  func meaning(of number: Int) -> DeclaredColumn {
    if number < columns.count { return .column(number) }
    let argument = number - columns.count
    if argument < parameters.count { return .argument(argument) }
    let former = argument - parameters.count - 1
    return former < 0 ? .surplus : .column(formerNames[former].column)
  }

  /// Which columns are used, one bit each, a former name as its column; the last bit stands for all from there on.
  func columnsUsed(_ mask: UInt64) -> UInt64 {
    var used = mask
    for (index, former) in formerNames.enumerated() {
      let bit = min(columns.count + parameters.count + 1 + index, 63)
      guard mask & (1 << UInt64(bit)) != 0 else { continue }
      if bit < 63 { used &= ~(1 << UInt64(bit)) }
      used |= 1 << UInt64(min(former.column, 63))
    }
    return used
  }

  /// "xmatch('a', 'b')": how the table is called.
  package var callForm: String {
    if parameters.isEmpty { return name }
    return "\(name)(" + parameters.map { $0.isOptional ? "[\($0.name)]" : $0.name }.joined(separator: ", ") + ")"
  }
}

/// A name as an SQL identifier. Names are never put into SQL in any other way.
func quoted(_ name: String) -> String {
  "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}
