/// A `key=value` in the name of a folder, as Hive and pyarrow divide data sets: a value of a column for all files below.
struct HivePartition: Hashable, Sendable {
  let key: String
  /// Nil for Hive's word for no value.
  let value: String?

  private static let noValue = "__HIVE_DEFAULT_PARTITION__"

  /// Those of the folders from `root` to `directory`, outermost first.
  static func of(_ directory: String, below root: String) -> [HivePartition] {
    directory.dropFirst(root.count).split(separator: "/").compactMap { HivePartition(folder: String($0)) }
  }

  init?(folder: String) {
    guard let equals = folder.firstIndex(of: "="), equals != folder.startIndex else { return nil }
    key = Self.decoded(folder[..<equals])
    let text = Self.decoded(folder[folder.index(after: equals)...])
    value = text == Self.noValue ? nil : text
  }

  /// `%20` and the like resolved.
  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    // A zero would end the text on its way to the reader of files.
    return String(decoding: bytes, as: UTF8.self).replacing("\0", with: "\u{FFFD}")
  }
}

/// The columns that partitions of a source make: one per key that no file has as a column of its own.
struct PartitionColumns: Sendable {
  let columns: [TableColumn]

  /// - Parameters:
  ///   - files: The partitions of each file.
  ///   - taken: Names of columns of the files, which win.
  init(_ files: [[HivePartition]], taken: [String]) {
    let taken = Set(taken.map(ColumnNames.folded))
    var keys: [String] = []
    var values: [String: Set<String>] = [:]
    for partition in files.joined() where !taken.contains(ColumnNames.folded(partition.key)) {
      if values[partition.key] == nil { keys.append(partition.key) }
      values[partition.key, default: []].formUnion(partition.value.map { [$0] } ?? [])
    }
    columns = keys.map { key in
      let isInteger = values[key, default: []].allSatisfy { text in Int64(text).map { "\($0)" == text } ?? false }
      return TableColumn(
        name: key, type: isInteger ? .int64 : .text, fileType: "partition",
        description: "from the names of the folders (\(key)=…)")
    }
  }

  /// The values of a file, one per column.
  func values(_ file: [HivePartition]) -> [String?] {
    columns.map { column in file.last { $0.key == column.name }?.value }
  }
}
