internal import Glibc

/// The sky in stripes of declination, each cut into chunks of right ascension, those again into sub-stripes and sub-chunks: how
/// Qserv divides its tables.
///
/// A chunk is as wide as the stripe is high, at least: in a stripe of height h whose border nearest a pole has declination δ, two
/// positions on that border whose right ascensions differ by w are h apart, cos h = sin²δ + cos²δ cos w, and there are
/// ⌊2π / w⌋ chunks. Sub-chunks are cut alike. A stripe that touches a pole is one chunk.
///
///     chunk = 2 S s + c,   sub-chunk = M s′ + c′
///
/// with S stripes, the stripe s from the south, the chunk c from right ascension 0; s′ and c′ count inside the chunk, and M is the
/// largest number of sub-chunks that a sub-stripe of any chunk has.
/// - Source: Qserv's documentation (lsst/qserv, doc/ingest/data/partitioning.rst); the numbers are those of `lsst.sphgeom.Chunker`
///   (scripts/check-qserv.py).
public struct StripePartition: Sendable {
  /// A sub-chunk.
  public struct Place: Sendable, Hashable {
    /// The number of its chunk.
    public let chunk: Int32
    /// Its own number inside the chunk.
    public let subChunk: Int32

    /// Makes a place of its numbers.
    public init(chunk: Int32, subChunk: Int32) { (self.chunk, self.subChunk) = (chunk, subChunk) }
  }

  private struct Row {
    /// Chunks of the stripe.
    let chunks: Int32
    /// Sub-chunks of each chunk.
    let perChunk: Int32
    /// Degrees of right ascension of a sub-chunk.
    let width: Double
    /// By how much the surroundings of a sub-chunk reach beyond it in right ascension, degrees.
    let reach: Double

    var count: Int32 { chunks * perChunk }
  }

  /// Stripes of the sky.
  public let stripes: Int
  /// Sub-stripes of each.
  public let subStripes: Int
  /// How far the surroundings of a sub-chunk reach, degrees.
  public let overlapDegrees: Double
  /// The sub-stripes, from the south.
  private let rows: [Row]
  /// The largest number of sub-chunks of a sub-stripe of a chunk.
  private let most: Int32
  private let height: Double

  /// The most sub-stripes that the sky may have, of 1″.
  public static let mostSubStripes = 180 * 3600
  /// The most stripes: numbers of chunks have 31 bits.
  public static let mostStripes = 32_767

  /// Divides the sky.
  /// - Parameters:
  ///   - stripes: 1 to `mostStripes`.
  ///   - subStripes: 1 or more; of all stripes together `mostSubStripes` at most, and few enough for numbers of 31 bits.
  ///   - overlapDegrees: 0 or more; at most the height of a sub-stripe and the width of a sub-chunk, since Qserv looks for
  ///     neighbours in the next sub-chunk only.
  /// - Returns: Nil where these limits are not kept.
  /// - Complexity: O(stripes · subStripes).
  public init?(stripes: Int, subStripes: Int, overlapDegrees: Double) {
    guard (1...Self.mostStripes).contains(stripes), (1...Self.mostSubStripes).contains(subStripes),
      stripes * subStripes <= Self.mostSubStripes
    else { return nil }
    let count = stripes * subStripes
    let height = 180 / Double(count)
    guard overlapDegrees >= 0, overlapDegrees <= height else { return nil }
    var rows: [Row] = []
    rows.reserveCapacity(count)
    for stripe in 0..<stripes {
      let chunks = Self.segments(stripe, of: stripes)
      for row in stripe * subStripes..<(stripe + 1) * subStripes {
        let perChunk = max(1, Self.segments(row, of: count) / chunks)
        let width = 360 / Double(perChunk * chunks)
        let reach = Self.reach(of: overlapDegrees, at: Self.steepest(row, of: count))
        if reach > width { return nil }
        rows.append(Row(chunks: chunks, perChunk: perChunk, width: width, reach: reach))
      }
    }
    (self.stripes, self.subStripes, self.overlapDegrees) = (stripes, subStripes, overlapDegrees)
    (self.rows, self.height) = (rows, height)
    most = rows.map(\.perChunk).max() ?? 1
    if Int(most) * subStripes > Int(Int32.max) { return nil }
  }

  // MARK: Cutting

  /// The distance of a row's border nearest a pole from the equator, radians.
  private static func steepest(_ row: Int, of count: Int) -> Double {
    let height = Double.pi / Double(count)
    return max(abs(Double(row) * height - 0.5 * Double.pi), abs(Double(row + 1) * height - 0.5 * Double.pi))
  }

  /// Nearer to a pole than this, radians (1″), a row is not cut.
  private static let poleRadians = 4.85e-6

  /// How many parts as wide as they are high a row has.
  private static func segments(_ row: Int, of count: Int) -> Int32 {
    let (height, border) = (Double.pi / Double(count), steepest(row, of: count))
    if border > 0.5 * Double.pi - poleRadians { return 1 }
    let (sine, cosine) = (sin(border), cos(border))
    // cos²δ cos w and cos²δ, whose sine is that of w but for the same factor.
    let (along, whole) = (cos(height) - sine * sine, cosine * cosine)
    let angle = abs(atan2(abs(whole * whole - along * along).squareRoot(), along))
    return max(1, Int32(min(2 * Double.pi / angle, Double(4 * mostSubStripes))))
  }

  /// The largest difference in right ascension of a position at a declination from one that is `radius` away, degrees:
  /// tan α = sin r / √(cos(δ − r) cos(δ + r)); all of it around a pole.
  private static func reach(of radiusDegrees: Double, at declination: Double) -> Double {
    if radiusDegrees == 0 { return 0 }
    let radius = radiusDegrees * .pi / 180
    if declination + radius > 0.5 * Double.pi - poleRadians { return 180 }
    let along = abs(cos(declination - radius) * cos(declination + radius)).squareRoot()
    return atan(sin(radius) / along) * 180 / .pi
  }

  // MARK: Places

  /// The sub-chunk that holds a position. One on a border belongs to the north and to the east.
  /// - Parameters:
  ///   - raDegrees: Any number; one that is not finite counts as 0.
  ///   - decDegrees: −90 to 90; what lies beyond is taken for the pole.
  public func place(raDegrees: Double, decDegrees: Double) -> Place {
    let row = row(decDegrees)
    return place(row, column(wrapped(raDegrees), row))
  }

  /// The sub-chunks in whose surroundings a position lies: all that have a point within the overlap of it, and a few more at
  /// their corners, for the surroundings are cut along right ascension and declination. Each once; not the one that holds it.
  public func surroundings(raDegrees: Double, decDegrees: Double) -> [Place] {
    if overlapDegrees == 0 { return [] }
    let ra = wrapped(raDegrees)
    let home = row(decDegrees)
    let own = column(ra, home)
    var places: [Place] = []
    for row in row(decDegrees - overlapDegrees)...row(decDegrees + overlapDegrees) {
      for column in columns(around: ra, row) where row != home || column != own { places.append(place(row, column)) }
    }
    return places
  }

  /// Every sub-chunk, from south to north and west to east.
  var allPlaces: [Place] { rows.indices.flatMap { row in (0..<rows[row].count).map { place(row, $0) } } }

  private func wrapped(_ raDegrees: Double) -> Double { raDegrees.isFinite ? wrappedDegrees(raDegrees) : 0 }

  /// The sub-stripe of a declination.
  private func row(_ decDegrees: Double) -> Int { Self.part((decDegrees + 90) / height, of: rows.count) }

  /// The sub-chunk of a sub-stripe that holds a right ascension of 0 to 360°.
  private func column(_ ra: Double, _ row: Int) -> Int32 {
    Int32(Self.part(ra / rows[row].width, of: Int(rows[row].count)))
  }

  /// A number rounded down, at least 0 and below `count`.
  private static func part(_ value: Double, of count: Int) -> Int {
    value > 0 ? Int(min(value, Double(count - 1))) : 0
  }

  /// The sub-chunks of a sub-stripe whose surroundings hold a right ascension.
  private func columns(around ra: Double, _ row: Int) -> [Int32] {
    let (reach, count) = (rows[row].reach, rows[row].count)
    let first = Int32(((ra - reach) / rows[row].width).rounded(.down))
    let last = Int32(((ra + reach) / rows[row].width).rounded(.down))
    if last - first + 1 >= count { return Array(0..<count) }
    return (first...last).map { (($0 % count) + count) % count }
  }

  private func place(_ row: Int, _ column: Int32) -> Place {
    let (stripe, parts) = (row / subStripes, rows[row])
    let chunk = column / parts.perChunk
    return Place(
      chunk: Int32(2 * stripes * stripe) + chunk,
      subChunk: most * Int32(row % subStripes) + (column - chunk * parts.perChunk))
  }
}
