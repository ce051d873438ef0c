import CatalogStore
import Formats
import Foundation
import Indexing
import Match
import Testing
import XMDBTestSupport

@testable import MatchRun
@testable import SkyFiles

/// Extinction as it is read from files.
@Suite struct ExtinctionFileTests {
  private let workdir: Workdir
  private let writer: SkyFileWriter

  init() throws {
    workdir = try Workdir()
    writer = SkyFileWriter(workdir: workdir)
  }

  private func read(_ path: String) throws -> ExtinctionMap {
    try ExtinctionMap(payload: ExtinctionFile.table(path).payload)
  }

  private func value(_ map: ExtinctionMap, _ ra: Double, _ dec: Double) throws -> Double? {
    let position = try #require(SkyPosition(raDegrees: ra, decDegrees: dec))
    return try map.distribution(in: HealpixPixel(containing: position, order: 6)) { _ in 1 }?.meanAV
  }

  private func name(_ ra: Double, _ dec: Double, galactic: Bool, order: Int) throws -> HealpixPixel {
    let position = try #require(SkyPosition(raDegrees: ra, decDegrees: dec))
    if !galactic { return HealpixPixel(containing: position, order: order) }
    let direction = GalacticDirection(position)
    return HealpixPixel(
      containing: try #require(
        SkyPosition(raDegrees: direction.longitudeDegrees, decDegrees: direction.latitudeDegrees)), order: order)
  }

  @Test(arguments: ["NESTED", "RING"], ["G", "C"])
  func aMapInFITSIsReadInItsOrderAndFrame(ordering: String, frame: String) throws {
    let order = 3
    // A_V is the nested number over 100.
    let values = (0..<768).map { Float($0) / 100 }
    var stored = values
    if ordering == "RING" {
      for pixel in 0..<768 { stored[Int(HealpixPixel(order: order, index: Int64(pixel)).ringIndex)] = values[pixel] }
    }
    let path = try workdir.write(
      FITSBytes.map(sides: 8, ordering: ordering, frame: frame, values: stored), to: "map.fits")
    let map = try read(path)
    for (ra, dec) in [(10.0, 20.0), (63.5, -87), (266.4, -28.9), (192.9, 27.1), (300, 60)] {
      // Pixels of the map may end within a pixel of order 6 where frames differ.
      let found = try #require(try value(map, ra, dec))
      let pixels = try [(0.0, 0.0), (0.6, 0), (-0.6, 0), (0, 0.6), (0, -0.6)].map { east, north in
        let place = min(max(dec + north, -90), 90)
        return try Double(name(ra + east / cos(place * .pi / 180), place, galactic: frame == "G", order: order).index)
          / 100
      }
      #expect(
        found >= (pixels.min() ?? 0) - 1e-4 && found <= (pixels.max() ?? 0) + 1e-4, "\(ra) \(dec): \(found), \(pixels)")
    }
  }

  @Test(arguments: [false, true])
  func aTableIsReadInItsFrame(galactic: Bool) throws {
    let rows = (0..<48).map { "1,\($0),\(Double($0) / 10)" }
    let path = try writer.text("av.csv", ["order,\(galactic ? "galactic_pixel" : "pixel"),a_v"] + rows)
    let pixel = try name(120, 5, galactic: galactic, order: 1)
    #expect(abs(try #require(try value(read(path), 120, 5)) - Double(pixel.index) / 10) < 1e-5)
    // A part of the sky.
    let part = try writer.text("part.csv", ["order,pixel,a_v", "1,0,0.5"])
    let map = try read(part)
    let center = HealpixPixel(order: 1, index: 0).center
    #expect(try value(map, center.raDegrees, center.decDegrees) == 0.5)
    #expect(try value(map, center.raDegrees + 180, -50) == nil)
  }

  @Test func mapsThatAreNoneAreRefused() throws {
    let values = [Float](repeating: 1, count: 48)
    let maps: [(Data, String)] = [
      (FITSBytes.map(sides: 2, ordering: nil, frame: "G", values: values), "ORDERING"),
      (FITSBytes.map(sides: 2, ordering: "RING", frame: nil, values: values), "COORDSYS"),
      (FITSBytes.map(sides: 2, ordering: "RING", frame: "E", values: values), "COORDSYS"),
      (FITSBytes.map(sides: 3, ordering: "RING", frame: "G", values: values), "NSIDE"),
      (FITSBytes.map(sides: 0, ordering: "RING", frame: "G", values: values), "NSIDE"),
      (FITSBytes.map(sides: 4, ordering: "RING", frame: "G", values: values), "48 values"),
      (FITSBytes.map(sides: 1, ordering: "RING", frame: "G", values: values), ""),
      (FITSBytes.map(sides: 2, ordering: "RING", frame: "G", values: values, column: "EBV"), "E(B-V)"),
      (FITSBytes.map(sides: 2, ordering: "RING", frame: "G", values: values.map { -$0 }), "A_V is -1"),
      (FITSBytes.map(sides: 2, ordering: "RING", frame: "G", values: values.map { _ in .infinity }), "no value"),
      (FITSBytes.map(sides: 2, ordering: "RING", frame: "G", values: values.map { _ in -1.6375e30 }), "no value"),
      (FITSBytes.map(sides: 2, ordering: "RING", frame: "G", values: values, claimedRows: 1_000_000_000), ""),
      (FITSBytes.image(width: 2, height: 2, [1, 2, 3, 4]), ""),
    ]
    for (number, (bytes, said)) in maps.enumerated() {
      let path = try workdir.write(bytes, to: "map\(number).fits")
      do {
        _ = try read(path)
        Issue.record("accepted: \(number)")
      } catch {
        let message = "\(error)"
        #expect(
          (said.isEmpty || message.contains(said)) && message.contains(path) && !message.contains("\n"),
          "\(number): \(message)")
      }
    }
    let tables = [
      ["order,pixel", "1,1"], ["order,pixel,a_v"], ["order,pixel,a_v", "1,48,1"], ["order,pixel,a_v", "12,1,1"],
      ["order,pixel,a_v", "1,1,1", "1,1,2"], ["order,pixel,a_v", "1,1,1", "2,1,2"], ["order,pixel,a_v", "x,1,1"],
      ["order,pixel,galactic_pixel,a_v", "1,1,1,1"], ["order,pixel,a_v", "1,1,nan"], ["order,pixel,a_v", "1,-1,1"],
    ]
    for (number, lines) in tables.enumerated() {
      let path = try writer.text("table\(number).csv", lines)
      #expect(throws: (any Error).self, "\(lines)") { try read(path) }
    }
    #expect(throws: StoreError.self) { try read(workdir.path("absent.fits")) }
    #expect(throws: (any Error).self) { try read(workdir.path("")) }
  }

  @Test func flippedBytesOfAMapNeverStopTheProcess() throws {
    let whole = FITSBytes.map(sides: 2, ordering: "RING", frame: "G", values: [Float](repeating: 1, count: 48))
    var rng = SplitMix64(seed: 12)
    for _ in 0..<60 {
      var bytes = whole
      for _ in 0..<4 { bytes[rng.below(bytes.count - 2000)] = UInt8(rng.below(256)) }
      _ = try? read(workdir.write(bytes, to: "flipped.fits"))
    }
  }

  // MARK: SFD98

  /// The folder with the maps of Schlegel, Finkbeiner & Davis: $XMDB_SFD, or ../shared/sfd.
  static let dust = ProcessInfo.processInfo.environment["XMDB_SFD"] ?? ProjectPaths.shared("sfd")?.path

  @Test(.enabled(if: dust != nil, "the maps of SFD98 are absent: XMDB_SFD names no folder"))
  func theMapsOfSFD98GiveWhatTheyAreKnownToGive() throws {
    let maps = try DustMaps(#require(Self.dust))
    func extinction(_ l: Double, _ b: Double) throws -> Double {
      try maps.extinctionAV(GalacticDirection(longitudeDegrees: l, latitudeDegrees: b))
    }
    for (l, b, known) in [(10.0, 4.0, 2.793), (312, 1, 11.046), (48, -30, 0.198), (96, -78, 0.058)] {
      let found = try extinction(l, b)
      #expect(abs(found - known) < 1e-3, "\(l) \(b): \(found)")
    }
    let cone = try #require(SkyPosition(raDegrees: 63.5, decDegrees: -87))
    #expect(abs(try maps.extinctionAV(GalacticDirection(cone)) - 0.3246) < 1e-4)
    let map = try read(#require(Self.dust))
    #expect(abs(try #require(try value(map, 63.5, -87)) - 0.3246) < 0.05)
  }

  @Test func foldersWithImagesOfAnotherSizeAreRefused() throws {
    let folder = workdir.path("sfd")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for pole in ["ngp", "sgp"] {
      _ = try workdir.write(FITSBytes.image(width: 2, height: 2, [1, 2, 3, 4]), to: "sfd/SFD_dust_4096_\(pole).fits")
    }
    do {
      _ = try read(folder)
      Issue.record("accepted")
    } catch let error as StoreError { #expect(error.description.contains("4096 by 4096"), "\(error)") }
  }

  @Test func imagesAreInterpolatedBetweenTheirPixels() throws {
    let path = try workdir.write(FITSBytes.image(width: 3, height: 2, [0, 1, 2, 10, 11, 12]), to: "image.fits")
    let image = try FITSImage(path, most: 6)
    #expect(
      image.bilinear(x: 0.5, y: 0.25) == 3 && image.bilinear(x: -5, y: 9) == 10 && image.bilinear(x: 2, y: 1) == 12)
    #expect(image.bilinear(x: .nan, y: 0).isNaN)
    #expect(throws: FormatError.self) { try FITSImage(path, most: 5) }
  }
}
