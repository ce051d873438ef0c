import CatalogStore
import Formats
import Foundation
import Indexing
import Match
import SkyFiles
import Testing
import XMDBTestSupport

/// Star counts as they are read from files.
@Suite struct CountsFileTests {
  private let workdir: Workdir
  private let writer: SkyFileWriter

  init() throws {
    workdir = try Workdir()
    writer = SkyFileWriter(workdir: workdir)
  }

  private func read(_ path: String, _ names: [String] = ["W1", "w1mpro"]) throws -> GivenCounts {
    try GivenCounts(payload: CountsFile.table(path, band: names).payload)
  }

  private func density(_ stars: GivenStars?, _ magnitude: Double) throws -> Double {
    let stars = try #require(stars)
    let nothing = DifferentialCounts(grid: stars.grid, density: [])
    return stars.counts(extinction: nil, ratio: 0, beyond: nothing).density(at: magnitude)
  }

  @Test func aListStandsForTheWholeSky() throws {
    let counts = try read(writer.trilegal("stars.dat", seed: 1))
    #expect(counts.band == "W1" && counts.sightlines.count == 1 && counts.sightlines[0].place == .everywhere)
    #expect(counts.sightlines[0].stars.extinctionAV == 1)
    // 20,000 stars on 0.01 deg², half of them in the last magnitude.
    let last = try density(counts.stars(in: HealpixPixel(order: 4, index: 5)), 24.5)
    #expect(abs(last / (2e6 / 4 * log(2) / (1 - exp2(-20)) * exp2(0.5)) - 1) < 0.15, "\(last)")
  }

  @Test func bandsAreFoundByAnyOfTheirNames() throws {
    let path = try writer.trilegal("stars.dat", seed: 2)
    #expect(try read(path, ["nothing", "w1"]).band == "W1")
    #expect(try read(path, ["G"]).band == "G")
    #expect(throws: StoreError.self) { try read(path, ["H"]) }
  }

  @Test func aFolderHasAListForEachDirection() throws {
    let folder = workdir.path("stars")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    _ = try writer.trilegal("stars/a_10.00_-30.00_faint.dat", seed: 3)
    _ = try writer.trilegal("stars/a_14.00_-30.00_faint.dat", seed: 4, areaDeg2: 0.02)
    let counts = try read(folder)
    let places = try [9.5, 14.5, 60].map { ra in
      HealpixPixel(containing: try #require(SkyPosition(raDegrees: ra, decDegrees: -30)), order: 8)
    }
    let (dense, sparse) = (
      try density(counts.stars(in: places[0]), 22), try density(counts.stars(in: places[1]), 22)
    )
    #expect(abs(dense / sparse / 2 - 1) < 0.3 && counts.stars(in: places[2]) == nil)
    _ = try writer.trilegal("stars/somewhere.dat", seed: 5)
    #expect(throws: StoreError.self) { try read(folder) }
  }

  @Test(arguments: [1, 4, 5])
  func aTableGivesTheMeanOfItsPixels(order: Int) throws {
    let children = 1 << (2 * max(0, order - 4))
    let path = try writer.table("counts.csv", order: order, pixels: 0..<2 * children)
    let counts = try read(path)
    #expect(counts.sightlines.count == 2)
    let density = try density(counts.stars(in: HealpixPixel(order: min(order, 4), index: 1)), 16.2)
    #expect(abs(density / exp2(10.25) - 1) < 1e-5, "\(density)")
    #expect(abs(counts.sightlines[0].stars.faintEnd - 26) < 1e-9)
  }

  static let malformed: [(rows: [String], said: String)] = [
    ([], "no band"), (["4,0,W1,10,11"], ""), (["4,0,G,10,11,5"], "no band"), (["-1,0,W1,10,11,5"], "order"),
    (["10,0,W1,10,11,5"], "order"), (["1.5,0,W1,10,11,5"], "order"), (["4,3072,W1,10,11,5"], "pixel"),
    (["4,-1,W1,10,11,5"], "pixel"), (["4,0,W1,11,10,5"], "mag_max less"), (["4,0,W1,10,10,5"], "mag_max less"),
    (["4,0,W1,10,nan,5"], "mag_max"), (["4,0,W1,-1e300,10,5"], "mag_min"), (["4,0,W1,10,11,-5"], "per_deg2_mag"),
    (["4,0,W1,10,11,inf"], "per_deg2_mag"), (["4,0,W1,10,11,1e300"], "per_deg2_mag"), (["4,0,W1,10,11,"], ""),
    (["4,0,W1,10,11,5", "4,0,W1,10.5,11.5,5"], "overlap"), (["4,0,W1,10,11,5", "4,0,W1,10,11,5"], "overlap"),
    (["4,0,W1,10,11,5", "4,0,W1,12,13,5"], "no bin at"), (["4,0,W1,10,11,5", "3,0,W1,10,11,5"], "one order"),
    (["4,0,W1,-20,-19,5"], "no bin between"),
  ]

  @Test(arguments: malformed)
  func whatIsNoCountIsRefused(rows: [String], said: String) throws {
    let path = try writer.text("counts.csv", [SkyFileWriter.header] + rows)
    do {
      _ = try read(path)
      Issue.record("accepted: \(rows)")
    } catch let error as StoreError {
      let message = error.description
      #expect(
        (said.isEmpty || message.contains(said)) && message.contains("counts.csv") && !message.contains("\n"),
        "\(message)")
    } catch is FormatError {
      #expect(said.isEmpty)
    }
  }

  @Test func filesThatAreNoCountsAreRefused() throws {
    var paths = [workdir.path("absent.dat"), try writer.trilegal("cut.dat", seed: 6, end: false)]
    paths.append(try writer.text("other.csv", ["ra,dec", "1,2"]))
    paths.append(try writer.trilegal("few.dat", seed: 7, stars: 10))
    let empty = workdir.path("empty")
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    paths.append(empty)
    for path in paths {
      do {
        _ = try read(path)
        Issue.record("accepted: \(path)")
      } catch let error as StoreError {
        #expect(error.code == .usage && error.description.contains(path), "\(error)")
      }
    }
    for bytes in [[], [0], Array("#\n".utf8), Array("PAR1".utf8)] as [[UInt8]] {
      #expect(throws: (any Error).self) { try read(workdir.write(Data(bytes), to: "odd.parquet")) }
    }
  }
}
