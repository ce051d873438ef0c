import Foundation
import Testing

@testable import Match

@Suite struct TrilegalTextTests {
  private let header =
    "#area = 2.0 sq deg\n#Av at infinity = 1\n#Gc logAge [M/H] m_ini logL logTe logg m-M0 Av m2/m1 mbol J H Ks Mact\n"
  private let row = " 1  9.26 -0.11 0.9  -0.2 3.7  4.5 10.2 0.5 0.0 14.9 13.5 13.0 12.9 0.9\n"

  @Test func aListIsReadByTheNamesOfItsColumns() throws {
    let list = try TrilegalText.parse(header + row + row + "#TRILEGAL normally terminated\n", bands: ["Ks", "J"])
    #expect(list.count == 2 && list.areaDeg2 == 2 && list.extinctionAV == 1 && list.endsNormally)
    #expect(list.bands == ["Ks", "J"])
    #expect(list.magnitudes == [[12.9, 12.9], [13.5, 13.5]])
    #expect(list.starAV == [0.5, 0.5])
    // All bands, Windows' line ends, no line end at the end, no last comment.
    let text = (header + row).replacingOccurrences(of: "\n", with: "\r\n")
    let other = try TrilegalText.parse(String(text.dropLast(2)))
    #expect(other.bands == ["J", "H", "Ks"] && other.magnitudes == [[13.5], [13.0], [12.9]] && !other.endsNormally)
    // Without the lines that are added after a download.
    let names = String(header.split(separator: "\n")[2]) + "\n"
    #expect(try TrilegalText.parse(names + row, areaDeg2: 3, extinctionAV: 1).areaDeg2 == 3)
  }

  private static let malformed: [(String, String)] = [
    ("#area = x sq deg\n", "line 1"), ("#area = \n", "line 1"), ("1 2 3\n", "line 1"), ("", "area"),
    ("HEADER 1 2\n", "line 4"), ("HEADER ROW nan\n", "line 4"),
    ("HEADERROW1 9 x 0 0 0 0 0 y 0 0 1 2 3 0\n", "line 5, column 9"),
    ("HEADER1 9 x 0 0 0 0 0 0x 0 0 1 2 3 0\n", "line 4, column 9"),
    ("HEADER1 9 x 0 0 0 0 0 1 0 0 1e999 2 3 0\n", "column 12"),
    ("HEADER1 9 x 0 0 0 0 0 1 0 0 nan 2 3 0\n", "column 12"),
    (
      "HEADER1 9 x 0 0 0 0 0 1 0 0 1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111 2 3 0\n",
      "column 12"
    ),
    ("#area = 1e99 sq deg\n#Av at infinity = 1\n#Av mbol J Mact\n1 2 3 4\n", "area"),
    ("#area = -1 sq deg\n#Av at infinity = 1\n#Av mbol J Mact\n1 2 3 4\n", "area"),
    ("#area = 1 sq deg\n#Av at infinity = 1e10\n#Av mbol J Mact\n1 2 3 4\n", "A_V"),
  ]

  @Test(arguments: malformed)
  func malformedTextIsRefusedWithItsLine(text: String, said: String) {
    let whole = text.replacingOccurrences(of: "HEADERROW", with: header + row).replacingOccurrences(
      of: "HEADER", with: header
    )
    .replacingOccurrences(of: "ROW", with: String(row.dropLast()))
    do {
      _ = try TrilegalText.parse(whole)
      Issue.record("accepted: \(whole)")
    } catch {
      let message = String(describing: error)
      #expect(error is CountsError && message.contains(said) && !message.contains("\n"), "\(message)")
    }
  }

  @Test func anUnknownOrDoubleBandIsRefused() {
    for bands in [["G"], ["J", "J"], ["Av"]] {
      #expect(throws: CountsError.self) { try TrilegalText.parse(header + row, bands: bands) }
    }
  }

  @Test func noDamageOfAListStopsTheProcess() throws {
    let bytes = Array((header + row + row + row + "#TRILEGAL normally terminated\n").utf8)
    var random = SeededNumbers(seed: 99)
    for _ in 0..<20_000 {
      var damaged = bytes
      for _ in 0...Int(random.bits() % 4) {
        let place = Int(random.bits() % UInt64(damaged.count))
        switch random.bits() % 3 {
        case 0: damaged[place] = UInt8(truncatingIfNeeded: random.bits())
        case 1: damaged.remove(at: place)
        default: damaged.insert(UInt8(truncatingIfNeeded: random.bits()), at: place)
        }
      }
      do {
        let list = try TrilegalText.parse(damaged)
        #expect(list.magnitudes.allSatisfy { $0.count == list.count })
      } catch { #expect(error is CountsError, "seed 99") }
    }
    for text in [
      String(repeating: "#", count: 100_000), "#" + String(repeating: "Av ", count: 100_000),
      String(repeating: "\n", count: 100_000),
    ] {
      #expect(throws: CountsError.self) { try TrilegalText.parse(text) }
    }
  }

  private func flat(_ range: ClosedRange<Double>, _ count: Int, starAV: Float, seed: UInt64) throws -> StarList {
    var random = SeededNumbers(seed: seed)
    let magnitudes = (0..<count).map { _ in
      Float(range.lowerBound + (range.upperBound - range.lowerBound) * random.uniform())
    }
    return try StarList(
      areaDeg2: 1, extinctionAV: 1, bands: ["r"], magnitudes: [magnitudes],
      starAV: [Float](repeating: starAV, count: count))
  }

  @Test(arguments: [(10.0, 20.0, 90_000), (5, 15, 100_000)])
  func aFlatDistributionHasFlatCounts(bright: Double, faint: Double, count: Int) throws {
    let list = try flat(bright...faint, count, starAV: 1, seed: 5)
    let range = try #require(list.magnitudeRange(band: "r"))
    #expect(abs(range.lowerBound - bright) < 0.1 && abs(range.upperBound - faint) < 0.1)
    let grid = try MagnitudeGrid(first: bright + 0.05, step: 0.1, count: 100)
    let (counts, errors) = try list.counts(band: "r", on: grid, extinctionRatio: 0.9)
    for i in 0..<100 {
      let expected = Double(count) / 10
      #expect(abs(counts.density[i] - expected) < max(4 * errors[i], 0.01 * expected), "seed 5")
    }
    // Twice the extinction, 0.9 mag fainter.
    let (shifted, _) = try list.counts(
      band: "r", on: MagnitudeGrid(first: bright + 0.95, step: 0.1, count: 100),
      extinction: ExtinctionDistribution(uniform: 2), extinctionRatio: 0.9)
    // Rounding to Float moves some stars by a bin.
    let moved = zip(counts.density, shifted.density).reduce(0) { $0 + abs($1.0 - $1.1) } * 0.1 / Double(count)
    #expect(moved < 1e-3)
    // A distribution: the mean of its shifts.
    let (mean, _) = try list.counts(
      band: "r", on: grid, extinction: ExtinctionDistribution(values: [0, 1, 2]), extinctionRatio: 0.9)
    #expect(abs(mean.density[50] - counts.density[50]) < 5 * errors[50])
    #expect(abs(mean.density[2] / counts.density[2] - 2.0 / 3) < 0.05)
  }

  @Test func extinctionIsNotRescaledFromAListWithoutDust() throws {
    let list = try StarList(areaDeg2: 1, extinctionAV: 0.05, bands: ["r"], magnitudes: [[15]], starAV: [0.01])
    let grid = try MagnitudeGrid(first: 10, step: 0.1, count: 100)
    #expect(throws: CountsError.self) {
      try list.counts(band: "r", on: grid, extinction: ExtinctionDistribution(uniform: 1), extinctionRatio: 0.9)
    }
    #expect(throws: CountsError.self) { try list.counts(band: "i", on: grid, extinctionRatio: 0.9) }
    #expect(throws: CountsError.self) { try list.counts(band: "r", on: grid, extinctionRatio: .nan) }
    #expect(try list.counts(band: "r", on: grid, extinctionRatio: 0.9).counts.density[50] > 0)
  }
}
