internal import CatalogStore
internal import Indexing

/// Where the files of a run are.
struct RunFiles: Sendable {
  /// The folder of the database.
  let database: String
  let run: Int64

  init(_ database: SkyDatabase, run: Int64) {
    self.database = database.path
    self.run = run
  }

  /// The folder of the run, below that of the database.
  var folder: String { SkyDatabase.runPath(run) }
  /// The same, from where the process is.
  var fullFolder: String { database + "/" + folder }

  /// The results of a chunk, below the folder of the database.
  func results(_ pixel: HealpixPixel) -> String { folder + "/" + Self.name(pixel) + ".sqlite" }
  /// The counts of a chunk.
  func counts(_ pixel: HealpixPixel) -> String { database + "/" + SkyDatabase.countsPath(run: run, pixel) }
  /// The registry as it was when the run began, for other processes.
  var plan: String { fullFolder + "/plan.registry" }
  /// The registry with the densities of the run.
  var densities: String { fullFolder + "/densities.registry" }
  /// The file that says how other processes join, where they may.
  static let crewName = "crew"
  /// What is being worked on.
  var flights: String { fullFolder + "/flights" }

  private static func name(_ pixel: HealpixPixel) -> String { "Norder=\(pixel.order)/Npix=\(pixel.index)" }
}
