import CatalogStore
import Ingest
import MatchRun

extension SurveyProfiles {
  /// A pair in which each PSF that is left to the bands is that of a profile, if the catalogue is of one that states it.
  func settingPSFs(_ pair: ProjectFile.Pair, _ registry: Registry) throws -> ProjectFile.Pair {
    var configuration = pair.configuration
    configuration.psfOfA = try psf(configuration.psfOfA, of: pair.a, registry)
    configuration.psfOfB = try psf(configuration.psfOfB, of: pair.b, registry)
    return ProjectFile.Pair(a: pair.a, b: pair.b, configuration: configuration)
  }

  /// That of a catalogue's profile in place of an automatic setting.
  func psf(_ setting: PSFSetting, of catalogue: String, _ registry: Registry) throws -> PSFSetting {
    guard setting == .automatic, all.contains(where: { $0.psf != nil }),
      let info = try registry.findCatalogue(catalogue)
    else { return setting }
    return recognise(info.columns.map(\.sourceName))?.psfSetting ?? setting
  }
}
