internal import CatalogStore
internal import Indexing
internal import Match

/// The counts of one unit, by region, in a file: workers write them, and whoever estimates a region adds them up.
///
/// A file is complete or absent, and carries its own fingerprint. One that cannot be believed is as good as none.
struct CountsFile {
  private static let magic = "xmdb counts 1"

  /// Writes the counts of a unit.
  /// - Parameter digest: Of what they follow from.
  static func write(
    _ counts: [Int: RegionCounts], of plan: MatchPlan, digest: Fingerprint?, to path: String
  ) throws {
    var writer = IntegerWriter()
    writer.put(magic)
    writer.put(digest?.description ?? "")
    let regions = counts.keys.sorted()
    writer.put(unsigned: UInt64(regions.count))
    for region in regions {
      writer.put(plan.regions.regions[region].pixel)
      var part = IntegerWriter()
      counts[region]!.write(to: &part)
      writer.put(bytes: part.bytes)
    }
    let fingerprint = writer.bytes.withUnsafeBytes { Fingerprint.hash64($0) }
    writer.put(Double(bitPattern: fingerprint))
    try FileSystem.createDirectories(FileSystem.parent(path))
    let file = try FileWriter(path: path)
    try file.write(bytes: writer.bytes)
    _ = try file.publish()
  }

  /// The counts of one region in a unit's file.
  /// - Returns: nil when there are none of that region.
  /// - Throws: `IntegerReader.Malformed` for a file that is not whole, `StoreError.system` when there is none.
  static func counts(of region: Int, _ plan: MatchPlan, at path: String) throws -> RegionCounts? {
    var (_, reader) = try opened(path)
    let wanted = plan.regions.regions[region].pixel
    for _ in 0..<(try reader.count()) {
      let pixel = try reader.pixel()
      let part = try reader.slice()
      if pixel == wanted { return try RegionCounts(part, of: plan) }
    }
    return nil
  }

  /// Whether a whole file with this digest is there.
  static func isThere(_ path: String, digest: Fingerprint) -> Bool {
    guard FileSystem.exists(path), let (found, _) = try? opened(path) else { return false }
    return found == digest.description
  }

  private static func opened(_ path: String) throws -> (digest: String, reader: IntegerReader) {
    let bytes = try FileSystem.contents(of: path)
    guard bytes.count > 8 else { throw IntegerReader.Malformed() }
    var seal = IntegerReader(bytes.suffix(8))
    let body = bytes.dropLast(8)
    guard try seal.double().bitPattern == body.withUnsafeBytes({ Fingerprint.hash64($0) }) else {
      throw IntegerReader.Malformed()
    }
    var reader = IntegerReader(body)
    guard try reader.text() == magic else { throw IntegerReader.Malformed() }
    return (try reader.text(), reader)
  }
}

extension RegionCounts {
  fileprivate func write(to writer: inout IntegerWriter) {
    switch self {
    case .pairs(let counts): counts.write(to: &writer)
    case .survivors(let counts): counts.write(to: &writer)
    }
  }

  fileprivate init(_ bytes: ArraySlice<UInt8>, of plan: MatchPlan) throws {
    var reader = IntegerReader(bytes)
    switch plan.configuration.method {
    case .pairs:
      self = .pairs(
        try PairCounts(
          from: &reader, classesA: plan.classesA.count, classesB: plan.classesB.count, zones: plan.zones.count))
    case .survivors: self = .survivors(try SurvivorCounts(from: &reader, design: plan.survivorDesign))
    }
    guard reader.isAtEnd else { throw IntegerReader.Malformed() }
  }
}
