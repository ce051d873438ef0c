internal import Glibc

/// The magnitude that an object of the high-resolution catalogue a has in the band of the low-resolution catalogue b, learnt from
/// confident pairs.
///
/// Pairs are cut into classes of equal number by a colour of a, if it has one, and each class into bins of magnitude. A bin has
/// the median of m_b − m_a and a width, half of the distance of its 16 % and 84 % quantiles less the median measurement error in
/// quadrature: medians, because blends themselves brighten some pairs. Between the centres of bins both are linear in m_a, beyond
/// the last they stay as they are.
///
/// In a crowded field most sources of b are brightened, the faint ones most. Learn a first law from bright pairs (a bright
/// `limitB`), make the blends of all pairs with it, and learn the law again with the foreign shares found.
///
/// Where b ends, only objects that are unusually bright in b have pairs. Bins in which m_b + 2 widths is fainter than b's limit
/// are therefore left out, and the last bin that is left speaks for all fainter objects.
public struct ColourLaw: Sendable, Hashable {
  /// A pair to learn from.
  public struct Pair: Sendable, Hashable {
    /// The magnitude in a.
    public var magnitudeA: Double
    /// A colour in a; NaN where it is not known.
    public var colourA: Double
    /// The magnitude in b.
    public var magnitudeB: Double
    /// Its error, mag.
    public var errorB: Double
    /// The weight, such as the probability of the match.
    public var weight: Double
    /// The expected share of the flux in b that is not of the pair's object, in [0, 1): `Blend.foreignShare`.
    public var foreignShare: Double

    /// A pair.
    public init(
      magnitudeA: Double, colourA: Double = .nan, magnitudeB: Double, errorB: Double, weight: Double = 1,
      foreignShare: Double = 0
    ) {
      self.magnitudeA = magnitudeA
      self.colourA = colourA
      self.magnitudeB = magnitudeB
      self.errorB = errorB
      self.weight = weight
      self.foreignShare = foreignShare
    }

    /// m_b − m_a without the foreign flux.
    var difference: Double { magnitudeB - 2.5 * log10(1 - foreignShare) - magnitudeA }

    var isUsable: Bool {
      magnitudeA.isFinite && magnitudeB.isFinite && errorB.isFinite && errorB >= 0 && weight > 0 && weight.isFinite
        && (0...0.99).contains(foreignShare)
    }
  }

  /// The law of the pairs of one class of colour.
  private let classes: [ColourClass]
  /// That of all pairs, for objects without a colour.
  private let all: ColourClass

  /// Fewer pairs make no law.
  public static let leastPairs = 20
  private static let mostClasses = 8
  private static let pairsPerClass = 200

  /// Learns a law.
  /// - Parameters:
  ///   - pairs: In any order; those with magnitudes that are not finite or without weight are passed over.
  ///   - limitB: The magnitude in b beyond which it is incomplete; nil: complete.
  /// - Throws: `BlendError` if fewer than 20 pairs are left.
  /// - Complexity: O(n log n).
  public init(_ pairs: [Pair], limitB: Double? = nil) throws(BlendError) {
    let usable = pairs.filter(\.isUsable)
    guard usable.count >= Self.leastPairs else {
      throw BlendError(
        "the number of pairs of a colour law", given: "\(usable.count)", allowed: "\(Self.leastPairs) or more")
    }
    let limit = limitB.flatMap { $0.isNaN ? nil : $0 } ?? .infinity
    all = ColourClass(usable, from: -.infinity, limit: limit)
    let coloured = usable.filter { $0.colourA.isFinite }.sorted { $0.colourA < $1.colourA }
    let count = min(Self.mostClasses, coloured.count / Self.pairsPerClass)
    classes = (0..<count).map { index in
      let part = coloured[(index * coloured.count / count)..<((index + 1) * coloured.count / count)]
      return ColourClass(Array(part), from: index == 0 ? -.infinity : part.first?.colourA ?? 0, limit: limit)
    }
  }

  /// The expected magnitude in b; nil if that in a is not finite.
  /// - Complexity: O(bins).
  public func magnitudeB(magnitudeA: Double, colourA: Double = .nan) -> BlendMagnitude? {
    guard magnitudeA.isFinite else { return nil }
    let own = colourA.isFinite ? classes.last { $0.firstColour <= colourA } ?? classes.first : nil
    return (own ?? all).magnitudeB(magnitudeA)
  }
}
