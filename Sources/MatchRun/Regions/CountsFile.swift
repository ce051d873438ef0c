internal import CatalogStore
internal import Indexing
internal import Match
internal import Survivors

/// The counts of one chunk, by region, in a file: workers write them, and whoever estimates a region adds them up.
///
/// A file is complete or absent; it names the match and the chunk that it belongs to, and carries its own checksum. One that
/// cannot be believed is as good as none.
struct CountsFile {
  private let path: String
  private let label: String

  /// The counts of a chunk.
  /// - Parameter fingerprint: Of the match that they belong to.
  init(_ path: String, of pixel: HealpixPixel, fingerprint: String) {
    self.path = path
    label = SkyDatabase.countsLabel(fingerprint: fingerprint, pixel: pixel)
  }

  /// Writes the counts.
  /// - Parameter digest: Of what they follow from.
  func write(_ counts: [Int: RegionCounts], of plan: MatchPlan, digest: Fingerprint?) throws {
    var writer = IntegerWriter()
    writer.put(digest?.description ?? "")
    let regions = counts.keys.sorted()
    writer.put(unsigned: UInt64(regions.count))
    for region in regions {
      writer.put(plan.regions.regions[region].pixel)
      var part = IntegerWriter()
      counts[region]?.write(to: &part)
      writer.put(bytes: part.bytes)
    }
    try LabelledFile.write(writer.bytes, label: label, to: path)
  }

  /// The counts of one region.
  /// - Returns: nil when there are none of that region.
  /// - Throws: `IntegerReader.Malformed` or `StoreError.damaged` for a file that is not the one written, `.system` when
  ///   there is none.
  func counts(of region: Int, _ plan: MatchPlan) throws -> RegionCounts? {
    var reader = IntegerReader(try LabelledFile.body(of: path, label: label))
    _ = try reader.text()
    let wanted = plan.regions.regions[region].pixel
    for _ in 0..<(try reader.length()) {
      let pixel = try reader.pixel()
      let part = try reader.slice()
      if pixel == wanted { return try RegionCounts(part, of: plan) }
    }
    return nil
  }

  /// Whether a whole file with this digest is there.
  func isThere(digest: Fingerprint) -> Bool {
    guard FileSystem.exists(path), let body = try? LabelledFile.body(of: path, label: label) else { return false }
    var reader = IntegerReader(body)
    return (try? reader.text()) == digest.description
  }

  /// Takes over the counts of another match.
  /// - Throws: `StoreError.damaged` when that file is not the one written.
  func take(over other: CountsFile) throws {
    try LabelledFile.write(Array(LabelledFile.body(of: other.path, label: other.label)), label: label, to: path)
  }
}

extension RegionCounts {
  fileprivate func write(to writer: inout IntegerWriter) {
    switch self {
    case .survivors(let counts): counts.write(to: &writer)
    case .kinds(let counts): counts.write(to: &writer)
    }
  }

  fileprivate init(_ bytes: ArraySlice<UInt8>, of plan: MatchPlan) throws {
    var reader = IntegerReader(bytes)
    switch plan.configuration.method {
    case .survivors: self = .survivors(try SurvivorCounts(from: &reader, design: plan.survivorDesign))
    case .mixture: self = .kinds(try PairKindCounts(from: &reader))
    }
    guard reader.isAtEnd else { throw IntegerReader.Malformed() }
  }
}
