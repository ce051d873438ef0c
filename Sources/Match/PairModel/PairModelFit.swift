internal import Glibc
internal import Indexing

/// Fits a `PairModel` to the candidate pairs of a region.
///
/// All parameters make the pairs most likely, given how many there are of each kind: Σ ln(1 + g) − ln(1 + q), with g the odds of a
/// counterpart against a chance pair once t is known and q those before. How many chance pairs there are is not asked: where
/// the sky is crowded, thin or cut off, both counterparts and chance pairs change, and how t is distributed does not.
///
/// θ and N follow from positions and errors alone. Magnitudes, fitted later, cannot move them.
public struct PairModelFit {
  private let rows: KindRows
  private let reach: SearchReach
  private let classes: (a: Int, b: Int)
  private let sources: (a: CodeCounts, b: CodeCounts)
  private let most: Double
  private let given: Double?
  private let detections: (a: Double, b: Double)
  private let pulls: PairPulls

  private var widths: WidthFit
  private var posterior: CounterpartPosterior
  private var errors: ErrorEvidence
  private var errorFactors: [Double]

  private static let errorRounds = 5

  /// - Parameters:
  ///   - classesA: Classes of magnitude of a, as `PairKind` has them; 0 where magnitudes take no part.
  ///   - classesB: Those of b.
  ///   - counterparts: N, if it is not to be measured.
  ///   - pointSpreads: The PSFs of a and b, where their hidden neighbours are known.
  ///   - detections: How often a and b list an object, on the average: a pair of objects is so many pairs of sources.
  public init(
    _ counts: PairKindCounts, reach: SearchReach, classesA: Int, classesB: Int, counterparts: Double? = nil,
    detections: (a: Double, b: Double) = (1, 1), pointSpreads: (a: PointSpread?, b: PointSpread?) = (nil, nil)
  ) {
    pulls = PairPulls(a: pointSpreads.a, counts.pullsA, b: pointSpreads.b, counts.pullsB)
    rows = KindRows(counts.pairs, reach: reach, pulls: pulls)
    self.reach = reach
    classes = (min(classesA, PairKind.mostClasses), min(classesB, PairKind.mostClasses))
    sources = (counts.sourcesA, counts.sourcesB)
    self.detections = detections
    most = min(Double(counts.sourcesA.total) * detections.b, Double(counts.sourcesB.total) * detections.a)
    errorFactors = Array(repeating: 1, count: rows.count)
    let table = rows.table(evidence: errorFactors)
    widths = WidthFit(table, level: reach.level)
    given = counterparts.map { $0 * detections.a * detections.b }
    posterior = Self.posterior(table, widths, most: most, given: given)
    errors = ErrorEvidence(binsA: LogBins.errors.count, binsB: LogBins.errors.count)
  }

  /// Fits the model.
  /// - Complexity: O(kinds · levels of classes · steps).
  public func model() -> PairModel {
    var fit = self
    fit.fitErrors()
    return fit.made(fit.fittedMagnitudes())
  }

  /// What positions say with what is known of N.
  private var found: PairWidths {
    PairWidths(
      odds: posterior.odds, shares: widths.shares, slope: widths.slope, densityExponent: widths.densityExponent)
  }

  /// Quoted errors and widths by turns, since one looks like the other.
  private mutating func fitErrors() {
    for round in 0..<Self.errorRounds {
      let kinds = kinds()
      errors = ErrorEvidence(kinds.merged(.errors, evidence: ones))
      let isNeutral = errors.a.factors.count * errors.b.factors.count == 1
      if isNeutral && round == 0 { return }
      errorFactors = errors.factors(of: kinds)
      let table = rows.table(evidence: errorFactors)
      if round + 2 == Self.errorRounds { widths.chooseAgain(table) } else { widths.adjust(table) }
      posterior = Self.posterior(table, widths, most: most, given: given)
      if isNeutral { return }
    }
  }

  private static func posterior(
    _ table: PairTable, _ widths: WidthFit, most: Double, given: Double?
  ) -> CounterpartPosterior {
    given.map { CounterpartPosterior(table, widths, counterparts: $0) }
      ?? CounterpartPosterior(table, widths, most: most)
  }

  /// Magnitudes; then widths once more, where magnitudes say who is who; then magnitudes again, if that changed something.
  private mutating func fittedMagnitudes() -> MagnitudeEvidence {
    let found = magnitudes(nil)
    if found.weights.count == 1 { return found }
    let evidence = zip(errorFactors, found.factors(of: kinds())).map { $0 * $1 }
    let before = widths
    widths.chooseAgain(rows.table(evidence: evidence))
    if widths.shares == before.shares && widths.slope == before.slope {
      widths = before
      return found
    }
    posterior = Self.posterior(rows.table(evidence: errorFactors), widths, most: most, given: given)
    return magnitudes(found)
  }

  private func magnitudes(_ warm: MagnitudeEvidence?) -> MagnitudeEvidence {
    let merged = kinds().merged(.magnitudes, evidence: errorFactors)
    return MagnitudeEvidence(merged, evidence: Array(repeating: 1, count: merged.rows), warm: warm)
  }

  private var ones: [Double] { Array(repeating: 1, count: rows.count) }

  private func place(_ kindClass: UInt8, _ count: Int) -> Int32 { Int32(min(Int(kindClass), count)) }

  private func kinds() -> PairKinds {
    let odds = rows.odds(found)
    return PairKinds(
      counts: rows.counts, after: odds.after, before: odds.before, shares: odds.shares, fold: rows.fold,
      classA: rows.classA.map { place($0, classes.a) }, classB: rows.classB.map { place($0, classes.b) },
      errorA: rows.errorA.map { Int32($0) }, errorB: rows.errorB.map { Int32($0) }, classesA: classes.a + 1,
      classesB: classes.b + 1, hasUnknownA: true, hasUnknownB: true, errorBinsA: LogBins.errors.count,
      errorBinsB: LogBins.errors.count, sourcesA: table(sources.a, classes.a), sourcesB: table(sources.b, classes.b))
  }

  /// Sources by class and bin of the error.
  private func table(_ sources: CodeCounts, _ classes: Int) -> [Int64] {
    var counts = [Int64](repeating: 0, count: (classes + 1) * LogBins.errors.count)
    for (code, count) in zip(sources.codes, sources.counts) {
      let place = min(Int(code >> 8), classes) * LogBins.errors.count + Int(code & 255)
      counts[place] = counts[place].saturatingAdd(count)
    }
    return counts
  }

  private func made(_ magnitudes: MagnitudeEvidence) -> PairModel {
    let shares = ClassShares(kinds(), errors: errors, magnitudes: magnitudes)
    let (cellsA, cellsB) = (classes.a + 1, classes.b + 1)
    let tables = (0..<PairKind.folds * cellsA * cellsB).map { place in
      let cell = place % (cellsA * cellsB)
      let factor = magnitudes.factor(fold: place / (cellsA * cellsB), classA: cell / cellsB, classB: cell % cellsB)
      return Float(log(factor))
    }
    return PairModel(
      widths: found, pulls: pulls, meanDensity: rows.meanDensity, counterparts: posterior.counterparts / pairsOfObjects,
      counterpartsError: posterior.error / pairsOfObjects, levelWeights: magnitudes.weights,
      a: side(errors.a, shares.a, sources.a, classes: cellsA, pairs: detections.b),
      b: side(errors.b, shares.b, sources.b, classes: cellsB, pairs: detections.a),
      logMagnitudeFactors: tables)
  }

  /// Pairs of sources for each pair of objects.
  private var pairsOfObjects: Double { detections.a * detections.b }

  /// - Parameter pairs: Pairs of a source that has a counterpart.
  private func side(
    _ errors: ErrorEvidence.Side, _ shares: ClassShares.Side, _ sources: CodeCounts, classes: Int, pairs: Double
  ) -> PairModelSide {
    var representative = [Int](repeating: 0, count: errors.factors.count)
    for (bin, block) in errors.block.enumerated() { representative[block] = bin }
    return PairModelSide(
      classes: classes, meanSpreadArcsec2: meanSpread(sources), blocks: errors.block.map { UInt8($0) },
      errorFactors: errors.factors,
      shares: (0..<classes).flatMap { one in representative.map { shares.share(class: one, errorBin: $0) / pairs } },
      sharesWithoutMagnitudes: representative.map { shares.shareWithoutMagnitudes(errorBin: $0) / pairs })
  }

  private func meanSpread(_ sources: CodeCounts) -> Double {
    var (sum, number) = (0.0, 0.0)
    for (code, count) in zip(sources.codes, sources.counts) {
      let error = LogBins.errors.middle(Int(code & 255))
      sum += Double(count) * error * error
      number += Double(count)
    }
    return number > 0 ? sum / number : 1
  }
}
