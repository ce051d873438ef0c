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
  /// Of a sightline with more pairs, small pieces are read, spread evenly over it.
  private static let mostPairs = 15_000.0
  private static let fewestPieces = 16
  private static let mostPieces = 64

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
    guard Self.load(coverage) > Self.mostPairs else { return [pixel] }
    let few = pieces(Self.fewestPieces, a, b)
    let mean = few.reduce(0) { $0 + Self.load(CommonCoverage(a, b, in: $1.range29)) } / Double(few.count)
    let count = min(Double(Self.mostPieces), Self.mostPairs / max(mean, 1))
    return count > Double(few.count) ? pieces(Int(count), a, b) : few
  }

  /// What a part of the sky costs, in pairs: a source of the richer catalogue costs a tenth of one.
  private static func load(_ coverage: CommonCoverage) -> Double {
    max(min(coverage.countA, coverage.countB), (coverage.countA + coverage.countB) / 10)
  }

  /// About how many pairs are read at most.
  var expectedPairs: Double { min(min(coverage.countA, coverage.countB), Self.mostPairs) }

  private func pieces(_ count: Int, _ a: CoverageMap, _ b: CoverageMap) -> [HealpixPixel] {
    let sources = coverage.countA + coverage.countB
    return Set((0..<count).map { piece(at: (Double($0) + 0.5) / Double(count) * sources, a, b) }).sorted()
  }

  /// The largest pixel that holds no more than its part of the pairs, around a source of a number along the curve.
  private func piece(at place: Double, _ a: CoverageMap, _ b: CoverageMap) -> HealpixPixel {
    var (pixel, rest, isSmall) = (pixel, place, false)
    while pixel.order < HealpixPixel.maximumOrder, !isSmall {
      var next: (pixel: HealpixPixel, coverage: CommonCoverage)?
      for child in pixel.children {
        let coverage = CommonCoverage(a, b, in: child.range29)
        let sources = coverage.countA + coverage.countB
        if sources <= 0 { continue }
        next = (child, coverage)
        if rest < sources { break }
        rest -= sources
      }
      guard let next else { return pixel }
      // Rounding may go past the last child.
      rest = min(max(rest, 0), next.coverage.countA + next.coverage.countB)
      pixel = next.pixel
      isSmall = Self.load(next.coverage) <= Self.mostPairs / Double(Self.fewestPieces)
    }
    return pixel
  }

  /// Sources of both catalogues together per arcsec², on the average.
  var densityPerArcsec2: Double {
    coverage.areaDegrees2 > 0 ? (coverage.countA + coverage.countB) / coverage.areaDegrees2 / (3600 * 3600) : 0
  }

  /// What it takes, seconds of one thread.
  var seconds: Double { 0.1 + 5e-5 * min(Self.load(coverage), Self.mostPairs) }
}
