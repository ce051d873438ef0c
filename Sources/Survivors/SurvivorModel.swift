public import Match

/// What the survivors of a region say of every pair of photometric classes: priors by band pair, and magnitudes.
///
/// A source takes part with one band, that of its class. A band pair whose fit failed has the priors of the main one, that
/// of the two bands in which most sources are seen, and magnitudes that make no difference.
public struct SurvivorModel: Sendable {
  /// N_c, N_A, N_B of the main band pair.
  public let main: PriorFit
  /// By band pair.
  public let priors: BandPriors
  /// In shares: those of c and f in their bins.
  public let photometry: PhotometricDensities

  /// Fewer counterparts than this do not make a density.
  private static let fewestCounterparts = 100.0
  /// A density of counterparts must stand out from chance by this many σ.
  private static let significance = 5.0

  /// Nil if the main band pair has no fit, or too few counterparts.
  /// - Precondition: The counts have the bins of the classes.
  /// - Complexity: O(band pairs · (cells + entries of the tallies)).
  public init?(
    _ counts: SurvivorCounts, areaDegrees2: Double, classesA: MagnitudeClasses, classesB: MagnitudeClasses,
    options: SurvivorOptions
  ) {
    guard areaDegrees2 > 0, classesA.count > 0, classesB.count > 0 else { return nil }
    let bands = ClassBands(classesA, classesB)
    let table = BandPairTable(
      counts.estimate(areaDegrees2: areaDegrees2, options: options), bands,
      isFirstBandOfFields: options.fieldBand == .first)
    guard case .success(let main) = table.pairs[classesA.bandOrder[0]][classesB.bandOrder[0]].priors,
      main.priors.counterpartsPerDegree2 * areaDegrees2 >= Self.fewestCounterparts,
      main.priors.counterpartsPerDegree2 >= Self.significance * main.counterpartsError
    else { return nil }
    self.main = main
    priors = BandPriors(
      table: table.priors(orElse: main.priors), errorsPerDegree2: table.errors, classesA: classesA, classesB: classesB)
    photometry = table.photometry
  }
}

/// The densities of all band pairs, with field terms in the bands chosen for them. Bands count as in `ClassBands`.
private struct BandPairTable {
  /// By band of either catalogue.
  let pairs: [[BandPairDensities]]
  private let bands: ClassBands
  private let isFirstBandOfFields: Bool

  init(_ pairs: [[BandPairDensities]], _ bands: ClassBands, isFirstBandOfFields: Bool) {
    (self.pairs, self.bands, self.isFirstBandOfFields) = (pairs, bands, isFirstBandOfFields)
  }

  private subscript(a: Int, b: Int) -> BandPairDensities { pairs[bands.bandsA[a]][bands.bandsB[b]] }
  private func ofFieldA(_ a: Int, _ b: Int) -> BandPairDensities { self[a, isFirstBandOfFields ? 0 : b] }
  private func ofFieldB(_ a: Int, _ b: Int) -> BandPairDensities { self[isFirstBandOfFields ? 0 : a, b] }

  private func forEachPair<Value>(_ value: (Int, Int) -> Value) -> [Value] {
    bands.bandsA.indices.flatMap { a in bands.bandsB.indices.map { value(a, $0) } }
  }

  var errors: [Double] { forEachPair { (try? self[$0, $1].priors.get().counterpartsError) ?? .nan } }

  func priors(orElse main: PriorDensities) -> [PriorDensities] { forEachPair { priors($0, $1) ?? main } }

  private func priors(_ a: Int, _ b: Int) -> PriorDensities? {
    guard case .success(let pair) = self[a, b].priors, case .success(let ofA) = ofFieldA(a, b).priors,
      case .success(let ofB) = ofFieldB(a, b).priors
    else { return nil }
    return PriorDensities(
      counterpartsPerDegree2: pair.priors.counterpartsPerDegree2,
      unmatchedAPerDegree2: ofA.priors.unmatchedAPerDegree2, unmatchedBPerDegree2: ofB.priors.unmatchedBPerDegree2)
  }

  var photometry: PhotometricDensities {
    let (binsA, binsB) = (Self.binsInBand(bands.ofA), Self.binsInBand(bands.ofB))
    let counterparts = zip(bands.ofA, binsA).flatMap { a, i in
      zip(bands.ofB, binsB).map { b, j in share(i, j, a, b) }
    }
    let fieldA = zip(bands.ofA, binsA).flatMap { a, i in bands.bandsB.indices.map { shareA(i, a, $0) } }
    let fieldB = zip(bands.ofB, binsB).flatMap { b, j in bands.bandsA.indices.map { shareB(j, $0, b) } }
    return PhotometricDensities(counterparts: counterparts, fieldA: fieldA, fieldB: fieldB, bands: bands)
  }

  /// The number of each class within its band.
  private static func binsInBand(_ bands: [Int]) -> [Int] {
    bands.indices.map { $0 - bands.firstIndex(of: bands[$0])! }
  }

  private func shareA(_ bin: Int, _ a: Int, _ b: Int) -> Double {
    let densities = ofFieldA(a, b)
    return densities.fieldA[bin] * densities.binsA.width(bin)
  }

  private func shareB(_ bin: Int, _ a: Int, _ b: Int) -> Double {
    let densities = ofFieldB(a, b)
    return densities.fieldB[bin] * densities.binsB.width(bin)
  }

  private func share(_ i: Int, _ j: Int, _ a: Int, _ b: Int) -> Double {
    let densities = self[a, b]
    guard priors(a, b) != nil else { return shareA(i, a, b) * shareB(j, a, b) }
    return densities.counterparts(binA: i, binB: j) * densities.binsA.width(i) * densities.binsB.width(j)
  }
}
