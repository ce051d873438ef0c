/// A file of an export as its manifest lists it.
public struct ExportedFile: Sendable, Hashable {
  /// Its path below the folder of the export.
  public let name: String
  /// Its size.
  public let bytes: Int64

  /// - Returns: Nil for a name that no export gives.
  public init?(name: String, bytes: Int64) {
    guard Self.isOwn(name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)) else { return nil }
    (self.name, self.bytes) = (name, bytes)
  }

  /// The name of the table that it belongs to, when tables are divided by pixels.
  var table: String? { parts.count > 1 ? parts[0] : nil }
  /// The names of the folders above it, and its own.
  var parts: [String] { name.split(separator: "/").map(String.init) }

  private static func isOwn(_ parts: [String]) -> Bool {
    // Of a collection of HATS catalogues: what one of them has, below its folder.
    if parts.count > 1, hatsFolders.contains(parts[0]) {
      return parts.count == 2 ? hatsFiles.contains(parts[1]) : parts[1] == dataset && isOwn(Array(parts.dropFirst()))
    }
    switch parts.count {
    case 1:
      if single.contains(parts[0]) { return true }
      return ["_beyond_overlap.csv", ".csv", ".json"].contains { OwnName.is(parts[0], "", isTable, $0) }
        || OwnName.is(parts[0], "idx_", isTable, ".json")
    case 2:
      if parts[0] == dataset { return ["_metadata", "_common_metadata"].contains(parts[1]) }
      return isTable(parts[0]) && OwnName.isChunk(parts[1])
    case 4:
      return parts[0] == dataset && OwnName.isOrder(parts[1]) && OwnName.is(parts[2], "Dir=", OwnName.isNumber)
        && OwnName.is(parts[3], "Npix=", OwnName.isNumber, ".parquet")
    case 3:
      guard isTable(parts[0]), let pixels = FolderForm.exportTable.folder(parts[1]) else { return false }
      return pixels.isFile(parts[2]) && parts[2].hasPrefix("Npix=")
    default: return false
    }
  }

  private static let single =
    hatsFiles + ["collection.properties", "matches.felis.yaml", "database.json", "metadata.json"]
  private static let hatsFiles = ["hats.properties", "properties", "partition_info.csv"]
  /// The folders of a HATS catalogue and of its margin in a collection of both.
  public static let hatsFolders = ["catalog", "margin"]
  /// The folder of the data of a HATS catalogue.
  static let dataset = "dataset"

  private static func isTable(_ name: String) -> Bool {
    ["matches", "pairs"].contains(name) || OwnName.is(name, "nonmatches_", { !$0.contains { $0 == "\0" } })
  }
}
