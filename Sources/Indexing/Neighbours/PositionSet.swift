import Glibc

/// Positions prepared for neighbour searches: their unit vectors under a tree of bounding boxes.
///
/// The tree is built over the sources in the order given. Sources sorted along the HEALPix curve, as catalogues are, make
/// compact boxes and fast searches; a catalogue carried to another epoch is still near enough to that order. Any other order
/// gives the same pairs, but a shuffled million takes hundreds of times as long: sort it first (`sortedOrder(ofHealpix29:)`).
/// A value that does not change: it may be searched from many tasks at once.
public final class PositionSet: Sendable {
  /// Right ascensions, degrees, as given.
  public let raDegrees: [Double]
  /// Declinations, degrees.
  public let decDegrees: [Double]
  /// How far each source looks, arcsec.
  public let reachArcsec: [Double]
  let cosDec: [Double]
  let tree: BoundingBoxTree

  /// A set in which each source has a reach of its own.
  ///
  /// - Parameters:
  ///   - raDegrees: Right ascensions, degrees: any finite numbers.
  ///   - decDegrees: Declinations, degrees.
  ///   - reachArcsec: Reaches, arcsec, finite and not negative. Two sources are a pair up to √(reachA² + reachB²).
  /// - Precondition: Equal counts of at most 2³¹ − 1, every value within its range.
  /// - Complexity: O(n).
  public init(raDegrees: [Double], decDegrees: [Double], reachArcsec: [Double]) {
    precondition(
      raDegrees.count == decDegrees.count && raDegrees.count == reachArcsec.count,
      "\(raDegrees.count) right ascensions, \(decDegrees.count) declinations and \(reachArcsec.count) reaches")
    precondition(raDegrees.count <= Int(Int32.max), "\(raDegrees.count) sources are more than one set may hold")
    self.raDegrees = raDegrees
    self.decDegrees = decDegrees
    self.reachArcsec = reachArcsec
    let cosDec = decDegrees.map { cosine(ofDeclination: $0) }
    self.cosDec = cosDec
    tree = BoundingBoxTree(
      raDegrees: raDegrees, decDegrees: decDegrees, cosDec: cosDec, reachArcsec: reachArcsec)
  }

  /// A set in which all sources have the same reach. For all pairs within r, give one set r and the other 0.
  public convenience init(raDegrees: [Double], decDegrees: [Double], reachArcsec: Double) {
    self.init(
      raDegrees: raDegrees, decDegrees: decDegrees,
      reachArcsec: [Double](repeating: reachArcsec, count: raDegrees.count))
  }

  /// The number of sources.
  public var count: Int { raDegrees.count }

  /// The separation of one of this set's sources from one of another's, arcsec: the bits of the public `separation`.
  @inline(__always)
  func separationArcsec(_ i: Int, _ other: PositionSet, _ j: Int) -> Double {
    separation(
      ra1Degrees: raDegrees[i], dec1Degrees: decDegrees[i], cosDec1: cosDec[i],
      ra2Degrees: other.raDegrees[j], dec2Degrees: other.decDegrees[j], cosDec2: other.cosDec[j]
    ).arcseconds
  }
}
