// swift-tools-version: 6.1
import PackageDescription

/// Benchmarks live in a package of their own: the product's builds and tests never pay for them.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "xmdb", path: "..")],
  targets: [
    // The search for candidate pairs, printed as key=value lines for candidate_search.py to set beside scipy.
    .executableTarget(
      name: "CandidateSearch", dependencies: [.product(name: "Indexing", package: "xmdb")],
      swiftSettings: [.unsafeFlags(["-O"])]),
    // Islands solved per second.
    .executableTarget(
      name: "IslandSpeed",
      dependencies: [.product(name: "Match", package: "xmdb"), .product(name: "Indexing", package: "xmdb")],
      swiftSettings: [.unsafeFlags(["-O"])]),
    // The narrow form beside a row-by-row scan.
    .executableTarget(
      name: "NarrowScan", dependencies: [.product(name: "Ingest", package: "xmdb")],
      swiftSettings: [.unsafeFlags(["-O"])]),
    // The match of two catalogues, stage by stage, beside a bare loop that inserts the same rows.
    .executableTarget(
      name: "MatchSpeed",
      dependencies: [.product(name: "MatchRun", package: "xmdb"), .product(name: "Ingest", package: "xmdb")],
      swiftSettings: [.unsafeFlags(["-O"])]),
    // What chunks of one size cost, for the constants of the cost model.
    .executableTarget(
      name: "ChunkCost",
      dependencies: [
        .product(name: "MatchRun", package: "xmdb"), .product(name: "Ingest", package: "xmdb"),
        .product(name: "Indexing", package: "xmdb"),
      ],
      swiftSettings: [.unsafeFlags(["-O"])]),
    // Reads all values of a table, for read_speed.py to set beside astropy and STILTS.
    .executableTarget(
      name: "ReadSpeed", dependencies: [.product(name: "Ingest", package: "xmdb")],
      swiftSettings: [.unsafeFlags(["-O"])]),
    // Ingest beside a bare prepared-statement loop.
    .executableTarget(
      name: "IngestSpeed", dependencies: [.product(name: "Ingest", package: "xmdb")],
      swiftSettings: [.unsafeFlags(["-O"])]),
  ]
)
