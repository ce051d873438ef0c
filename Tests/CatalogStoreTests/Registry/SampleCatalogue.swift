import CatalogStore
import Indexing
import XMDBTestSupport

/// Registry entries with every field set.
enum SampleCatalogue {
  static let layout = SampleLayout(
    isCircular: false, hasMotion: true, hasEpoch: true, bands: ["G", "W 1"], hasBestBand: true
  ).layout(.text)

  static func info(_ name: String, number: Int = 1, shards: Int = 3) -> CatalogueInfo {
    var info = CatalogueInfo(name: name, inputsFingerprint: "finger-\(name)-\(number)", layout: layout)
    info.number = number
    info.magnitudes = [MagnitudeHistogram(), MagnitudeHistogram()]
    for magnitude in [-1.46, 0.03, 21, .nan] { info.magnitudes[1].add(magnitude) }
    info.created = "2026-01-02T03:04:05Z"
    info.program = "0.1.0"
    info.options = "--map ra=x --epoch 2016.0"
    (info.inputRows, info.rows, info.problemRows) = (1 << 52, (1 << 52) - 7, 7)
    (info.duplicateIDs, info.nullIDs, info.knownMotions) = (3, 4, 5)
    info.epochYears = 2015.5
    info.epochRange = 1991.25...2016.125
    (info.largestSigmaArcsec, info.largestMotionMasPerYear, info.largestSigmaMotionMasPerYear) = (
      0.1, 10_393.349, 1e-300
    )
    info.columns = [
      ColumnInfo(name: "a\"b", sourceName: "A \"B\"", type: "float64", unit: "deg", ucd: "pos.eq.ra", description: "x"),
      ColumnInfo(name: "", sourceName: "☆", type: "timestamp[us,UTC]", unit: nil, ucd: nil, description: nil),
    ]
    info.roles = [
      RoleInfo(role: "ra", column: "a\"b", constant: nil, unit: "deg", reason: "by name"),
      RoleInfo(role: "sigma", column: nil, constant: 0.25, unit: "arcsec", reason: "--map"),
      RoleInfo(role: "mag:W 1", column: "", constant: nil, unit: nil, reason: ""),
    ]
    info.inputs = [
      InputFile(path: "/data/one file.parquet", bytes: 1 << 40, rows: 12, fingerprint: "f1"),
      InputFile(path: "/data/two.parquet", bytes: 0, rows: 0, fingerprint: "f2"),
    ]
    info.problems = [("ra_missing", 5), ("dec_missing", 2)]
    info.shards = (0..<shards).map { shard($0, of: name, number) }
    return info
  }

  static func shard(_ index: Int, of name: String, _ number: Int) -> ShardInfo {
    ShardInfo(
      pixel: HealpixPixel(order: 29 - index, index: Int64(index)), firstRowid: Int64(index) * 10, rows: 10,
      path: SkyDatabase.generationPath(catalogue: name, number: number) + "/\(index).sqlite", bytes: 4096,
      fingerprint: "shard-\(index)", smallestID: index == 0 ? .null : .integer(.min),
      largestID: index == 0 ? .text("z\0z") : .integer(.max))
  }

  static let coverage = CoverageMap(nodes: [
    .init(pixel: HealpixPixel(order: 29, index: 0), count: 1, fraction: 0.125, isBorder: true),
    .init(pixel: HealpixPixel(order: 0, index: 3), count: Int64.max / 2, fraction: 1, isBorder: false),
    .init(pixel: HealpixPixel(order: 29, index: (12 << 58) - 1), count: 0, fraction: 0, isBorder: true),
  ])
}
