public import Indexing

/// Stars of one band over the sky as files give them, sightline by sightline.
public struct GivenCounts: Sendable, Hashable {
  /// Where the stars of a sightline are.
  public enum Place: Sendable, Hashable {
    /// Everywhere: one list for a whole catalogue.
    case everywhere
    /// Around a direction.
    case around(SkyPosition)
    /// In a pixel, over a part of it.
    case pixel(HealpixPixel, areaDeg2: Double)
  }

  /// One sightline.
  public struct Sightline: Sendable, Hashable {
    /// Where.
    public let place: Place
    /// Which stars.
    public let stars: GivenStars

    /// One.
    public init(place: Place, stars: GivenStars) { (self.place, self.stars) = (place, stars) }
  }

  /// The band, as the file calls it.
  public let band: String
  /// All of them; none in the same place.
  public let sightlines: [Sightline]

  /// The most sightlines there may be: the pixels of order 4.
  public static let largestCount = 3072
  /// Pixels are of this order at most: 3.7°, the finest in which neighbours are counted.
  public static let finestOrder = 4
  /// The stars around a direction stand for those within this distance.
  public static let reach = Angle.degrees(10)

  /// - Throws: `CountsError` if there are none, too many, or two in one place.
  public init(band: String, sightlines: [Sightline]) throws {
    guard !sightlines.isEmpty, sightlines.count <= Self.largestCount else {
      throw CountsError("there are counts for \(sightlines.count) sightlines; allowed: 1 to \(Self.largestCount)")
    }
    guard Set(sightlines.map(\.place)).count == sightlines.count else {
      throw CountsError("there are counts for the same sightline twice; give each once")
    }
    (self.band, self.sightlines) = (band, sightlines)
  }

  /// The stars of a pixel: those of the list for everywhere, of the direction nearest to its middle, or the mean of the pixels that share its sky; nil
  /// where there are none.
  /// - Complexity: O(sightlines).
  public func stars(in pixel: HealpixPixel) -> GivenStars? {
    if case .everywhere = sightlines[0].place { return sightlines[0].stars }
    var nearest: (stars: GivenStars, separation: Angle)?
    var parts: [(stars: GivenStars, area: Double)] = []
    for sightline in sightlines {
      switch sightline.place {
      case .everywhere: return sightline.stars
      case .around(let position):
        let separation = position.separation(to: pixel.center)
        if separation < nearest?.separation ?? Self.reach { nearest = (sightline.stars, separation) }
      case .pixel(let own, let area):
        if own.range29.overlaps(pixel.range29) { parts.append((sightline.stars, area)) }
      }
    }
    return nearest?.stars ?? Self.mean(parts)
  }

  /// The mean of pixels, by their areas; it ends where the first of them does.
  private static func mean(_ parts: [(stars: GivenStars, area: Double)]) -> GivenStars? {
    guard parts.count > 1, let first = parts.first else { return parts.first?.stars }
    let total = parts.reduce(0) { $0 + $1.area }
    var density = [Float](repeating: 0, count: first.stars.grid.count)
    for part in parts {
      for layer in part.stars.layers {
        for step in density.indices { density[step] += layer.density[step] * Float(part.area / total) }
      }
    }
    return GivenStars(
      grid: first.stars.grid, density: density, faintEnd: parts.reduce(.infinity) { min($0, $1.stars.faintEnd) })
  }
}
