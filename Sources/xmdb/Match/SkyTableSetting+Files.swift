import CatalogStore
import MatchRun
import SkyFiles

/// Reading what a configuration gives of the sky.
extension SkyTableSetting {
  /// The same with star counts that are read, if they are still a file.
  /// - Throws: `StoreError.usage` that names the file and what is wrong with it.
  func reading(
    of catalogue: String, psf: PSFSetting, _ registry: Registry, _ cancellation: Cancellation
  ) throws -> SkyTableSetting {
    guard let path else { return self }
    let names = try CountedBand.names(of: registry.catalogue(catalogue), psf: psf)
    return .read(try CountsFile.table(path, band: names, cancellation: cancellation))
  }
}

extension ExtinctionSetting {
  /// The same with a map that is read, if it is still a file.
  /// - Throws: `StoreError.usage` that names the file and what is wrong with it.
  func reading(_ cancellation: Cancellation) throws -> ExtinctionSetting {
    guard case .map(let setting) = self, let path = setting.path else { return self }
    return .map(.read(try ExtinctionFile.table(path, cancellation: cancellation)))
  }
}

extension ProjectFile.Pair {
  /// The pair with what its configuration gives of the sky read from files.
  func readingSky(_ registry: Registry, _ cancellation: Cancellation) throws -> ProjectFile.Pair {
    var configuration = configuration
    configuration.countsOfA = try configuration.countsOfA?.reading(
      of: a, psf: configuration.psfOfA, registry, cancellation)
    configuration.countsOfB = try configuration.countsOfB?.reading(
      of: b, psf: configuration.psfOfB, registry, cancellation)
    configuration.extinction = try configuration.extinction.reading(cancellation)
    return ProjectFile.Pair(a: a, b: b, configuration: configuration)
  }
}
