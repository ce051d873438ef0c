/// How many counterparts a set of pairs holds when the chance pairs are known.
enum ZoneExcess {
  /// The N ≥ 0 that makes the pairs most likely, their means being N p_z + B_z: the root of Σ K p/(N p + B) = Σ p, or 0.
  ///
  /// The left side falls and is convex in N, so Newton's method rises to the root from below.
  /// - Parameters:
  ///   - pairs: K by zone.
  ///   - shares: p by zone.
  ///   - chance: B by zone.
  static func counterparts(_ pairs: [Int64], shares: [Double], chance: [Double]) -> Double {
    let share = shares.reduce(0, +)
    // Not 0, where a zone without chance pairs has no slope; should it lie above the root, the first step leads below it.
    var number = max(1e-9, (Double(pairs.reduce(0, +)) - chance.reduce(0, +)) / share * 1e-3)
    for _ in 0..<200 {
      var (value, slope) = (-share, 0.0)
      for zone in pairs.indices where pairs[zone] > 0 {
        let part = shares[zone] / (number * shares[zone] + chance[zone])
        value += Double(pairs[zone]) * part
        slope -= Double(pairs[zone]) * part * part
      }
      if slope == 0 { return 0 }
      let next = max(0, number - value / slope)
      if abs(next - number) <= 1e-10 * max(1, number) { return next }
      number = next
    }
    return number
  }
}
