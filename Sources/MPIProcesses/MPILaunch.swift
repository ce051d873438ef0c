internal import CatalogStore
internal import Glibc

/// How this process was started: on its own, or by an MPI launcher as one of several.
enum MPILaunch: Equatable {
  /// On its own.
  case alone
  /// By mpirun, srun or their kin; the number of processes where the launcher says it.
  case together(size: Int?)

  /// What launchers say in the environment of a process: Open MPI, MPICH and its kin, and the PMI of a batch system.
  private static let sizes = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE"]
  private static let marks = ["OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK"]

  /// Reads the environment; `XMDB_MPI=on` or `off` decides against it.
  /// - Throws: `StoreError.usage` for another value.
  init(environment: (String) -> String?) throws {
    let size = Self.sizes.lazy.compactMap(environment).compactMap { Int($0) }.first
    switch environment("XMDB_MPI") ?? "" {
    case "on": self = .together(size: size)
    case "off": self = .alone
    case "": self = Self.marks.contains { environment($0) != nil } ? .together(size: size) : .alone
    case let other: throw StoreError(.usage, "XMDB_MPI", "is '\(other)'; give on or off, or leave it out")
    }
  }

  /// Reads this process' environment.
  static func ofThisProcess() throws -> MPILaunch {
    try MPILaunch { name in getenv(name).map { String(cString: $0) } }
  }
}
