/// What is counted of one catalogue ("from") with partners in the other ("to"); integers only.
///
/// Sources and outcomes belong to the unit of the from-source, marks and brightest partners to that of the to-source. So
/// counts of units add up to those of the region.
struct DirectedCounts: Sendable, Hashable {
  let shape: DirectedShape
  /// Detected sources, by from-bin.
  var detected: [Int64]
  /// Σ of the bright areas above 0, in `FixedPoint` arcsec², and how many they are, by from-bin of partners and areas.
  var brightArea: [Int64]
  var brightAreaCount: [Int64]
  /// Σ of the variances of detected sources, in `FixedPoint` arcsec², by from-band.
  var variance: [Int64]
  /// Detected sources without partner inside the circle, by band pair, fraction and from-bin.
  var survivors: [[Int64]]
  /// To-sources with a partner of the from-bin inside the circle, by band pair, fraction, and cell of the two bins.
  var marks: [[Int64]]
  /// To-sources that are the brightest partner inside the bright circle of a source of the from-bin, by cell.
  var brightest: [[Int64]]
  /// Areas above 0, in slots by `DirectedShape.areaSlot`.
  var areas = TallySet()
  /// Variances of detected sources, in slots by `DirectedShape.outcomeSlot`.
  var outcomes = TallySet()

  init(shape: DirectedShape) {
    self.shape = shape
    detected = [Int64](repeating: 0, count: shape.from.total)
    (brightArea, brightAreaCount) = (detected, detected)
    variance = [Int64](repeating: 0, count: shape.from.bands)
    let pairs = shape.from.bands * shape.to.bands
    survivors = (0..<pairs * 2).map { [Int64](repeating: 0, count: shape.from.count(shape.fromBand($0 / 2))) }
    brightest = (0..<pairs).map { [Int64](repeating: 0, count: shape.cells(pair: $0)) }
    marks = (0..<pairs * 2).map { [Int64](repeating: 0, count: shape.cells(pair: $0 / 2)) }
  }

  static func += (sum: inout DirectedCounts, other: DirectedCounts) {
    add(other.detected, to: &sum.detected)
    add(other.brightArea, to: &sum.brightArea)
    add(other.brightAreaCount, to: &sum.brightAreaCount)
    add(other.variance, to: &sum.variance)
    for table in sum.survivors.indices { add(other.survivors[table], to: &sum.survivors[table]) }
    for table in sum.marks.indices { add(other.marks[table], to: &sum.marks[table]) }
    for table in sum.brightest.indices { add(other.brightest[table], to: &sum.brightest[table]) }
    sum.areas += other.areas
    sum.outcomes += other.outcomes
  }

  private static func add(_ other: [Int64], to sum: inout [Int64]) {
    for index in sum.indices { sum[index] = FixedPoint.sum(sum[index], other[index]) }
  }
}
