/// What a reader of a result row should know before trusting it.
public struct MatchFlags: OptionSet, Sendable, Hashable {
  /// The bits.
  public let rawValue: Int64
  /// From bits.
  public init(rawValue: Int64) { self.rawValue = rawValue }

  /// A member of the island lies in a border pixel of either catalogue's coverage: a counterpart may be missing.
  public static let nearEdge = MatchFlags(rawValue: 1 << 0)
  /// The other catalogue does not cover this position.
  public static let outsideCommonCoverage = MatchFlags(rawValue: 1 << 1)
  /// The island was too entangled for exact sums; its probabilities are approximate.
  public static let approximate = MatchFlags(rawValue: 1 << 2)
  /// The proper motion of a is unknown and the position was not moved.
  public static let unknownMotionA = MatchFlags(rawValue: 1 << 3)
  /// The proper motion of b is unknown and the position was not moved.
  public static let unknownMotionB = MatchFlags(rawValue: 1 << 4)
  /// The position error is so large that candidates were sought only within the largest separation of the run.
  public static let radiusLimited = MatchFlags(rawValue: 1 << 5)
  /// The epoch of a position is unknown; it was used as given.
  public static let epochUnknown = MatchFlags(rawValue: 1 << 6)

  /// The densities of counterparts and magnitudes are those of a coarser region: the own one has too few sources.
  public static let coarserRegion = MatchFlags(rawValue: 1 << 7)
  /// The density of counterparts could not be measured; half the smaller density was taken.
  public static let countPriors = MatchFlags(rawValue: 1 << 8)
  /// A member has no usable magnitude: its pairs are judged by position alone.
  public static let noMagnitude = MatchFlags(rawValue: 1 << 9)

  /// Candidates were left out: of this source, or of a member of its island, there are more than the match weighs, or they
  /// form an island larger than it pairs.
  public static let crowded = MatchFlags(rawValue: 1 << 10)

  /// The island had more than a thousand candidate pairs: those that magnitudes make negligible were left out of what positions
  /// alone say, too.
  public static let entangled = MatchFlags(rawValue: 1 << 11)

  /// Another source of the first catalogue lies within the errors of a, and may be the same object.
  public static let duplicateA = MatchFlags(rawValue: 1 << 12)
  /// Another source of the second catalogue lies within the errors of b, and may be the same object.
  public static let duplicateB = MatchFlags(rawValue: 1 << 13)

  /// Another source of the second catalogue lies inside the PSF of a, and is no likely counterpart of another source of the first.
  public static let blendedA = MatchFlags(rawValue: 1 << 14)
  /// Another source of the first catalogue lies inside the PSF of b, and is no likely counterpart of another source of the second.
  public static let blendedB = MatchFlags(rawValue: 1 << 15)

  /// Name and meaning of every bit, lowest first.
  public static let meanings: [(flag: MatchFlags, name: String, meaning: String)] = [
    (.nearEdge, "near_edge", "in a border pixel of either catalogue's coverage"),
    (.outsideCommonCoverage, "outside_common_coverage", "the other catalogue does not cover this position"),
    (.approximate, "approximate", "the island was too entangled for exact sums"),
    (.unknownMotionA, "unknown_motion_a", "the motion of a is unknown; its position was not moved"),
    (.unknownMotionB, "unknown_motion_b", "the motion of b is unknown; its position was not moved"),
    (.radiusLimited, "radius_limited", "candidates sought only within the run's largest separation"),
    (.epochUnknown, "epoch_unknown", "the epoch of a position is unknown; it was used as given"),
    (.coarserRegion, "coarser_region", "densities measured in a coarser region, since the own one has too few sources"),
    (.countPriors, "count_priors", "counterpart density not measurable; half the smaller density was taken"),
    (.noMagnitude, "no_magnitude", "a member has no usable magnitude; its pairs are judged by position alone"),
    (.crowded, "crowded", "more candidates, or a larger island, than the match pairs: some or all pairs are left out"),
    (.entangled, "entangled", "a large island: positions alone were asked only of candidates that magnitudes leave"),
    (.duplicateA, "duplicate_a", "another source of the first catalogue may be the same object as a"),
    (.duplicateB, "duplicate_b", "another source of the second catalogue may be the same object as b"),
    (
      .blendedA, "blended_a",
      "another source of the second catalogue lies unresolved inside the PSF of a, see xm_blends"
    ),
    (
      .blendedB, "blended_b", "another source of the first catalogue lies unresolved inside the PSF of b, see xm_blends"
    ),
  ]

  /// From names of bits, separated by commas; `any` stands for all of them.
  /// - Parameter subject: The option, for the message.
  /// - Throws: `StoreError.usage` for a name that is none.
  public init(names: String, subject: String) throws {
    self = []
    for part in names.split(separator: ",", omittingEmptySubsequences: false) {
      let name = part.filter { $0 != " " }
      let found = Self.meanings.filter { $0.name == name || name == "any" }.map(\.flag)
      guard !found.isEmpty else {
        let known = Self.meanings.map(\.name).joined(separator: ", ")
        throw StoreError(.usage, subject, "names '\(name)', which is no flag; allowed: any, \(known)")
      }
      found.forEach { insert($0) }
    }
  }

  /// The names of the bits that are set, separated by blanks.
  public var text: String {
    Self.meanings.filter { contains($0.flag) }.map(\.name).joined(separator: " ")
  }
}
