internal import CMPI
internal import CatalogStore
internal import Glibc

/// Finds and loads `libxmdbmpi.so`.
enum MPIPlugin {
  private static let name = "libxmdbmpi.so"

  /// What to do when there is no plugin, or none that works.
  private static let remedy =
    "install openmpi-bin and libopenmpi-dev and run ./setup (or swift build -c release --product xmdbmpi),"
    + " or start a single process without mpirun (XMDB_MPI=off)"

  /// The plugin's functions.
  /// - Throws: `StoreError.system` that says where it was looked for, or why it cannot be loaded.
  static func load() throws -> xmpi_functions {
    let path = try find()
    var reason: UnsafePointer<CChar>?
    guard let functions = xmpi_load(path, &reason) else {
      throw StoreError(.system, path, "cannot be loaded: \(reason.map { String(cString: $0) } ?? "unknown"); \(remedy)")
    }
    return functions.pointee
  }

  /// The plugin lies beside the program, links followed, or in `../lib` of its folder or, where it is installed, in `../lib/xmdb`.
  private static func find() throws -> String {
    guard let program = realpath("/proc/self/exe", nil) else {
      throw StoreError(.system, "/proc/self/exe", "cannot be read: xmdb looks for \(name) beside its program")
    }
    defer { free(program) }
    let folder = FileSystem.parent(String(cString: program))
    let places = ["\(folder)/\(name)", "\(folder)/../lib/\(name)", "\(folder)/../lib/xmdb/\(name)"]
    guard let path = places.first(where: { access($0, R_OK) == 0 }) else {
      throw StoreError(.system, places[0], "is missing: xmdb was started by mpirun and needs it to join; \(remedy)")
    }
    return path
  }
}
