import ArgumentParser
import CatalogStore
import Ingest
import MatchRun

/// The option of commands that recognise surveys.
struct ProfileOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Survey profiles of your own, in YAML (default: $XMDB_PROFILES, else profiles.yaml in the database's folder).",
      valueName: "file"))
  var profiles: String?

  /// The surveys that are known.
  /// - Parameter folder: That of the database; nil: there is none.
  /// - Throws: `StoreError.usage` for a file that is wrong.
  func known(_ folder: String?) throws -> SurveyProfiles {
    let usual = folder.map { $0 + "/profiles.yaml" }
    let named = profiles ?? environmentVariable("XMDB_PROFILES").flatMap { $0.isEmpty ? nil : $0 }
    guard let path = named ?? usual.flatMap({ FileSystem.exists($0) ? $0 : nil }) else { return .builtIn }
    let known = try SurveyProfiles(file: path)
    try known.requireBands()
    return known
  }
}

extension SurveyProfiles {
  /// Refuses a PSF of a band that is not known.
  fileprivate func requireBands() throws {
    for profile in all where profile.psf != nil {
      guard case .band(let name)? = profile.psfSetting else { continue }
      do { _ = try SurveyBands().band(name) } catch let error as StoreError where error.code == .usage {
        throw StoreError(.usage, "\(profile.file ?? ""), profile '\(profile.name)', psf", error.message)
      }
    }
  }
}

extension SurveyProfile {
  /// Its PSF as a configuration has it; nil if it states none.
  var psfSetting: PSFSetting? { psf.map { PSFSetting(text: $0) } }
}
