internal import Indexing

/// The laws of pulled and drifting sources, added up by class: integers that add up over the sky, in whatever order.
public struct PullSums: Sendable, Equatable {
  /// Sources by class; empty without any.
  private(set) var counts: [Int64] = []
  /// The weights of their Gaussians, class by class, in units of 2⁻³².
  private(set) var weights: [Int64] = []
  /// The same of their drifts on a `DriftGrid`; empty where nothing drifts.
  private(set) var drifts: [Int64] = []
  /// The squares of the years over which they have drifted, class by class, in units of 2⁻¹⁶; empty likewise.
  private(set) var squaredYears: [Int64] = []

  private static let unit = 0x1p32
  private static let yearsUnit = 0x1p16
  /// No epochs are farther apart, years.
  private static let mostYears = 1e4
  private static let drifting = PullClasses.count * DriftGrid.count

  /// No source.
  public init() {}

  /// Adds a source.
  /// - Parameters:
  ///   - drift: How far it has moved; nil where its motion is known, or of no importance.
  ///   - pullClass: Of `PullClasses`.
  public mutating func add(_ law: PerturbationMixture, drift: SourceDrift? = nil, pullClass: Int) {
    if counts.isEmpty {
      counts = Array(repeating: 0, count: PullClasses.count)
      weights = Array(repeating: 0, count: PullClasses.count * MixtureBasis.count)
    }
    counts[pullClass] = counts[pullClass].saturatingAdd(1)
    for j in Int(law.first)...Int(law.last) {
      let place = pullClass * MixtureBasis.count + j
      weights[place] = weights[place].saturatingAdd(Self.units(law.weights[j]))
    }
    if let drift { add(drift, pullClass) }
  }

  /// A source that rests is not in the drifts of its class: what is missing there rests.
  private mutating func add(_ drift: SourceDrift, _ pullClass: Int) {
    if drifts.isEmpty {
      drifts = Array(repeating: 0, count: Self.drifting)
      squaredYears = Array(repeating: 0, count: PullClasses.count)
    }
    let years = min(abs(drift.years), Self.mostYears)
    squaredYears[pullClass] = squaredYears[pullClass].saturatingAdd(Int64((years * years * Self.yearsUnit).rounded()))
    let start = pullClass * DriftGrid.count
    drift.forEach { weight, variance in
      let (lower, upperShare) = DriftGrid.place(variance)
      for (place, share) in [(lower, 1 - upperShare), (lower + 1, upperShare)] {
        drifts[start + place] = drifts[start + place].saturatingAdd(Self.units(weight * share))
      }
    }
  }

  private static func units(_ weight: Double) -> Int64 { Int64((weight * unit).rounded()) }

  /// The mean law of a class; that of unpulled sources for a class without sources.
  func meanLaw(_ pullClass: Int) -> PerturbationMixture {
    guard !counts.isEmpty else { return .none }
    var values = MixtureValues()
    for j in 0..<MixtureBasis.count { values[j] = Double(weights[pullClass * MixtureBasis.count + j]) }
    let total = values.sum
    return total > 0 ? PerturbationMixture(weights: (1 / total) * values) : .none
  }

  /// Whether any source drifts.
  var haveDrifts: Bool { !drifts.isEmpty }

  /// The mean drift of a class on a `DriftGrid`, of total 1; empty where nothing drifts.
  func meanDrift(_ pullClass: Int) -> [Double] {
    let sources = counts.isEmpty ? 0 : Double(counts[pullClass]) * Self.unit
    guard haveDrifts, sources > 0 else { return [] }
    var shares = drifts[pullClass * DriftGrid.count..<(pullClass + 1) * DriftGrid.count].map { Double($0) / sources }
    let moving = shares.dropFirst().reduce(0, +)
    if moving <= 0 { return [] }
    shares[0] = max(0, 1 - moving)
    return shares
  }

  /// The mean of the squares of the years over which the sources of a class have drifted.
  func meanSquaredYears(_ pullClass: Int) -> Double {
    guard haveDrifts, counts[pullClass] > 0 else { return 0 }
    return Double(squaredYears[pullClass]) / Self.yearsUnit / Double(counts[pullClass])
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
    if sum.drifts.isEmpty {
      (sum.drifts, sum.squaredYears) = (part.drifts, part.squaredYears)
      return
    }
    for place in part.drifts.indices { sum.drifts[place] = sum.drifts[place].saturatingAdd(part.drifts[place]) }
    for place in part.squaredYears.indices {
      sum.squaredYears[place] = sum.squaredYears[place].saturatingAdd(part.squaredYears[place])
    }
  }

  /// Writes them.
  public func write(to writer: inout IntegerWriter) {
    writer.put(counts)
    writer.put(weights)
    writer.put(drifts)
    writer.put(squaredYears)
  }

  /// Reads them.
  public init(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    counts = try reader.array(limit: PullClasses.count * MixtureBasis.count)
    weights = try reader.array(limit: PullClasses.count * MixtureBasis.count)
    drifts = try reader.array(limit: Self.drifting)
    squaredYears = try reader.array(limit: PullClasses.count)
    let classes = counts.isEmpty ? 0 : PullClasses.count
    guard counts.count == classes, weights.count == classes * MixtureBasis.count,
      drifts.isEmpty || (drifts.count == Self.drifting && classes > 0),
      squaredYears.count == (drifts.isEmpty ? 0 : classes),
      (counts + weights + drifts + squaredYears).allSatisfy({ $0 >= 0 })
    else { throw IntegerReader.Malformed() }
  }
}
