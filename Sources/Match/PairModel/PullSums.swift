internal import Indexing

/// The laws of pulled sources, added up by class: integers that add up over the sky, in whatever order.
public struct PullSums: Sendable, Equatable {
  /// Sources by class; empty without any.
  private(set) var counts: [Int64] = []
  /// The weights of their Gaussians, class by class, in units of 2⁻³².
  private(set) var weights: [Int64] = []

  private static let unit = 0x1p32

  /// No source.
  public init() {}

  /// Adds a source.
  /// - Parameter pullClass: Of `PullClasses`.
  public mutating func add(_ law: PerturbationMixture, pullClass: Int) {
    if counts.isEmpty {
      counts = Array(repeating: 0, count: PullClasses.count)
      weights = Array(repeating: 0, count: PullClasses.count * MixtureBasis.count)
    }
    counts[pullClass] = counts[pullClass].saturatingAdd(1)
    for j in Int(law.first)...Int(law.last) {
      let place = pullClass * MixtureBasis.count + j
      weights[place] = weights[place].saturatingAdd(Int64((law.weights[j] * Self.unit).rounded()))
    }
  }

  /// The mean law of a class; that of unpulled sources for a class without sources.
  func meanLaw(_ pullClass: Int) -> PerturbationMixture {
    guard !counts.isEmpty else { return .none }
    var values = MixtureValues()
    for j in 0..<MixtureBasis.count { values[j] = Double(weights[pullClass * MixtureBasis.count + j]) }
    let total = values.sum
    return total > 0 ? PerturbationMixture(weights: (1 / total) * values) : .none
  }

  /// Adds the sums of other sources.
  public static func += (sum: inout PullSums, part: PullSums) {
    if part.counts.isEmpty { return }
    if sum.counts.isEmpty {
      sum = part
      return
    }
    for place in sum.counts.indices { sum.counts[place] = sum.counts[place].saturatingAdd(part.counts[place]) }
    for place in sum.weights.indices { sum.weights[place] = sum.weights[place].saturatingAdd(part.weights[place]) }
  }

  /// Writes them.
  public func write(to writer: inout IntegerWriter) {
    writer.put(counts)
    writer.put(weights)
  }

  /// Reads them.
  public init(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    counts = try reader.array(limit: PullClasses.count * MixtureBasis.count)
    weights = try reader.array(limit: PullClasses.count * MixtureBasis.count)
    let classes = counts.isEmpty ? 0 : PullClasses.count
    guard counts.count == classes, weights.count == classes * MixtureBasis.count,
      (counts + weights).allSatisfy({ $0 >= 0 })
    else { throw IntegerReader.Malformed() }
  }
}
