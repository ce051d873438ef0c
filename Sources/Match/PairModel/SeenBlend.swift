/// What a pair looks like if its blurred source holds other sources that the sharp catalogue lists beside its own.
///
/// - Source: docs/method.md §2, equation (4c); `BlendHypotheses`.
public struct SeenBlend: Sendable {
  /// Whether the source of a is the blurred one.
  public var blurredIsA: Bool
  /// By hypothesis: t of what is left of the offset when the pull of the others is taken off.
  public var levels: [Double]
  /// By hypothesis: ln of its weight, mag⁻¹.
  public var logWeights: [Double]
  /// ln of the share of the blurred catalogue's sources that have this magnitude, mag⁻¹.
  public var logFrequency: Double
  /// The law by which those pull the blurred source that the sharp catalogue does not list.
  public var law: PerturbationMixture

  /// Makes it.
  public init(
    blurredIsA: Bool, levels: [Double], logWeights: [Double], logFrequency: Double, law: PerturbationMixture
  ) {
    (self.blurredIsA, self.levels, self.logWeights) = (blurredIsA, levels, logWeights)
    (self.logFrequency, self.law) = (logFrequency, law)
  }
}
