import Foundation
import Match
import Testing
import XMDBTestSupport

/// Reference values; see Vectors/README.md. And fields to try laws on.
enum Vectors {
  /// The numbers of a file, without its head.
  static func rows(_ name: String) throws -> [[Double]] {
    let file = ProjectPaths.packageRoot.appendingPathComponent("Tests/MatchTests/CrowdingTests/Vectors/\(name).csv")
    let rows = try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst()
    return try rows.map { try $0.split(separator: ",").map { try #require(Double($0)) } }
  }

  /// A PSF like that of WISE.
  static func pointSpread() throws -> PointSpread { try PointSpread(fwhmArcsec: 6.1) }

  /// The neighbours of a source of magnitude m where N(<M) = N₁₆ 10^(0.3 (M − 16)) deg⁻².
  static func neighbours(
    _ n16: Double, magnitude: Double, bins: NeighbourBins, pointSpread: PointSpread
  ) throws -> HiddenNeighbours {
    try HiddenNeighbours(bins: bins, magnitude: magnitude, pointSpread: pointSpread) {
      n16 * pow(10, 0.3 * ($0 - 16))
    }
  }

  /// The transform of w δ + (1 − w) disc.
  static func disc(_ weight: Double, radius: Double, at nodes: [Double]) -> [Double] {
    nodes.map { weight + (1 - weight) * discTransform(2 * .pi * radius * $0) }
  }

  /// 2 J₁(z)/z.
  static func discTransform(_ z: Double) -> Double { z < 1e-9 ? 1 : 2 * j1(z) / z }
}
