import Foundation
import XMDBTestSupport

/// Writes files that give the sky, as others make them.
struct SkyFileWriter {
  let workdir: Workdir

  /// A list of TRILEGAL: stars whose number grows by a factor `growth` a magnitude, from 6 to 26 mag in W1; in G 1 mag fainter.
  func trilegal(
    _ name: String, seed: UInt64, stars: Int = 20_000, areaDeg2: Double = 0.01, growth: Double = 2, end: Bool = true
  ) throws -> String {
    var rng = SplitMix64(seed: seed)
    let slope = log(growth)
    let (low, high) = (exp(slope * 6), exp(slope * 26))
    var lines = [
      "#area = \(areaDeg2) sq deg", "#Av at infinity = 1",
      "#Gc logAge [M/H] m_ini logL logTe logg m-M0 Av m2/m1 mbol G W1 Mact",
    ]
    for _ in 0..<stars {
      let magnitude = log(low + (high - low) * rng.uniform()) / slope
      lines.append(" 1 9.26 -0.11 0.9 -0.2 3.7 4.5 10.2 \(rng.uniform()) 0.0 14.9 \(magnitude + 1) \(magnitude) 0.9")
    }
    if end { lines.append("#TRILEGAL normally terminated") }
    return try workdir.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: name)
  }

  /// A table of counts as CSV: half magnitudes from 6 to 26 in W1, growing by `growth` a magnitude from 1 deg⁻² at 6 mag.
  func table(_ name: String, order: Int, pixels: Range<Int>, growth: Double = 2, factor: Double = 1) throws -> String {
    var lines = [Self.header]
    for pixel in pixels {
      for bin in 0..<40 {
        let bright = 6 + Double(bin) / 2
        lines.append("\(order),\(pixel),W1,\(bright),\(bright + 0.5),\(factor * pow(growth, bright + 0.25 - 6))")
      }
    }
    return try text(name, lines)
  }

  static let header = "order,pixel,band,mag_min,mag_max,per_deg2_mag"

  func text(_ name: String, _ lines: [String]) throws -> String {
    try workdir.write(Data((lines.joined(separator: "\n") + "\n").utf8), to: name)
  }
}
