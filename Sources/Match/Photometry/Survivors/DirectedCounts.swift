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
    for index in sum.indices { sum[index] += other[index] }
  }
}

/// The bands and bins of one catalogue, all bins in one row.
struct BandBins: Sendable, Hashable {
  let bins: [MagnitudeBins]
  /// Where the bins of a band begin in the row; after the last band, where the row ends.
  let offset: [Int]

  init(_ bins: [MagnitudeBins]) {
    self.bins = bins
    offset = bins.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
  }

  var bands: Int { bins.count }
  var total: Int { offset[bands] }
  func count(_ band: Int) -> Int { bins[band].count }
  func range(_ band: Int) -> Range<Int> { offset[band]..<offset[band + 1] }
}

/// How the tables of `DirectedCounts` are laid out.
struct DirectedShape: Sendable, Hashable {
  let from: BandBins
  let to: BandBins

  func pair(_ fromBand: Int, _ toBand: Int) -> Int { fromBand * to.bands + toBand }
  func fromBand(_ pair: Int) -> Int { pair / to.bands }
  func toBand(_ pair: Int) -> Int { pair % to.bands }
  func cells(pair: Int) -> Int { from.count(fromBand(pair)) * to.count(toBand(pair)) }

  /// The areas of one circle: of all sources, or of those in one from-bin (numbered in the row of all bands).
  func areaSlot(_ circle: Circle, bin: Int?) -> Int { circle.rawValue * (from.total + 1) + (bin.map { $0 + 1 } ?? 0) }

  /// The variances of the sources of a from-bin with one fate with respect to a band of the other catalogue.
  func outcomeSlot(toBand: Int, bin: Int, fate: Fate) -> Int {
    (toBand * from.total + bin) * Fate.allCases.count + fate.rawValue
  }
}

/// Which of the two circles.
enum Circle: Int, Sendable, CaseIterable {
  case bright
  case field
}

/// Where the nearest partner of a source is: inside the bright circle, between the circles, or outside both.
enum Fate: Int, Sendable, CaseIterable {
  case insideBright
  case insideField
  case survivor
}

/// Areas and variances as whole numbers, so that sums do not depend on their order: multiples of 2⁻²⁸ arcsec².
///
/// That is 3.7·10⁻⁹ arcsec²; sums reach 3.4·10¹⁰ arcsec².
enum FixedPoint {
  static let unit = 0x1p-28
  static let arcsec2PerDegree2 = 3600.0 * 3600.0

  static func number(arcsec2: Double) -> Int64 { Int64((arcsec2 / unit).rounded()) }
  static func arcsec2(_ number: Int64) -> Double { Double(number) * unit }
}
