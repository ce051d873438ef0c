/// Seeds for property tests: fixed, so that a failure in one run is a failure in every run.
public enum Seeds {
  /// The seeds of the quick tier.
  public static let quick: [UInt64] = [1, 20_260_101, 0xDEAD_BEEF]
}

/// Runs `body` with a generator of each seed. Expectations inside should name `rng.seed`.
public func forEverySeed(_ seeds: [UInt64] = Seeds.quick, _ body: (inout SplitMix64) throws -> Void) rethrows {
  for seed in seeds {
    var rng = SplitMix64(seed: seed)
    try body(&rng)
  }
}
