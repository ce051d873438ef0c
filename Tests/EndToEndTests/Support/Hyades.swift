import Foundation
import Testing
import XMDBTestSupport

/// The bundled example: two real catalogues, and the options that `examples/hyades/run.sh` ingests them with.
enum Hyades {
  private static func file(_ name: String) -> String {
    ProjectPaths.packageRoot.appendingPathComponent("examples/hyades/\(name).parquet").path
  }

  static let gaiaFile = file("gaia_hyades")
  static let hipparcosFile = file("hipparcos_hyades")

  static let ingestGaia = ["ingest", gaiaFile, "--as", "gaia", "--epoch", "2016.0", "--map", "sigma=0.02:mas"]
  static let ingestHipparcos = [
    "ingest", hipparcosFile, "--as", "hip", "--epoch", "1991.25", "--map", "id=HIP", "--map", "sigma_ra=e_ra",
    "--map", "sigma_dec=e_dec", "--map", "sigma_pm_ra=e_pm_ra", "--map", "sigma_pm_dec=e_pm_dec",
  ]

  /// A folder with a database of both catalogues, `sky.xmdb`.
  static func database() throws -> Workdir {
    let folder = try Workdir()
    for arguments in [ingestGaia, ingestHipparcos] {
      let result = try folder.start(arguments).wait()
      try #require(result.status == 0, "\(result)")
    }
    return folder
  }

  /// The same, matched.
  static func matched() throws -> Workdir {
    let folder = try database()
    let result = try folder.xmdb("match", "gaia", "hip")
    try #require(result.status == 0, "\(result)")
    return folder
  }
}
