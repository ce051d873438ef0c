import CatalogStore
import Foundation
import XMDBTestSupport

/// Changes one thing in a database: bits, lengths, places of files, cells of the registry. Every kind of file and every kind
/// of change comes about equally often.
struct DatabaseDamage {
  private let folder: String
  private let files: [String]

  /// - Parameter folder: A database that nobody else uses.
  init(_ folder: String) {
    self.folder = folder
    files = FolderContents(folder).names.filter { !$0.hasSuffix(".lock") }
  }

  /// Does one thing.
  /// - Returns: What was done; nil when it made no difference.
  func perform(_ rng: inout SplitMix64) throws -> String? {
    switch rng.below(7) {
    case 0, 1: try flip(&rng)
    case 2: try overwrite(&rng)
    case 3: try cut(&rng)
    case 4: try swap(&rng)
    default: try changeCell(&rng)
    }
  }

  /// Files by what they are: registry, shards of a catalogue, results, counts, problems.
  private func anyFile(_ rng: inout SplitMix64) -> String {
    let kinds = Dictionary(grouping: files) { name in
      let parts = name.split(separator: "/")
      return "\(parts[0]) \(parts[min(1, parts.count - 1)].prefix(6)) \(name.hasSuffix(".counts"))"
        + " \(name.contains("problems"))"
    }
    let kind = kinds.keys.sorted()[rng.below(kinds.count)]
    return kinds[kind]![rng.below(kinds[kind]!.count)]
  }

  private func change(_ name: String, _ body: (inout Data) -> Void) throws -> Bool {
    let url = URL(fileURLWithPath: folder + "/" + name)
    let before = try Data(contentsOf: url)
    var after = before
    body(&after)
    try after.write(to: url)
    return before != after
  }

  private func flip(_ rng: inout SplitMix64) throws -> String? {
    let name = anyFile(&rng)
    var place = 0
    let bit = rng.below(8)
    let random = rng.next()
    let isOther = try change(name) { bytes in
      if bytes.isEmpty { return }
      place = Int(random >> 1) % bytes.count
      bytes[place] ^= 1 << UInt8(bit)
    }
    return isOther ? "\(name): bit \(bit) of byte \(place)" : nil
  }

  private func overwrite(_ rng: inout SplitMix64) throws -> String? {
    let name = anyFile(&rng)
    let (random, value, length) = (rng.next(), UInt8(rng.below(256)), [8, 100, 4096][rng.below(3)])
    var place = 0
    let isOther = try change(name) { bytes in
      if bytes.isEmpty { return }
      place = Int(random >> 1) % bytes.count
      let end = min(bytes.count, place + length)
      bytes.replaceSubrange(place..<end, with: repeatElement(value, count: end - place))
    }
    return isOther ? "\(name): \(length) bytes from \(place) are \(value)" : nil
  }

  private func cut(_ rng: inout SplitMix64) throws -> String? {
    let name = anyFile(&rng)
    let part = rng.below(4)
    if part == 3 {
      try FileManager.default.removeItem(atPath: folder + "/" + name)
      return "\(name): removed"
    }
    let isOther = try change(name) { bytes in bytes = bytes.prefix([0, bytes.count / 2, bytes.count - 1][part]) }
    return isOther ? "\(name): cut, \(part)" : nil
  }

  /// Puts a file in the place of another, of another chunk, catalogue or kind.
  private func swap(_ rng: inout SplitMix64) throws -> String? {
    let (target, source) = (anyFile(&rng), anyFile(&rng))
    if target == source || target.hasPrefix("registry") || source.hasPrefix("registry") { return nil }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + source))
    return try change(target) { $0 = bytes } ? "\(target): is \(source)" : nil
  }

  private static let values = [
    "NULL", "-1", "9223372036854775807", "1e308", "-1e308", "'x'", "x'00'", "1950", "1e9", "0", "''",
  ]

  private func changeCell(_ rng: inout SplitMix64) throws -> String? {
    let connection = try Connection(path: folder + "/registry.sqlite", mode: .readWrite)
    try connection.execute("PRAGMA foreign_keys=OFF")
    func list(_ sql: String) throws -> [String] {
      let statement = try connection.prepare(sql)
      var values: [String] = []
      while try statement.step() { values.append(statement.text(0)) }
      return values
    }
    let tables = try list("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1")
      .filter { try !list("SELECT 1 FROM \"\($0)\" LIMIT 1").isEmpty }
    let table = tables[rng.below(tables.count)]
    let columns = try list("SELECT name FROM pragma_table_info('\(table)')")
    let keys = try list("SELECT name FROM pragma_table_info('\(table)') WHERE pk ORDER BY pk")
    let column = columns[rng.below(columns.count)]
    let rows = try Int(list("SELECT count(*) FROM \"\(table)\"")[0]) ?? 1
    let name = keys.map { "quote(\"\($0)\")" }.joined(separator: " || ', ' || ")
    let key = try list("SELECT \(name) FROM \"\(table)\" LIMIT 1 OFFSET \(rng.below(rows))")[0]
    let row = "(\(keys.map { "\"\($0)\"" }.joined(separator: ", "))) = (\(key))"
    let others = Self.values + ["\"\(column)\" + 1", "\"\(column)\" || 'a'"]
    let value = rng.below(5) == 0 ? nil : others[rng.below(others.count)]
    let sql = value.map {
      "UPDATE \"\(table)\" SET \"\(column)\" = \($0) WHERE \(row) AND \"\(column)\" IS NOT (\($0))"
    }
    do { try connection.execute(sql ?? "DELETE FROM \"\(table)\" WHERE \(row)") } catch is StoreError { return nil }
    return try list("SELECT changes()") == ["0"] ? nil : "registry: \(sql ?? "delete from \(table), \(row)")"
  }
}
