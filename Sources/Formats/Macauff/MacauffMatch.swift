internal import CatalogStore

/// What the three files of parameters of a run of macauff say of the tables that it writes: CSV without a line of names.
public struct MacauffMatch: Sendable {
  /// The catalogues.
  public let a, b: MacauffCatalogue
  /// The chunks that were matched.
  public let chunks: [String]
  /// Columns of matches, from 1: the identifiers, and the probability.
  public let columnA, columnB, columnP: Int
  /// Columns of the identifiers of sources alone, from 1.
  public let alonePlaceA, alonePlaceB: Int
  private let folder: String
  private let matchName: String
  private let aloneName: String
  private let path: String

  /// Whether a path is that of a joint file.
  public static func isJoint(_ path: String) -> Bool {
    guard MacauffParameters.isNamed(path), let parameters = try? MacauffParameters(path) else { return false }
    return parameters.has("match_out_csv_name")
  }

  /// Reads the files.
  /// - Throws: `StoreError.usage` that names file and key.
  public init(joint path: String, a pathA: String, b pathB: String) throws {
    let parameters = try MacauffParameters(path)
    (a, b) = (try MacauffCatalogue(pathA), try MacauffCatalogue(pathB))
    chunks = try parameters.texts("chunk_id_list")
    self.path = path
    folder = try parameters.text("output_save_folder")
    matchName = try parameters.text("match_out_csv_name")
    aloneName = try parameters.text("nonmatch_out_csv_name")
    alonePlaceA = try Self.place(a)
    alonePlaceB = try Self.place(b)
    (columnA, columnB) = (alonePlaceA, a.output.count + alonePlaceB)
    columnP = a.output.count + b.output.count + 1
    for catalogue in [a, b] {
      if let other = chunks.first(where: { !catalogue.chunks.contains($0) }) {
        throw StoreError(.usage, catalogue.path, "has no chunk '\(other)' in chunk_id_list, which \(path) has")
      }
    }
  }

  private static func place(_ catalogue: MacauffCatalogue) throws -> Int {
    guard let identifier = catalogue.identifier,
      let place = catalogue.output.firstIndex(where: { $0.column == identifier })
    else {
      throw StoreError(
        .usage, catalogue.path, "names no column of identifiers: cat_col_names has none beside positions and magnitudes"
      )
    }
    return place + 1
  }

  /// The file of the matches of a chunk.
  public func matches(_ chunk: String) -> String { file(matchName, chunk) }

  /// The file of a catalogue's sources alone.
  public func alone(_ catalogue: MacauffCatalogue, _ chunk: String) -> String {
    file("\(catalogue.name)_\(aloneName)", chunk)
  }

  private func file(_ name: String, _ chunk: String) -> String {
    let found = folder.replacing("_{}", with: "_\(chunk)") + "/" + name.replacing("_{}", with: "_\(chunk)")
    if found.hasPrefix("/") || FileSystem.isThere(found) { return found }
    let beside = FileSystem.parent(path) + "/" + found
    return FileSystem.isThere(beside) ? beside : found
  }
}
