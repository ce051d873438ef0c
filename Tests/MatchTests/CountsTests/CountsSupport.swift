import Foundation
import Indexing
import Testing

@testable import Match

/// Bands and grids that several tests use.
enum Bands {
  /// Of the data file that the program carries.
  static let all: [SurveyBand] = {
    struct File: Decodable { let bands: [SurveyBand] }
    guard let data = FileManager.default.contents(atPath: path),
      let file = try? JSONDecoder().decode(File.self, from: data)
    else { return [] }
    return file.bands
  }()

  /// Beside the sources, from wherever the tests are linked.
  static let path: String = {
    var folder = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    for _ in 0..<8 {
      folder.deleteLastPathComponent()
      let file = folder.appendingPathComponent("Sources/MatchRun/Surveys/bands.json").path
      if FileManager.default.fileExists(atPath: file) { return file }
    }
    return ""
  }()

  static func band(_ survey: String, _ name: String) throws -> CountBand {
    try #require(all.first { $0.survey == survey && $0.name == name }).band
  }

  static func johnsonV() throws -> CountBand {
    try CountBand(name: "V", wavelengthMicron: 0.545, abOffset: 0.02, extinctionRatio: 1, stellarColumn: .v)
  }
}

/// Numbers that a seed determines.
struct SeededNumbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// splitmix64.
  mutating func bits() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 0 ≤ u < 1.
  mutating func uniform() -> Double { Double(bits() >> 11) * 0x1p-53 }

  /// Poisson, by inversion below 50, normal above.
  mutating func poisson(_ mean: Double) -> Int64 {
    guard mean > 0 else { return 0 }
    if mean > 50 {
      let normal = (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
      return Int64(max(0, (mean + mean.squareRoot() * normal).rounded()))
    }
    var number: Int64 = 0
    var product = uniform()
    while product > exp(-mean) {
      number += 1
      product *= uniform()
    }
    return number
  }
}
