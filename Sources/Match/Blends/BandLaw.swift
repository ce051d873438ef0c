internal import Glibc

/// The magnitude that an object of a sharp catalogue has in the band of a blurred one, by its own magnitude: median and width of the difference.
///
/// The bins begin at whole steps of 0.5 mag and are as many steps wide as it takes for enough objects. What is learnt is rounded to a fraction of its error, so that an object
/// more or less rarely changes it. Where the blurred catalogue ends, only objects that are unusually bright there have counterparts:
/// bins of which more than a few per cent lie beyond its limit are left out, and the last bin that is left speaks for all fainter objects.
public struct BandLaw: Sendable, Hashable {
  /// An object to learn from.
  public struct Example: Sendable, Hashable {
    /// Its magnitude in the sharp catalogue.
    public var magnitude: Double
    /// Its magnitude in the band of the blurred one, without the light of others.
    public var blurred: Double

    /// An example.
    public init(magnitude: Double, blurred: Double) { (self.magnitude, self.blurred) = (magnitude, blurred) }

    var difference: Double { blurred - magnitude }
  }

  private struct Bin: Hashable {
    let centre: Double
    let difference: Double
    let width: Double
  }

  private let bins: [Bin]

  /// Bins have so many examples, or there is no law.
  public static let leastExamples = 30
  private static let step = 0.5
  private static let leastWidth = 1.0 / 16
  private static let ofOneSigma = (0.15866, 0.84134)

  /// Learns a law; nil from fewer than 30 examples.
  /// - Parameters:
  ///   - examples: In any order; those with magnitudes that are not finite are passed over.
  ///   - limit: Up to where the blurred catalogue is complete, mag.
  /// - Complexity: O(n log n).
  public init?(_ examples: [Example], limit: Double) {
    let usable = examples.filter { abs($0.magnitude) < 100 && abs($0.blurred) < 100 }
    guard usable.count >= Self.leastExamples else { return nil }
    let bins = Self.binned(usable).map { Self.bin($0) }
    let complete = bins.prefix { $0.centre + $0.difference + 2 * $0.width <= limit }
    self.bins = complete.isEmpty ? Array(bins.prefix(1)) : Array(complete)
  }

  /// Examples by bin, from bright to faint; what is left over goes into the last.
  private static func binned(_ examples: [Example]) -> [[Example]] {
    var bins: [[Example]] = []
    var (open, end) = ([Example](), -Double.infinity)
    for example in examples.sorted(by: { ($0.magnitude, $0.blurred) < ($1.magnitude, $1.blurred) }) {
      if example.magnitude >= end && open.count >= leastExamples {
        bins.append(open)
        open = []
      }
      if example.magnitude >= end { end = ((example.magnitude / step).rounded(.down) + 1) * step }
      open.append(example)
    }
    if open.count >= leastExamples || bins.isEmpty {
      bins.append(open)
    } else {
      bins[bins.count - 1] += open
    }
    return bins
  }

  private static func bin(_ examples: [Example]) -> Bin {
    let differences = examples.map(\.difference).sorted()
    let spread = (quantile(differences, ofOneSigma.1) - quantile(differences, ofOneSigma.0)) / 2
    let width = max(rounded(spread, error: spread / Double(2 * examples.count).squareRoot()), leastWidth)
    return Bin(
      centre: rounded(quantile(examples.map(\.magnitude), 0.5), error: step / 2),
      difference: rounded(quantile(differences, 0.5), error: 1.25 * width / Double(examples.count).squareRoot()),
      width: width)
  }

  /// - Parameter sorted: At least one value.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = min(Int(place), sorted.count - 1)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }

  /// To a power of two at or below an error, but no finer than a sixteenth of a magnitude.
  private static func rounded(_ value: Double, error: Double) -> Double {
    let step = error > finest ? exp2(log2(error).rounded(.down)) : finest
    return (value / step).rounded() * step
  }
  private static let finest = 1.0 / 16

  /// The magnitude of an object in the blurred band: linear in its own between the centres of bins, at a constant difference beyond; nil if its own is not finite.
  /// - Complexity: O(bins).
  public func magnitude(of own: Double) -> BlendMagnitude? {
    guard own.isFinite else { return nil }
    let far = bins.firstIndex { $0.centre >= own } ?? bins.count
    guard far > 0, far < bins.count else {
      let end = bins[far == 0 ? 0 : bins.count - 1]
      return BlendMagnitude(mean: own + end.difference, sigma: end.width)
    }
    let (low, high) = (bins[far - 1], bins[far])
    let distance = high.centre - low.centre
    let share = distance > 0 ? (own - low.centre) / distance : 1
    return BlendMagnitude(
      mean: own + low.difference * (1 - share) + high.difference * share,
      sigma: low.width * (1 - share) + high.width * share)
  }

  /// What it says, in words that differ where laws do.
  public var text: String { bins.map { "\($0.centre) \($0.difference) \($0.width)" }.joined(separator: ", ") }
}
