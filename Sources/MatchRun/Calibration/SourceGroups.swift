internal import CatalogStore
internal import Indexing
internal import Match

/// The groups that results are divided into: by magnitude of a, and by where a lies.
///
/// The pixel follows from the rowid, since rowids run along the curve. Magnitudes are read where they are needed
/// (`MagnitudesByRowid`): what is kept here does not grow with the catalogue.
struct SourceGroups: Sendable {
  /// A magnitude is counted in the bin of its whole number; the last bin holds sources without one.
  let firstMagnitude: Int
  let magnitudeBins: Int
  /// The name of the band in which most sources of a are seen; nil if a has no magnitudes.
  let band: String?
  let pixels: [HealpixPixel]
  private let bandPosition: Int?
  /// The first rowid in each pixel.
  private let firstRowids: [Int64]

  /// Pixels that the default order may have.
  static let mostPixels = 48
  static let finestOrder = 9

  /// Reads the narrow form of a catalogue, shard by shard.
  /// - Parameter order: Of the pixels; nil: the finest with at most `mostPixels` pixels.
  init(database: SkyDatabase, _ info: CatalogueInfo, _ coverage: CoverageMap, order: Int?, check: () throws -> Void)
    throws
  {
    let order = order ?? Self.defaultOrder(coverage)
    let main = info.magnitudes.indices.max {
      (info.magnitudes[$0].total, $1) < (info.magnitudes[$1].total, $0)
    }.flatMap { info.magnitudes[$0].total > 0 ? $0 : nil }
    band = main.map { info.layout.bands[$0] }
    let bins = main.map { Self.bins(info.magnitudes[$0]) } ?? 0..<0
    firstMagnitude = bins.lowerBound
    magnitudeBins = bins.count + 1
    bandPosition = main
    var scan = Scan(order: order)
    let reader = CatalogueReader(database: database, info: info, reading: info.layout.forMatching)
    for shard in info.shards {
      try check()
      scan.add(try reader.sources(in: PixelRangeSet(pixels: [shard.pixel])))
    }
    (pixels, firstRowids) = (scan.pixels, scan.firstRowids)
  }

  static func bins(_ histogram: MagnitudeHistogram) -> Range<Int> {
    let largest = Int(MagnitudeHistogram.largestMagnitude)
    func whole(_ bin: Int) -> Int { max(-largest, min(largest, Int((Double(bin) / 10).rounded(.down)))) }
    return whole(histogram.firstBin)..<whole(histogram.firstBin + histogram.counts.count - 1) + 1
  }

  static func defaultOrder(_ coverage: CoverageMap) -> Int {
    (0...finestOrder).last { pixelCount(coverage, order: $0) <= mostPixels } ?? 0
  }

  private static func pixelCount(_ coverage: CoverageMap, order: Int) -> Int {
    var (count, last) = (0, Int64(-1))
    for node in coverage.nodes {
      if node.pixel.order < order { count += 1 << (2 * (order - node.pixel.order)) }
      if node.pixel.order >= order {
        let index = node.pixel.parent(order: order).index
        if index != last { count += 1 }
        last = index
      }
    }
    return count
  }

  /// The bins of the magnitudes of sources of a.
  func magnitudes(of sources: SourceColumns) -> [UInt8] {
    guard let bandPosition else { return Array(repeating: 0, count: sources.count) }
    return sources.magnitudes[bandPosition].map(bin)
  }

  private func bin(_ magnitude: Double) -> UInt8 {
    let unknown = magnitudeBins - 1
    guard MagnitudeHistogram.bin(of: magnitude) != nil else { return UInt8(unknown) }
    return UInt8(min(max(0, Int(magnitude.rounded(.down)) - firstMagnitude), unknown))
  }

  /// The position of the pixel of a source of a.
  func pixel(ofRowid rowid: Int64) -> Int {
    max(0, firstRowids.binarySearch { $0 > rowid } - 1)
  }

  private struct Scan {
    let order: Int
    var pixels: [HealpixPixel] = []
    var firstRowids: [Int64] = []

    mutating func add(_ sources: SourceColumns) {
      for row in 0..<sources.count {
        let index = sources.healpix29[row]
        if pixels.last?.contains(healpix29: index) != true {
          pixels.append(HealpixPixel(healpix29: index, order: order))
          firstRowids.append(sources.rowid[row])
        }
      }
    }
  }
}

/// One value for the whole, for every bin of magnitude and for every pixel.
struct Grouped<Value: Sendable>: Sendable {
  private(set) var whole: Value
  private(set) var magnitudes: [Value]
  private(set) var pixels: [Value]

  init(_ value: Value, _ groups: SourceGroups) {
    whole = value
    magnitudes = Array(repeating: value, count: groups.magnitudeBins)
    pixels = Array(repeating: value, count: groups.pixels.count)
  }

  /// Changes all values that a source of a takes part in.
  /// - Parameter magnitude: The bin of its magnitude.
  mutating func update(rowidA: Int64, magnitude: UInt8, _ groups: SourceGroups, _ change: (inout Value) -> Void) {
    change(&whole)
    change(&magnitudes[Int(magnitude)])
    if !pixels.isEmpty { change(&pixels[groups.pixel(ofRowid: rowidA)]) }
  }

  /// Puts two sets of values together.
  mutating func merge(_ other: Grouped, _ add: (inout Value, Value) -> Void) {
    add(&whole, other.whole)
    for index in magnitudes.indices { add(&magnitudes[index], other.magnitudes[index]) }
    for index in pixels.indices { add(&pixels[index], other.pixels[index]) }
  }
}
