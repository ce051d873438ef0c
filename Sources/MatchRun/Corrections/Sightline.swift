internal import CatalogStore
internal import Indexing
internal import Match

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
  private static let pieces = 16

  /// The sightlines of two catalogues.
  /// - Parameter order: The order of all; nil: as fine as the counts allow.
  /// - Returns: One more than may be, if there are more.
  static func all(_ a: CoverageMap, _ b: CoverageMap, order: Int?) -> [Sightline] {
    guard let order else {
      return PriorRegions(a, b, sourcesPerRegion: Double(sourcesPerSightline)).regions
        .filter { $0.coverage.areaDegrees2 > 0 }.map { Sightline(pixel: $0.pixel, coverage: $0.coverage) }
    }
    var found: [Sightline] = []
    func divide(_ pixel: HealpixPixel) {
      guard found.count <= CorrectionMap.mostSites else { return }
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

  /// Where sources are read: all of it, or small pixels at equal steps of the sources along the curve.
  func core(_ a: CoverageMap, _ b: CoverageMap) -> [HealpixPixel] {
    guard coverage.countB > Self.mostSources else { return [pixel] }
    let wanted = (0..<Self.pieces).map { (Double($0) + 0.5) / Double(Self.pieces) * coverage.countB }
    return Array(Set(wanted.map { Self.piece(pixel, at: $0, a, b) })).sorted()
  }

  /// The largest pixel that holds no more than its part of the sources, around one of a number along the curve.
  private static func piece(_ pixel: HealpixPixel, at place: Double, _ a: CoverageMap, _ b: CoverageMap) -> HealpixPixel
  {
    var (pixel, rest) = (pixel, place)
    while pixel.order < HealpixPixel.maximumOrder {
      var next: (pixel: HealpixPixel, sources: Double)?
      for child in pixel.children {
        let sources = CommonCoverage(a, b, in: child.range29).countB
        if sources <= 0 { continue }
        next = (child, sources)
        if rest < sources { break }
        rest -= sources
      }
      guard let next else { return pixel }
      // Rounding may go past the last child.
      rest = min(max(rest, 0), next.sources)
      pixel = next.pixel
      if next.sources <= mostSources / Double(pieces) { return pixel }
    }
    return pixel
  }

  /// Sources of both catalogues together per arcsec², on the average.
  var densityPerArcsec2: Double {
    coverage.areaDegrees2 > 0 ? (coverage.countA + coverage.countB) / coverage.areaDegrees2 / (3600 * 3600) : 0
  }

  /// What it takes, seconds of one thread.
  var seconds: Double { 0.1 + 2.5e-5 * min(coverage.countB, Self.mostSources) }
}
