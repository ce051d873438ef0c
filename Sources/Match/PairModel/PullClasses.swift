internal import Glibc

/// Classes of sources by how far hidden neighbours pull their positions: the bins of the mean square pull along one axis.
///
/// What is fitted to pairs is fitted to counts by class, with the mean law of the sources of a class. Pairs are judged by the laws of
/// their own sources.
public enum PullClasses {
  /// How many there are: the first is that of pulls below a milliarcsecond, in which unpulled sources are.
  public static let count = 16

  private static let leastArcsec2 = 1e-6
  private static let perNeper = 1 / log(3.0)

  /// The class of a mean square, arcsec²; the first for what is not a positive number.
  @inline(__always)
  public static func place(varianceArcsec2: Double) -> Int {
    let place = 1 + log(varianceArcsec2 / leastArcsec2) * perNeper
    return place > 0 ? Int(min(place, Double(count - 1))) : 0
  }
}
