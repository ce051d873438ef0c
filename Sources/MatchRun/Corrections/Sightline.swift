internal import CatalogStore
internal import Indexing

/// A pixel of sky in which the errors of a catalogue are learned, and where in it sources are read.
struct Sightline: Sendable {
  let pixel: HealpixPixel
  /// Sources over the area that both catalogues cover in it.
  let coverage: CommonCoverage

  /// A sightline is divided while its quarters hold so many sources of either catalogue.
  static let sourcesPerSightline = 10_000
  /// Of a sightline with more sources of the catalogue, pieces are read.
  private static let mostSources = 20_000.0
  /// So many of them, spread evenly over it.
  private static let pieces: Int64 = 16

  /// The sightlines of two catalogues.
  /// - Parameter order: The order of all; nil: as fine as the counts allow.
  static func all(_ a: CoverageMap, _ b: CoverageMap, order: Int?) -> [Sightline] {
    guard let order else {
      return PriorRegions(a, b, sourcesPerRegion: Double(sourcesPerSightline)).regions
        .filter { $0.coverage.areaDegrees2 > 0 }.map { Sightline(pixel: $0.pixel, coverage: $0.coverage) }
    }
    var found: [Sightline] = []
    func divide(_ pixel: HealpixPixel) {
      let coverage = CommonCoverage(a, b, in: pixel.range29)
      guard coverage.areaDegrees2 > 0 else { return }
      if pixel.order == order {
        found.append(Sightline(pixel: pixel, coverage: coverage))
      } else {
        pixel.children.forEach(divide)
      }
    }
    HealpixPixel.basePixels.forEach(divide)
    return found
  }

  /// Where sources are read: all of it, or small pixels at equal steps along the curve.
  var core: [HealpixPixel] {
    guard coverage.countB > Self.mostSources else { return [pixel] }
    var depth = 2
    while depth < HealpixPixel.maximumOrder - pixel.order,
      coverage.countB * Double(Self.pieces) / Double(Int64(1) << (2 * Int64(depth))) > Self.mostSources
    { depth += 1 }
    let cells = Int64(1) << (2 * Int64(depth))
    let step = cells / Self.pieces
    return (0..<Self.pieces).map {
      HealpixPixel(order: pixel.order + depth, index: pixel.index * cells + $0 * step + step / 2)
    }
  }

  /// Sources of both catalogues together per arcsec², on the average.
  var densityPerArcsec2: Double {
    coverage.areaDegrees2 > 0 ? (coverage.countA + coverage.countB) / coverage.areaDegrees2 / (3600 * 3600) : 0
  }

  /// What it takes, seconds of one thread.
  var seconds: Double { 0.1 + 2.5e-5 * min(coverage.countB, Self.mostSources) }
}
