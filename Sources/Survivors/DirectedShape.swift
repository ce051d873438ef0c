internal import Match

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
