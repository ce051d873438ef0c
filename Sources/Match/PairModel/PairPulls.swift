/// How hidden neighbours pull the sources of both catalogues of a region: the mean laws by class.
public struct PairPulls: Sendable, Equatable {
  /// One catalogue.
  struct Side: Sendable, Equatable {
    /// The FWHM of its PSF, arcsec; 0 where nothing is known of its neighbours.
    let fwhmArcsec: Double
    let sums: PullSums
    let basis: MixtureBasis

    init(pointSpread: PointSpread?, sums: PullSums) {
      fwhmArcsec = pointSpread?.fwhmArcsec ?? 0
      self.sums = sums
      basis = pointSpread.map { MixtureBasis($0) } ?? .none
    }

    /// Classes that sources are in, with how many there are of each.
    var used: [(place: Int, sources: Double)] {
      if sums.counts.allSatisfy({ $0 == 0 }) { return [(0, 1)] }
      return sums.counts.indices.filter { sums.counts[$0] > 0 }.map { ($0, Double(sums.counts[$0])) }
    }
  }

  let a: Side
  let b: Side

  /// Nothing is pulled.
  public static let none = PairPulls(a: nil, PullSums(), b: nil, PullSums())

  /// - Parameters:
  ///   - a: The PSF of a; nil: nothing is known of its neighbours.
  ///   - b: That of b.
  public init(a: PointSpread?, _ sumsA: PullSums, b: PointSpread?, _ sumsB: PullSums) {
    self.a = Side(pointSpread: a, sums: sumsA)
    self.b = Side(pointSpread: b, sums: sumsB)
  }

  /// Whether nothing is known of either.
  var isNone: Bool { a.fwhmArcsec == 0 && b.fwhmArcsec == 0 }

  /// The pulls of a pair of two classes.
  func profile(_ classA: Int, _ classB: Int) -> PullProfile {
    isNone ? .none : PullProfile(a.sums.meanLaw(classA), a.basis, b.sums.meanLaw(classB), b.basis)
  }

  // MARK: Bytes

  func write(to writer: inout IntegerWriter) {
    for side in [a, b] {
      writer.put(side.fwhmArcsec)
      side.sums.write(to: &writer)
    }
  }

  init(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    let sideA = try Self.side(&reader)
    let sideB = try Self.side(&reader)
    self.init(a: sideA.pointSpread, sideA.sums, b: sideB.pointSpread, sideB.sums)
  }

  private static func side(
    _ reader: inout IntegerReader
  ) throws(IntegerReader.Malformed) -> (pointSpread: PointSpread?, sums: PullSums) {
    let width = try reader.double()
    let sums = try PullSums(from: &reader)
    if width == 0 { return (nil, sums) }
    guard let pointSpread = try? PointSpread(fwhmArcsec: width) else { throw IntegerReader.Malformed() }
    return (pointSpread, sums)
  }
}
