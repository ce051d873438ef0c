import CatalogStore
import Match
import MatchRun
import Survivors
import Yams

/// Reading the configuration of a match from YAML, with the keys that a run records.
extension MatchConfiguration {
  /// The keys that a file may have.
  static let keys = [
    "photometry", "priors", "region_sources", "epoch", "candidate_fraction", "largest_separation_arcsec",
    "negligible_probability", "largest_candidates", "largest_island_pairs", "frame", "unknown_motions",
    "psf_a", "psf_b", "extinction", "extinction_scatter", "counts_a", "counts_b", "corrections", "method", "survivors",
    "estimator",
    "columns", "direction",
    "field_band", "bins",
  ]

  /// What a file of `--config` is for.
  static var fileUse: String { "--config takes a YAML file with the keys \(keys.joined(separator: ", "))" }

  /// Takes what a file says; keys that are absent keep their values.
  /// - Throws: `StoreError.usage` that names the file, the key, what was given and what is allowed.
  mutating func read(_ file: YAMLFile) throws { try read(file.mapping, of: file.path) }

  /// Takes what a part of a file says.
  /// - Parameter others: Keys that are read elsewhere.
  mutating func read(_ mapping: Node.Mapping, of path: String, besides others: [String] = []) throws {
    // `survivors` chooses all settings of that method at once, so that the others can change them; a scatter needs its mean.
    for wholesale in [true, false] {
      for (key, value) in mapping where Self.comeFirst.contains(key.string ?? "") == wholesale {
        let name = key.string ?? ""
        if !others.contains(name) { try set(name, value.scalar?.string, path, besides: others) }
      }
    }
  }

  private static let comeFirst = ["survivors", "extinction"]

  private mutating func set(_ key: String, _ value: String?, _ path: String, besides others: [String]) throws {
    switch key {
    case "photometry": photometry = try Self.choice(value, "\(path), \(key)", ["true": true, "false": false])
    case "priors": priors = try Self.choice(value, "\(path), \(key)")
    case "frame": frame = try Self.choice(value, "\(path), \(key)")
    case "unknown_motions": unknownMotions = try Self.choice(value, "\(path), \(key)")
    case "psf_a": psfOfA = PSFSetting(text: value ?? "")
    case "psf_b": psfOfB = PSFSetting(text: value ?? "")
    case "extinction":
      guard let value, !value.isEmpty else { throw StoreError(.usage, "\(path), \(key)", "is no number and no file") }
      extinction = ExtinctionSetting(text: value)
    case "extinction_scatter":
      extinction = try extinction.with(
        scatter: Self.number(value, "\(path), \(key)"), subject: "\(path), \(key)")
    case "counts_a": countsOfA = try Self.file(value, "\(path), \(key)")
    case "counts_b": countsOfB = try Self.file(value, "\(path), \(key)")
    case "corrections":
      corrections = try Self.choice(value, "\(path), \(key)", ["stored": .stored, "none": .none])
    case "method": method = try Self.choice(value, "\(path), \(key)")
    case "survivors":
      survivors = try Self.choice(value, "\(path), \(key)", ["repaired": SurvivorOptions(), "report": .report])
    case "estimator": survivors.estimator = try Self.choice(value, "\(path), \(key)")
    case "columns": survivors.columns = try Self.choice(value, "\(path), \(key)")
    case "direction": survivors.direction = try Self.choice(value, "\(path), \(key)")
    case "field_band": survivors.fieldBand = try Self.choice(value, "\(path), \(key)")
    case "bins": survivors.bins = try Self.choice(value, "\(path), \(key)")
    case "region_sources":
      sourcesPerRegion = try Self.whole(value, "\(path), \(key)", least: 1000)
    case "negligible_probability": negligibleProbability = try Self.number(value, "\(path), \(key)")
    case "largest_candidates": largestCandidates = try Self.whole(value, "\(path), \(key)", least: 1)
    case "largest_island_pairs": largestIslandPairs = try Self.whole(value, "\(path), \(key)", least: 1)
    case "epoch": epoch = try Epoch(text: value ?? "", subject: "\(path), epoch")
    case "candidate_fraction": candidateFraction = try Self.number(value, "\(path), \(key)")
    case "largest_separation_arcsec": largestSeparationArcsec = try Self.number(value, "\(path), \(key)")
    default:
      let allowed = (others + Self.keys).joined(separator: ", ")
      throw StoreError(.usage, path, "has the unknown key '\(key)'; allowed: \(allowed)")
    }
  }

  private static func file(_ text: String?, _ subject: String) throws -> SkyTableSetting {
    if let text, !text.isEmpty { return .file(text) }
    throw StoreError(.usage, subject, "is '\(text ?? "a list")'; allowed: a file or a folder")
  }

  private static func whole(_ text: String?, _ subject: String, least: Int) throws -> Int {
    if let number = text.flatMap({ Int($0) }) { return number }
    throw StoreError(.usage, subject, "is '\(text ?? "a list")'; allowed: a whole number, \(least) or more")
  }

  private static func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ text: String?, _ subject: String
  ) throws -> Value {
    try choice(text, subject, Dictionary(uniqueKeysWithValues: Value.allCases.map { ($0.rawValue, $0) }))
  }

  private static func choice<Value>(_ text: String?, _ subject: String, _ allowed: [String: Value]) throws -> Value {
    if let value = text.flatMap({ allowed[$0] }) { return value }
    throw StoreError(
      .usage, subject,
      "is '\(text ?? "a list")'; allowed: \(allowed.keys.sorted(by: >).joined(separator: ", "))")
  }

  private static func number(_ text: String?, _ subject: String) throws -> Double {
    if let number = text.flatMap(Double.init) { return number }
    throw StoreError(.usage, subject, "is '\(text ?? "a list")'; allowed: a number")
  }
}

extension MatchConfiguration.Epoch {
  /// From `auto`, `none` or a year.
  init(text: String, subject: String) throws {
    switch text {
    case "auto": self = .automatic
    case "none": self = .asGiven
    default:
      guard let year = Double(text) else {
        throw StoreError(.usage, subject, "is '\(text)'; allowed: auto, none, or a Julian year such as 2016.0")
      }
      self = .year(year)
    }
  }
}
