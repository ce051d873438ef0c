// swift-tools-version: 6.1
import PackageDescription

// Arrow C++ comes from the pinned wheel that ./setup unpacks here.
let arrow = "\(Context.packageDirectory)/.deps/arrow"
let arrowHeaders: [CXXSetting] = [.unsafeFlags(["-isystem", "\(arrow)/include"])]
let arrowLibraries: [LinkerSetting] = [
  .unsafeFlags(["-L\(arrow)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(arrow)/lib"]),
  .linkedLibrary("parquet"), .linkedLibrary("arrow"),
]

// The MPI that the plugin is built with, by the name of its pkg-config file: Open MPI's, or another's.
let mpi = Context.environment["XMDB_MPI_PACKAGE"] ?? "ompi-c"

/// The processors that the kernels are built for. The program and the extension check it when they start.
///     XMDB_CPU=x86-64 swift build -c release      for every x86-64 processor, slower
let processors = ["x86-64": "1", "x86-64-v2": "2", "x86-64-v3": "3", "x86-64-v4": "4"]
let processor = Context.environment["XMDB_CPU"] ?? "x86-64-v3"
guard let processorLevel = processors[processor] else {
  fatalError("XMDB_CPU is '\(processor)'; give one of: \(processors.keys.sorted().joined(separator: ", "))")
}

/// Every Swift target: Swift 6 mode (from the tools version), warnings are errors. Testable in release builds too, so that the
/// tests run the code that users get.
let strict: [SwiftSetting] =
  [
    .unsafeFlags(["-warnings-as-errors", "-enable-testing"]),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (Context.environment["XMDB_SANITIZER"] == "thread" ? [.define("XMDB_THREAD_SANITIZER")] : [])

/// The numeric kernels are optimised in debug builds too, and may use what the processor has (AVX2 and FMA in x86-64-v3).
let kernel: [SwiftSetting] = strict + [.unsafeFlags(["-O", "-Xcc", "-march=\(processor)"])]

let package = Package(
  name: "xmdb",
  products: [
    .executable(name: "xmdb", targets: ["xmdb"]),
    // The loadable SQLite extension; `./setup` installs it as bin/libxmdb.so.
    .library(name: "xmdbsql", type: .dynamic, targets: ["CXMDBExtension", "SQLExt"]),
    // MPI for the program, loaded under mpirun only.
    .library(name: "xmdbmpi", type: .dynamic, targets: ["CMPIPlugin"]),
    // For tests: loaded into programs that are to find no file locks.
    .library(name: "nolocks", type: .dynamic, targets: ["CNoLocks"]),
    // For tests: loaded into programs that are to crash.
    .library(name: "crash", type: .dynamic, targets: ["CCrash"]),
    // For the package in Benchmarks/.
    .library(name: "Indexing", targets: ["Indexing"]),
    .library(name: "Match", targets: ["Match"]),
    .library(name: "Ingest", targets: ["Ingest", "Formats", "CatalogStore", "CSQLiteBoot"]),
    .library(name: "MatchRun", targets: ["MatchRun"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    // HTTP, for `xmdb serve`. Without the whole of Foundation and without readers of configuration files.
    .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
  ],
  targets: [
    // C doors. Each has a README line that says why it exists.
    .target(name: "CSQLite", dependencies: ["CXXHash"]),
    .target(name: "CSQLiteBoot", dependencies: ["CSQLite"], linkerSettings: [.linkedLibrary("sqlite3")]),
    .target(name: "CHealpix", linkerSettings: [.linkedLibrary("healpix_cxx")]),
    // Every page that is read is checked with it: optimised in debug builds too.
    .target(name: "CXXHash", cSettings: [.unsafeFlags(["-O3"])]),
    .target(name: "CThreadSanitizer", exclude: ["README.md"]),
    .target(name: "CProcessor", cSettings: [.define("XMDB_CPU_LEVEL", to: processorLevel)]),
    .target(name: "CMPI"),
    .systemLibrary(name: "CMPILibrary", pkgConfig: mpi, providers: [.apt(["libopenmpi-dev"])]),
    // Needs MPI and libc only: not the Swift runtime, which the program may have inside.
    .target(
      name: "CMPIPlugin", dependencies: ["CMPILibrary"],
      linkerSettings: [.unsafeFlags(["-static-stdlib", "-nostartfiles"])]),
    .systemLibrary(name: "CFITSIO", pkgConfig: "cfitsio", providers: [.apt(["libcfitsio-dev"])]),
    .systemLibrary(name: "CERFA", pkgConfig: "erfa", providers: [.apt(["liberfa-dev"])]),
    .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
    .systemLibrary(name: "CLibXMLLibrary", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
    .target(name: "CLibXML", dependencies: ["CLibXMLLibrary"]),
    .systemLibrary(name: "CEditLibrary", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
    .target(name: "CLineEditor", dependencies: ["CEditLibrary"]),
    .target(name: "CArrow", cxxSettings: arrowHeaders, linkerSettings: arrowLibraries),

    // The sphere: positions, HEALPix pixels and ranges, neighbour search, motion. Imports nothing of ours.
    .target(name: "Indexing", dependencies: ["CHealpix"], exclude: ["README.md"], swiftSettings: kernel),
    // The science, pure numerics: never sees SQLite or files.
    .target(name: "Match", dependencies: ["Indexing"], exclude: ["README.md"], swiftSettings: kernel),
    // The report's own way to densities, for comparison: `method: survivors`. Nothing else needs it.
    .target(name: "Survivors", dependencies: ["Match", "Indexing"], swiftSettings: kernel),
    // Simulated skies with known counterparts. Knows no file.
    .target(name: "Simulation", dependencies: ["Indexing"], exclude: ["README.md"], swiftSettings: kernel),
    // The store: connections, migrations, registry, shards, coverage.
    .target(
      name: "CatalogStore", dependencies: ["Indexing", "CSQLite", "CXXHash", "CThreadSanitizer"],
      exclude: ["Pages/README.md"],
      resources: [.embedInCode("Migrations")], swiftSettings: strict),
    // Tables in files, in and out: Parquet, FITS, VOTable, text and more. Keeps their libraries out of the extension, which does
    // not import it.
    .target(
      name: "Formats",
      dependencies: [
        "CatalogStore", "CArrow", "CFITSIO", "CExpat", "CLibXML", .product(name: "Yams", package: "Yams"),
      ],
      exclude: ["README.md"], swiftSettings: strict),
    // Files into shards: roles of columns, external sort.
    .target(
      name: "Ingest",
      dependencies: ["Formats", "CatalogStore", "Indexing", "CERFA", .product(name: "Yams", package: "Yams")],
      exclude: ["README.md"],
      swiftSettings: strict),
    // One run of the match: plan, units, ledger, results, export.
    .target(
      name: "MatchRun", dependencies: ["Match", "Survivors", "CatalogStore", "Indexing"],
      resources: [.embedInCode("Surveys")], swiftSettings: strict),
    // What users give of the sky in files: star counts, extinction.
    .target(
      name: "SkyFiles", dependencies: ["Formats", "Match", "CatalogStore", "Indexing"], swiftSettings: strict),
    // Finished matches as the files that a data access centre ingests.
    .target(
      name: "Delivery",
      dependencies: ["Formats", "CatalogStore", "Indexing", .product(name: "Yams", package: "Yams")],
      swiftSettings: strict),
    // Processes over MPI.
    .target(
      name: "MPIProcesses", dependencies: ["CMPI", "MatchRun", "CatalogStore"], exclude: ["README.md"],
      swiftSettings: strict),
    // Processes that join over sockets.
    .target(
      name: "SocketProcesses", dependencies: ["MatchRun", "CatalogStore"], exclude: ["README.md"], swiftSettings: strict
    ),
    // The SQL surface: one table of functions, one folder of virtual tables.
    .target(
      name: "SQLExt", dependencies: ["MatchRun", "Match", "CatalogStore", "Indexing", "CSQLite", "CProcessor"],
      swiftSettings: strict),
    // The language of the Virtual Observatory, translated into SQL. Imports nothing of ours.
    .target(name: "ADQL", swiftSettings: strict),
    // Catalogues and matches over HTTP: simple cone search and TAP. The only user of Hummingbird, so that the extension does without.
    .target(
      name: "Serve",
      dependencies: [
        "ADQL", "SQLExt", "Formats", "CatalogStore", "Indexing", "CSQLite",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "Logging", package: "swift-log"),
      ], swiftSettings: strict),
    // The entry point that SQLite looks for in libxmdb.so.
    .target(
      name: "CXMDBExtension", dependencies: ["CSQLite", "CProcessor"], exclude: ["exports.map"],
      linkerSettings: [
        // The Swift runtime goes inside: a host's machine has none.
        .unsafeFlags([
          "-static-stdlib", "-Xlinker", "--gc-sections", "-Xlinker", "-s", "-Xlinker",
          "--version-script=\(Context.packageDirectory)/Sources/CXMDBExtension/exports.map",
        ])
      ]),
    // The command line: parses, wires and prints.
    .executableTarget(
      name: "xmdb",
      dependencies: [
        "Serve", "SQLExt", "MatchRun", "Survivors", "MPIProcesses", "SocketProcesses", "Ingest", "Delivery", "SkyFiles",
        "Formats",
        "Simulation",
        "CatalogStore", "Indexing", "CSQLite", "CSQLiteBoot", "CProcessor", "CLineEditor",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Yams", package: "Yams"),
      ], swiftSettings: strict),

    // Seeded generators, brute-force oracles (optimised: they try everything), private folders.
    .target(
      name: "XMDBTestSupport", dependencies: ["CatalogStore", "Match", "Indexing", "CSQLiteBoot"],
      path: "Tests/XMDBTestSupport", swiftSettings: strict + [.unsafeFlags(["-O"])]),
    // Parquet files of any column type, written for tests.
    .target(
      name: "CParquetFixture", path: "Tests/CParquetFixture", cxxSettings: arrowHeaders,
      linkerSettings: arrowLibraries),
    .target(
      name: "ParquetFixture", dependencies: ["CParquetFixture"], path: "Tests/ParquetFixture",
      swiftSettings: strict),
    // Makes the n-th change to a file fail.
    .target(name: "CFaultInjection", path: "Tests/CFaultInjection", exclude: ["README.md"]),
    // Refuses file locks.
    .target(
      name: "CNoLocks", path: "Tests/CNoLocks", exclude: ["README.md"],
      linkerSettings: [.unsafeFlags(["-static-stdlib", "-nostartfiles"])]),
    // Crashes.
    .target(
      name: "CCrash", path: "Tests/CCrash", exclude: ["README.md"],
      linkerSettings: [.unsafeFlags(["-static-stdlib", "-nostartfiles"])]),
    // Passes messages between processes, under mpirun (optimised: it makes and compares every byte).
    .executableTarget(
      name: "TransportProbe", dependencies: ["MPIProcesses", "MatchRun", "CatalogStore"], path: "Tests/TransportProbe",
      swiftSettings: strict + [.unsafeFlags(["-O"])]),
    .testTarget(
      name: "IndexingTests", dependencies: ["Indexing", "XMDBTestSupport"], exclude: ["Golden"],
      swiftSettings: strict),
    .testTarget(
      name: "SimulationTests", dependencies: ["Simulation", "Indexing"],
      swiftSettings: strict + [.unsafeFlags(["-O"])]),
    .testTarget(
      name: "MatchTests", dependencies: ["Match", "XMDBTestSupport"], exclude: ["CrowdingTests/Vectors"],
      swiftSettings: strict),
    .testTarget(
      name: "SurvivorsTests", dependencies: ["Survivors", "Match", "XMDBTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "CatalogStoreTests", dependencies: ["CatalogStore", "XMDBTestSupport", "CFaultInjection"],
      swiftSettings: strict),
    .testTarget(
      name: "FormatsTests",
      dependencies: ["Formats", "CatalogStore", "ParquetFixture", "XMDBTestSupport", "CFaultInjection"],
      exclude: ["Resources"], swiftSettings: strict),
    .testTarget(
      name: "IngestTests",
      dependencies: ["Ingest", "Formats", "CatalogStore", "ParquetFixture", "XMDBTestSupport", "CFaultInjection"],
      swiftSettings: strict),
    .testTarget(
      name: "MatchRunTests",
      dependencies: [
        "Survivors",
        "MatchRun", "Match", "Delivery", "Ingest", "SkyFiles", "Formats", "CatalogStore", "Indexing",
        "ParquetFixture", "XMDBTestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "SocketProcessesTests", dependencies: ["SocketProcesses", "MatchRun", "CatalogStore", "XMDBTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "SQLExtTests", dependencies: ["SQLExt", "Ingest", "Formats", "XMDBTestSupport"], swiftSettings: strict),
    .testTarget(name: "ADQLTests", dependencies: ["ADQL", "XMDBTestSupport"], swiftSettings: strict),
    .testTarget(
      name: "ServeTests", dependencies: ["Serve", "ADQL", "MatchRun", "CatalogStore", "XMDBTestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "xmdb", "MPIProcesses", "TransportProbe", "CatalogStore", "CProcessor", "CSQLiteBoot", "ParquetFixture",
        "XMDBTestSupport",
      ],
      swiftSettings: strict),
  ],
  cLanguageStandard: .c17,
  cxxLanguageStandard: .cxx20
)

// For builds with a sanitizer: the named test targets alone, without the program. scripts/test.sh sanitize sets these.
if let tests = Context.environment["XMDB_TESTS"]?.split(separator: ",").map(String.init) {
  let others = ["xmdb", "TransportProbe", "CXMDBExtension", "CMPIPlugin", "CNoLocks", "CCrash"]
  package.targets.removeAll { others.contains($0.name) || ($0.type == .test && !tests.contains($0.name)) }
  package.products.removeAll()
}
