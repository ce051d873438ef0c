import ArgumentParser
import CatalogStore
import MatchRun

/// Options that say what dims the stars and galaxies among which hidden neighbours are counted.
struct ExtinctionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A_V to infinity of the stars and galaxies among which hidden neighbours are counted, mag; or a map: HEALPix in FITS, a table by pixel, or the folder of the maps of SFD98 (default: by the dust disc).",
      valueName: "mag|file"))
  var extinction: String?
  @Option(
    help: ArgumentHelp("How A_V varies across a sightline: the scatter of ln A_V (default: 0).", valueName: "scatter"))
  var extinctionScatter: Double?

  /// The setting with these options in place of its own.
  /// - Throws: `StoreError.usage` for a scatter without a number.
  func setting(_ base: ExtinctionSetting) throws -> ExtinctionSetting {
    let given = extinction.map { ExtinctionSetting(text: $0) } ?? base
    return try extinctionScatter.map { try given.with(scatter: $0, subject: "--extinction-scatter") } ?? given
  }
}

extension ExtinctionSetting {
  /// From `auto`, a number, or the path of a map.
  init(text: String) {
    self = text == "auto" ? .model : Double(text).map { .mean($0, scatter: 0) } ?? .map(.file(text))
  }

  /// The same number with a scatter.
  /// - Throws: `StoreError.usage` where there is none.
  func with(scatter: Double, subject: String) throws -> ExtinctionSetting {
    if case .mean(let value, _) = self { return .mean(value, scatter: scatter) }
    throw StoreError(
      .usage, subject,
      "is \(scatter), but A_V is not given as a number; a map has its own scatter, and so has the dust disc")
  }
}
