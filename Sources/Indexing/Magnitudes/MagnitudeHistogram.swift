/// How many sources of a catalogue have which magnitude in one band: counts in steps of 0.1 mag.
///
/// Bin n holds the magnitudes m with ⌊10 m⌋ = n. Counts are integers, so histograms of parts add up to that of the whole
/// in any order.
public struct MagnitudeHistogram: Sendable, Equatable {
  /// The bin of `counts[0]`.
  public private(set) var firstBin = 0
  /// Sources per bin; the first and the last are not 0.
  public private(set) var counts: [Int64] = []

  /// Magnitudes beyond ±100 are not believed and count as unknown.
  public static let largestMagnitude = 100.0

  /// The bins that a believed magnitude can be in.
  public static let bins = -Int(largestMagnitude) * 10...Int(largestMagnitude) * 10

  /// No sources.
  public init() {}

  /// The number of sources with a magnitude.
  public var total: Int64 { counts.reduce(0) { $0.saturatingAdd($1) } }

  /// The bin of a magnitude; nil if it is unknown.
  @inlinable
  public static func bin(of magnitude: Double) -> Int? {
    abs(magnitude) <= largestMagnitude ? Int((magnitude * 10).rounded(.down)) : nil
  }

  /// Counts one source; an unknown magnitude is left out.
  public mutating func add(_ magnitude: Double) {
    guard let bin = Self.bin(of: magnitude) else { return }
    add(1, inBin: bin)
  }

  /// Sources brighter than a magnitude: whole bins, and a part of one.
  public func total(brighterThan magnitude: Double) -> Double {
    let place = min(max(10 * magnitude - Double(firstBin), 0), Double(counts.count))
    let bins = Int(place)
    let part = bins < counts.count ? (place - Double(bins)) * Double(counts[bins]) : 0
    return counts.prefix(bins).reduce(0) { $0 + Double($1) } + part
  }

  /// The magnitude than which a share of the sources is brighter; NaN without sources.
  public func quantile(_ share: Double) -> Double {
    var left = min(max(share, 0), 1) * counts.reduce(0) { $0 + Double($1) }
    for (bin, count) in counts.enumerated() where count > 0 {
      if left <= Double(count) { return (Double(firstBin + bin) + left / Double(count)) / 10 }
      left -= Double(count)
    }
    return .nan
  }

  /// Adds the counts of another part.
  public static func += (sum: inout MagnitudeHistogram, part: MagnitudeHistogram) {
    for (index, count) in part.counts.enumerated() where count > 0 { sum.add(count, inBin: part.firstBin + index) }
  }

  /// Adds sources of one bin. A bin that no magnitude has, or a negative number of sources, adds nothing.
  public mutating func add(_ count: Int64, inBin bin: Int) {
    guard Self.bins.contains(bin), count >= 0 else { return }
    if counts.isEmpty { firstBin = bin }
    if bin < firstBin {
      counts.insert(contentsOf: repeatElement(0, count: firstBin - bin), at: 0)
      firstBin = bin
    }
    let index = bin - firstBin
    if index >= counts.count { counts.append(contentsOf: repeatElement(0, count: index + 1 - counts.count)) }
    counts[index] = counts[index].saturatingAdd(count)
  }
}
