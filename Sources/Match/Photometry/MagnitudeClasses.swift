public import Indexing

/// The photometric classes of a catalogue: each is a range of magnitudes in one band.
///
/// A source belongs to one class only: that of its magnitude in one band, its best one. Which band that is does not depend
/// on the possible counterpart, so every pair of an island weighs a source by the same measurement. A source seen in none
/// of the bands has no class.
///
/// Bands are taken one after the other; within a band the classes are made from bright to faint out of bins of 0.1 mag,
/// each as narrow as it can be while it holds more than `minimum` sources. What is left at the faint end joins the last one.
///
/// - Source: docs/method.md §4: edges lie on multiples of 0.1 mag, the last class is
///   as rich as the others, and a missing magnitude is a case of its own.
public struct MagnitudeClasses: Sendable, Equatable {
  /// One class.
  public struct Class: Sendable, Equatable {
    /// The band's position in the catalogue.
    public let band: Int
    /// Bright limit, mag, inclusive.
    public let brightest: Double
    /// Faint limit, mag, exclusive.
    public let faintest: Double
  }

  /// What becomes of the faintest magnitudes of a band when they are too few for a class.
  public enum FaintEnd: Sendable {
    /// They join the class before.
    case joinsLast
    /// They are a class of their own, as in the report.
    case standsAlone
  }

  private struct Band: Sendable, Equatable {
    var firstBin: Int
    var classOfBin: [Int32]
  }

  /// The classes: band by band, from bright to faint.
  public let classes: [Class]
  /// Bands in the order in which a source's best one is sought.
  public let bandOrder: [Int]
  private let bands: [Band]

  /// No source has this class: it has no usable magnitude.
  public static let none: Int32 = -1

  /// - Parameters:
  ///   - histograms: Of each band of the catalogue.
  ///   - minimum: A class holds more sources than this, if its band does.
  ///   - faintEnd: What becomes of the rest.
  ///   - sources: The number of sources of the catalogue, if each takes the first band of `bandOrder` that it is seen in: a
  ///     band then serves only those that the bands before it have not seen, and is divided for so many. Nil if any
  ///     source may take any band.
  public init(
    histograms: [MagnitudeHistogram], minimum: Int64, faintEnd: FaintEnd = .joinsLast, sources: Int64? = nil
  ) {
    // The band in which most sources are seen comes first; of equals, the earlier one.
    let order = histograms.indices.sorted { (histograms[$0].total, $1) > (histograms[$1].total, $0) }
    let most = order.first.map { histograms[$0].total } ?? 0
    var classes: [Class] = []
    bands = histograms.enumerated().map { band, histogram in
      let served = band == order.first ? histogram.total : min(histogram.total, (sources ?? .max) - most)
      guard served > 0 else { return Band(firstBin: 0, classOfBin: []) }
      let scaled = Double(minimum) * Double(histogram.total) / Double(served)
      return Self.divide(histogram, band: band, minimum: Int64(scaled), faintEnd, into: &classes)
    }
    self.classes = classes
    bandOrder = order
  }

  private static func divide(
    _ histogram: MagnitudeHistogram, band: Int, minimum: Int64, _ faintEnd: FaintEnd, into classes: inout [Class]
  ) -> Band {
    let first = classes.count
    var classOfBin: [Int32] = []
    var (start, sources) = (0, Int64(0))
    func makeClass(_ bins: Range<Int>) -> Class {
      Class(
        band: band, brightest: Double(histogram.firstBin + bins.lowerBound) / 10,
        faintest: Double(histogram.firstBin + bins.upperBound) / 10)
    }
    for (bin, count) in histogram.counts.enumerated() {
      sources += count
      classOfBin.append(Int32(classes.count))
      guard sources > minimum else { continue }
      classes.append(makeClass(start..<(bin + 1)))
      (start, sources) = (bin + 1, 0)
    }
    if start < histogram.counts.count {
      let isApart = classes.count == first || faintEnd == .standsAlone
      let from = isApart ? start : Int((classes.removeLast().brightest * 10).rounded()) - histogram.firstBin
      for bin in start..<histogram.counts.count { classOfBin[bin] = Int32(classes.count) }
      classes.append(makeClass(from..<histogram.counts.count))
    }
    return Band(firstBin: histogram.firstBin, classOfBin: classOfBin)
  }

  /// The number of classes.
  public var count: Int { classes.count }

  /// The classes as bins, for every band of the catalogue: the bins of all bands in one row are the classes in their order.
  public var bins: [MagnitudeBins] {
    bands.indices.map { band in
      let own = classes.filter { $0.band == band }
      return MagnitudeBins(edges: own.isEmpty ? [0] : own.map(\.brightest) + [own[own.count - 1].faintest])
    }
  }

  /// The class of a magnitude in a band; `none` if it is unknown or beyond all that were counted.
  public func classIndex(band: Int, magnitude: Double) -> Int32 {
    guard let bin = MagnitudeHistogram.bin(of: magnitude) else { return Self.none }
    let table = bands[band]
    let index = bin - table.firstBin
    return index >= 0 && index < table.classOfBin.count ? table.classOfBin[index] : Self.none
  }

  /// The classes of sources in columns.
  /// - Parameters:
  ///   - magnitudes: One column per band; NaN = unknown.
  ///   - bestBand: The catalogue's own choice of a band per source, if it makes one; NaN or a band without a magnitude
  ///     leaves the choice to `bandOrder`.
  ///   - count: The number of sources.
  public func classes(magnitudes: [[Double]], bestBand: [Double]?, count: Int) -> [Int32] {
    (0..<count).map { classIndex(of: $0, magnitudes: magnitudes, bestBand: bestBand) }
  }

  /// The class of one source in such columns.
  /// - Parameter fainterBy: What is added to its magnitudes, mag.
  public func classIndex(
    of row: Int, magnitudes: [[Double]], bestBand: [Double]?, fainterBy: Double = 0
  ) -> Int32 {
    if let bestBand, bestBand[row] >= 0, bestBand[row] < Double(magnitudes.count) {
      let band = Int(bestBand[row])
      let found = classIndex(band: band, magnitude: magnitudes[band][row] + fainterBy)
      if found >= 0 { return found }
    }
    for band in bandOrder {
      let found = classIndex(band: band, magnitude: magnitudes[band][row] + fainterBy)
      if found >= 0 { return found }
    }
    return Self.none
  }
}
