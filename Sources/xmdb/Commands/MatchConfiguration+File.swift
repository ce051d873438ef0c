import CatalogStore
import Foundation
import Match
import MatchRun
import Yams

/// Reading the configuration of a match from YAML, with the keys that a run records.
extension MatchConfiguration {
  /// The keys that a file may have.
  static let keys = [
    "photometry", "priors", "region_sources", "epoch", "candidate_fraction", "largest_separation_arcsec", "method",
    "survivors", "estimator", "columns", "direction", "field_band", "bins",
  ]

  /// The configuration in a file; keys that are absent keep their defaults.
  /// - Throws: `StoreError.usage` that names the file, the key, what was given and what is allowed.
  init(file path: String) throws {
    self.init()
    guard let data = FileManager.default.contents(atPath: path) else {
      throw StoreError(.usage, path, "cannot be read; --config takes a YAML file with the keys \(Self.keyList)")
    }
    let node: Node?
    do { node = try Yams.compose(yaml: String(decoding: data, as: UTF8.self)) } catch {
      throw StoreError(.usage, path, "is not YAML: " + "\(error)".split(separator: "\n").joined(separator: " "))
    }
    guard let node, node != Node("") else { return }
    guard let mapping = node.mapping else {
      throw StoreError(.usage, path, "is not a list of `key: value` lines; allowed keys: \(Self.keyList)")
    }
    // `survivors` chooses all settings of that method at once, so that the others can change them.
    for wholesale in [true, false] {
      for (key, value) in mapping where (key.string == "survivors") == wholesale {
        try set(key.string ?? "", value.scalar?.string, path)
      }
    }
  }

  private static var keyList: String { keys.joined(separator: ", ") }

  private mutating func set(_ key: String, _ value: String?, _ path: String) throws {
    switch key {
    case "photometry": photometry = try Self.choice(value, "\(path), \(key)", ["true": true, "false": false])
    case "priors": priors = try Self.choice(value, "\(path), \(key)")
    case "method": method = try Self.choice(value, "\(path), \(key)")
    case "survivors":
      survivors = try Self.choice(value, "\(path), \(key)", ["repaired": SurvivorOptions(), "report": .report])
    case "estimator": survivors.estimator = try Self.choice(value, "\(path), \(key)")
    case "columns": survivors.columns = try Self.choice(value, "\(path), \(key)")
    case "direction": survivors.direction = try Self.choice(value, "\(path), \(key)")
    case "field_band": survivors.fieldBand = try Self.choice(value, "\(path), \(key)")
    case "bins": survivors.bins = try Self.choice(value, "\(path), \(key)")
    case "region_sources":
      guard let number = value.flatMap({ Int($0) }) else {
        throw StoreError(.usage, "\(path), \(key)", "is '\(value ?? "a list")'; allowed: a whole number, 1000 or more")
      }
      sourcesPerRegion = number
    case "epoch": epoch = try Epoch(text: value ?? "", subject: "\(path), epoch")
    case "candidate_fraction": candidateFraction = try Self.number(value, "\(path), \(key)")
    case "largest_separation_arcsec": largestSeparationArcsec = try Self.number(value, "\(path), \(key)")
    default: throw StoreError(.usage, path, "has the unknown key '\(key)'; allowed: \(Self.keyList)")
    }
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
