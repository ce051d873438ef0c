internal import Yams

/// What astropy says about columns in the footer of a Parquet file: units, UCDs, descriptions.
///
/// `Table.write` keeps them as YAML under the key `table_meta_yaml`, in the form of ECSV: a list `datatype` of columns with
/// `name`, `datatype`, `unit`, `description`, and `meta`, in which tables from VizieR and VOTables have `ucd`. Only that list
/// is read: what else there is describes Python objects.
struct AstropyNotes {
  /// What is known of one column.
  struct Note {
    var unit: String?
    var ucd: String?
    var description: String?
    /// Whether it holds text, which astropy may write as bytes.
    var isText = false
    /// The type, in numpy's words.
    var type: String?
    /// What the texts of a column stand for, such as arrays.
    var subtype: String?
  }

  /// The key of the footer.
  static let key = "table_meta_yaml"
  /// Longer lists are not read: 8 MB tell of 100 000 columns.
  static let mostBytes = 8_000_000

  private var notes: [ExactName: Note] = [:]
  /// The names, in order.
  private(set) var names: [String] = []
  /// Why nothing is known although there is something.
  private(set) var flaw: String?

  init(_ yaml: String) {
    let section = Self.section(of: yaml)
    guard section.utf8.count <= Self.mostBytes else {
      flaw = "takes \(section.utf8.count) bytes; allowed: \(Self.mostBytes)"
      return
    }
    guard !Self.hasOddKeys(section) else {
      flaw = "has keys that are no plain words"
      return
    }
    do {
      // Without rules for tags every scalar stays the text that it is.
      let parser = try Yams.Parser(yaml: section, resolver: Resolver.basic, encoding: .utf8)
      guard let root = try parser.singleRoot(), let list = Self.value("datatype", of: root)?.sequence else {
        flaw = "has no list of columns (datatype)"
        return
      }
      for entry in list { take(entry) }
    } catch {
      flaw = "is not YAML"
    }
  }

  /// What is known of a column.
  func note(_ name: String) -> Note? { notes[ExactName(name)] }

  /// Gives a column what is not known of it otherwise.
  func complete(_ column: inout FileColumn) {
    guard let note = notes[ExactName(column.column.name)] else { return }
    let old = column.column
    column.column = TableColumn(
      name: old.name, type: note.isText && old.type == .binary && !column.isNested ? .text : old.type,
      fileType: old.fileType, unit: old.unit ?? note.unit, ucd: old.ucd ?? note.ucd,
      description: old.description ?? note.description, isNullable: old.isNullable)
    column.column.frame = old.frame
  }

  private mutating func take(_ entry: Node) {
    guard let name = Self.text("name", of: entry) else { return }
    let type = Self.text("datatype", of: entry)
    names.append(name)
    notes[ExactName(name)] = Note(
      unit: Self.text("unit", of: entry), ucd: Self.ucd(of: entry), description: Self.text("description", of: entry),
      isText: type == "string" || type == "str", type: type, subtype: Self.text("subtype", of: entry))
  }

  private static func ucd(of entry: Node) -> String? {
    guard let meta = value("meta", of: entry) else { return nil }
    // `!!omap` is a list of mappings of one key each.
    let parts = meta.sequence.map { Array($0) } ?? [meta]
    for part in parts {
      if let ucd = text("ucd", of: part) ?? text("UCD", of: part) { return ucd }
    }
    return nil
  }

  private static func value(_ key: String, of node: Node) -> Node? {
    node.mapping?.first { $0.key.scalar?.string == key }?.value
  }

  private static func text(_ key: String, of node: Node) -> String? {
    let value = value(key, of: node)
    // Of columns that are quantities: `!astropy.units.Unit {unit: deg}`.
    let text = value?.scalar?.string ?? value.flatMap { Self.value(key, of: $0)?.scalar?.string }
    return text.flatMap { $0.isEmpty || $0 == "null" ? nil : $0 }
  }

  /// The lines of the key `datatype` at the margin; all of them if there is no such key.
  private static func section(of yaml: String) -> String {
    let lines = yaml.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.starts(with: "datatype:".utf8) }) else { return yaml }
    let rest = lines[(start + 1)...]
    let inside: Set<UInt8> = [UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "#"), UInt8(ascii: "\t")]
    let end = rest.firstIndex { line in line.first.map { !inside.contains($0) } ?? false } ?? rest.endIndex
    return lines[start..<end].map { String($0) ?? "" }.joined(separator: "\n")
  }

  /// Whether something other than a plain word may be the key of a mapping. Aliases of aliases grow beyond bounds when keys
  /// are compared, and only then.
  private static func hasOddKeys(_ yaml: String) -> Bool {
    guard yaml.utf8.contains(UInt8(ascii: "*")) else { return false }
    let spaces: Set<UInt8> = [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    let closing: Set<UInt8> = [UInt8(ascii: "]"), UInt8(ascii: "}")]
    /// Whether a key may end with what came last but for spaces: a bracket, or a word that begins with `*`.
    var (mayEndKey, isInWord, isInAlias) = (false, false, false)
    for byte in yaml.utf8 {
      if byte == UInt8(ascii: "?"), !isInWord { return true }
      if byte == UInt8(ascii: ":"), mayEndKey { return true }
      if spaces.contains(byte) {
        (isInWord, isInAlias) = (false, false)
        continue
      }
      let isIndicator =
        closing.contains(byte) || [UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: ",")].contains(byte)
      if !isInWord { isInAlias = byte == UInt8(ascii: "*") }
      isInWord = !isIndicator
      mayEndKey = closing.contains(byte) || (isInAlias && !isIndicator)
    }
    return false
  }
}
