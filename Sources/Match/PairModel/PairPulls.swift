/// How hidden neighbours pull the sources of both catalogues of a region, and unknown motions let them drift: the mean laws by class.
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

  /// Whether nothing is known of either, and nothing drifts.
  var isNone: Bool { a.fwhmArcsec == 0 && b.fwhmArcsec == 0 && !haveDrifts }

  /// Whether any source drifts.
  var haveDrifts: Bool { a.sums.haveDrifts || b.sums.haveDrifts }

  /// The pulls of a pair of two classes, with and without the drifts that each component lets them have.
  func profiles(_ classA: Int, _ classB: Int) -> PullProfiles {
    if isNone { return .none }
    let pulls = PullProfile(a.sums.meanLaw(classA), a.basis, b.sums.meanLaw(classB), b.basis)
    guard haveDrifts else { return PullProfiles(pulls) }
    return PullProfiles(
      pulls, drifts: a.sums.meanDrift(classA), b.sums.meanDrift(classB), squaredYears: squaredYears(classA, classB))
  }

  private func squaredYears(_ classA: Int, _ classB: Int) -> Double {
    a.sums.meanSquaredYears(classA) + b.sums.meanSquaredYears(classB)
  }

  /// How far sources of two classes drift apart on the average.
  func meanDrift(_ classA: Int, _ classB: Int) -> DriftLaw {
    let profile = PullProfile.none.drifting(a.sums.meanDrift(classA), scale: 1)
      .drifting(b.sums.meanDrift(classB), scale: 1)
    return DriftLaw(
      weights: profile.weights, variancesArcsec2: profile.variancesArcsec2, squaredYears: squaredYears(classA, classB))
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
