import Foundation

/// The edge of a catalogue's field as the other program draws it: a hull found in (λ cos δ, δ) with λ shifted to the middle of
/// 0…360, and then used in the plane of λ and δ. Near a pole it leaves out some of the sources it was drawn around.
struct GoldenHull {
  private let shift: Double
  private let vertices: [(x: Double, y: Double)]
  private typealias Point = (x: Double, y: Double, longitude: Double)

  init(_ sources: RealSources) {
    let shift = 180 - (sources.ra.min()! + sources.ra.max()!) / 2
    self.shift = shift
    let points = zip(sources.ra, sources.dec).map { ra, dec in
      let longitude = ra + shift
      return (x: longitude * cos(dec * .pi / 180), y: dec, longitude: longitude)
    }
    .sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    vertices = (Self.chain(points) + Self.chain(points.reversed())).map { ($0.longitude, $0.y) }
  }

  /// One side of the hull around points in order of x, without its last point.
  private static func chain(_ points: some Sequence<Point>) -> ArraySlice<Point> {
    var hull: [Point] = []
    for point in points {
      while hull.count > 1, turn(hull[hull.count - 2], hull[hull.count - 1], point) <= 0 { hull.removeLast() }
      hull.append(point)
    }
    return hull.dropLast()
  }

  private static func turn(_ a: Point, _ b: Point, _ c: Point) -> Double {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
  }

  /// Whether the signed angles to the corners add up to a full turn. At a corner itself the angle there is missing.
  func contains(ra: Double, dec: Double) -> Bool {
    let x = ra + shift
    var turned = 0.0
    var (x1, y1) = (vertices[vertices.count - 1].x - x, vertices[vertices.count - 1].y - dec)
    for vertex in vertices {
      let (x2, y2) = (vertex.x - x, vertex.y - dec)
      turned += atan2(x1 * y2 - x2 * y1, x1 * x2 + y1 * y2)
      (x1, y1) = (x2, y2)
    }
    return abs(turned) > .pi
  }
}
