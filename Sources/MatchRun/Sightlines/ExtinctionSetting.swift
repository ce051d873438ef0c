internal import CatalogStore
internal import Match

/// The extinction of the stars and galaxies among which hidden neighbours are counted.
public enum ExtinctionSetting: Sendable, Equatable {
  /// That of the model of the dust.
  case model
  /// A_V to infinity everywhere, mag, with a scatter of ln A_V.
  case mean(Double, scatter: Double)
  /// By sightline.
  case map(SkyTableSetting)

  /// A_V that is believed, mag.
  static let extinctions = 0.0...100
  private static let scatters = ExtinctionDistribution.believedScatter

  /// - Throws: `StoreError.usage` that names what was given and what is allowed.
  func validate() throws {
    guard case .mean(let value, let scatter) = self else { return }
    guard Self.extinctions.contains(value) else {
      throw StoreError(
        .usage, "extinction",
        "is \(value); allowed: A_V from \(Self.extinctions.lowerBound) to \(Self.extinctions.upperBound) mag, a map, or `auto`"
      )
    }
    guard Self.scatters.contains(scatter) else {
      throw StoreError(
        .usage, "extinction_scatter",
        "is \(scatter); allowed: \(Self.scatters.lowerBound) to \(Self.scatters.upperBound), the scatter of ln A_V")
    }
  }

  /// Keeps a map in the database, so that a run can name it.
  func keep(in registry: Registry) throws { if case .map(let setting) = self { try setting.keep(in: registry) } }

  /// As a configuration is recorded; nothing for the model.
  var lines: String {
    switch self {
    case .model: ""
    case .mean(let value, let scatter):
      "extinction: \(value)\n" + (scatter == 0 ? "" : "extinction_scatter: \(scatter)\n")
    case .map(let setting): setting.line("extinction")
    }
  }

  /// What was recorded.
  init(recorded values: [Substring: String]) {
    guard let text = values["extinction"] else {
      self = .model
      return
    }
    self =
      Double(text).map { .mean($0, scatter: values["extinction_scatter"].flatMap(Double.init) ?? 0) }
      ?? .map(.recorded(digest: text))
  }
}
