/// The likely counterparts of the sources of one catalogue: pairs that are likelier one object than two, whatever their rivals.
struct LikelyPartners {
  /// The only one; `none` or `several`.
  private var partner: [Int32]

  private static let none: Int32 = -1
  private static let several: Int32 = -2

  /// Nothing is known yet of so many sources.
  init(count: Int) { partner = Array(repeating: Self.none, count: count) }

  /// Takes up a candidate pair; each once.
  /// - Parameter logRatio: ln R.
  mutating func add(_ source: Int, _ other: Int, logRatio: Double) {
    guard logRatio >= 0 else { return }
    partner[source] = partner[source] == Self.none ? Int32(other) : Self.several
  }

  /// Whether a source has a likely counterpart besides one source.
  func has(_ source: Int, besides other: Int) -> Bool {
    partner[source] == Self.several || (partner[source] != Self.none && partner[source] != Int32(other))
  }
}
