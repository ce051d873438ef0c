import Glibc
import Indexing

/// The sources around one cell, in bins on the tangent plane: in which of them an object is hidden.
struct BlendHosts {
  private struct Host {
    let peak: Int
    let magnitude: Double
    let vector: SIMD3<Double>
    let east: SIMD3<Double>
    let north: SIMD3<Double>
  }

  private let hosts: [Host]
  private let bins: TangentBins
  /// Hosts bin by bin: those of bin k are `order[first[k] ..< first[k + 1]]`.
  private let first: [Int32]
  private let order: [Int32]
  private let chord2: Double
  private let arcsecPerRadian = 180 * 3600 / Double.pi

  /// - Parameter peaks: Every source within a blend radius of the cell, and perhaps more, as places among those of `all`.
  init(_ peaks: [Int], of all: BlendPeaks, around cell: HealpixPixel, radiusArcsec: Double) {
    let chord = Angle.arcseconds(radiusArcsec).chord
    chord2 = chord * chord
    let hosts = peaks.map { Self.host($0, all.peaks[$0]) }
    let bins = TangentBins(
      center: cell.center, reach: HealpixGeometry.largestPixelRadius(order: cell.order).radians + chord, bin: chord)
    let places = hosts.map { bins.bin($0.vector) }
    var counts = [Int32](repeating: 0, count: bins.count + 1)
    for place in places { counts[place + 1] += 1 }
    for bin in 0..<bins.count { counts[bin + 1] += counts[bin] }
    var (next, order) = (counts, [Int32](repeating: 0, count: hosts.count))
    for (host, place) in places.enumerated() {
      order[Int(next[place])] = Int32(truncatingIfNeeded: host)
      next[place] += 1
    }
    (self.hosts, self.bins, first, self.order) = (hosts, bins, counts, order)
  }

  private static func host(_ index: Int, _ peak: BlendPeaks.Peak) -> Host {
    let place = Healpix29.position(of: peak.healpix29)
    let (ra, dec) = (place.raDegrees * .pi / 180, place.decDegrees * .pi / 180)
    return Host(
      peak: index, magnitude: peak.magnitude, vector: place.unitVector, east: SIMD3(-sin(ra), cos(ra), 0),
      north: SIMD3(-sin(dec) * cos(ra), -sin(dec) * sin(ra), cos(dec)))
  }

  /// Calls `body` with the brighter sources within the blend radius, or the nearest of them only, and what the object is to each.
  /// - Returns: Whether there is any.
  func forEachHost(
    of vector: SIMD3<Double>, magnitude: Double, nearestOnly: Bool, _ body: (_ peak: Int, BlendMember) -> Void
  ) -> Bool {
    var nearest: (host: Int, distance2: Double)?
    bins.forEachBin(around: vector) { bin in
      for entry in order[Int(first[bin])..<Int(first[bin + 1])] where hosts[Int(entry)].magnitude < magnitude {
        let difference = vector - hosts[Int(entry)].vector
        let distance2 = (difference * difference).sum()
        guard distance2 <= chord2 else { continue }
        if !nearestOnly { body(hosts[Int(entry)].peak, member(Int(entry), vector, magnitude)) }
        if distance2 < nearest?.distance2 ?? .infinity { nearest = (Int(entry), distance2) }
      }
    }
    guard let nearest else { return false }
    if nearestOnly { body(hosts[nearest.host].peak, member(nearest.host, vector, magnitude)) }
    return true
  }

  private func member(_ host: Int, _ vector: SIMD3<Double>, _ magnitude: Double) -> BlendMember {
    let host = hosts[host]
    let difference = (vector - host.vector) * arcsecPerRadian
    return BlendMember(
      eastArcsec: (difference * host.east).sum(), northArcsec: (difference * host.north).sum(),
      flux: exp(-0.4 * M_LN10 * (magnitude - host.magnitude)))
  }
}

/// Square bins on the plane that touches the sphere at a point. Projected distances are never longer than true ones.
private struct TangentBins {
  private let east: SIMD3<Double>
  private let north: SIMD3<Double>
  private let half: Double
  private let size: Double
  private let side: Int

  private static let mostPerSide = 256

  init(center: SkyPosition, reach: Double, bin: Double) {
    let (ra, dec) = (center.raDegrees * .pi / 180, center.decDegrees * .pi / 180)
    east = SIMD3(-sin(ra), cos(ra), 0)
    north = SIMD3(-sin(dec) * cos(ra), -sin(dec) * sin(ra), cos(dec))
    half = reach
    // A little more than the reach of a search, so that rounding cannot lose a neighbour.
    size = max(bin * 1.001, 2 * reach / Double(Self.mostPerSide))
    side = Int((2 * reach / size).rounded(.up))
  }

  var count: Int { side * side }

  private func place(_ coordinate: Double) -> Int { Int(min(max((coordinate + half) / size, 0), Double(side - 1))) }

  /// The bin of a direction; what lies outside is in the nearest bin.
  func bin(_ vector: SIMD3<Double>) -> Int {
    place((vector * north).sum()) * side + place((vector * east).sum())
  }

  /// The bin and those that touch it.
  @inline(__always)
  func forEachBin(around vector: SIMD3<Double>, _ body: (Int) -> Void) {
    let (column, row) = (place((vector * east).sum()), place((vector * north).sum()))
    for y in max(0, row - 1)...min(side - 1, row + 1) {
      for x in max(0, column - 1)...min(side - 1, column + 1) { body(y * side + x) }
    }
  }
}
