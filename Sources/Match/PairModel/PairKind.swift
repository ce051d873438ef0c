/// The kind of a candidate pair, in bins: all that a `PairModel` is fitted to.
public struct PairKind: Sendable, Hashable {
  /// The part of the region in which it lies, for estimates that a pair must not see itself in.
  public var fold: Int
  /// The class of the source of a, or `unknownClass`.
  public var classA: Int
  /// That of b.
  public var classB: Int
  /// The bin of the quoted error of the source of a, of `LogBins.errors`.
  public var errorA: Int
  /// That of b.
  public var errorB: Int
  /// The bin of √det of the covariance, of `LogBins.spreads`.
  public var spread: Int
  /// The bin of the sum of the densities of both catalogues there, of `LogBins.densities`.
  public var density: Int
  /// The bin of t, of `LevelBins`.
  public var level: Int
  /// How far hidden neighbours pull the source of a, of `PullClasses`.
  public var pullA = 0
  /// Likewise that of b.
  public var pullB = 0

  /// Parts of a region.
  public static let folds = 5
  /// Classes of magnitude on each side at most.
  public static let mostClasses = 64
  /// The class of a source without magnitude.
  public static let unknownClass = 127

  /// Makes a kind.
  public init(
    fold: Int, classA: Int, classB: Int, errorA: Int, errorB: Int, spread: Int, density: Int, level: Int
  ) {
    self.fold = fold
    (self.classA, self.classB) = (classA, classB)
    (self.errorA, self.errorB) = (errorA, errorB)
    (self.spread, self.density, self.level) = (spread, density, level)
  }

  /// All of it as one number.
  @inline(__always)
  public var code: UInt64 {
    var code = UInt64(truncatingIfNeeded: pullA)
    code = code << 4 | UInt64(truncatingIfNeeded: pullB)
    code = code << 3 | UInt64(truncatingIfNeeded: fold)
    code = code << 7 | UInt64(truncatingIfNeeded: classA)
    code = code << 7 | UInt64(truncatingIfNeeded: classB)
    code = code << 8 | UInt64(truncatingIfNeeded: errorA)
    code = code << 8 | UInt64(truncatingIfNeeded: errorB)
    code = code << 8 | UInt64(truncatingIfNeeded: spread)
    code = code << 7 | UInt64(truncatingIfNeeded: density)
    return code << 7 | UInt64(truncatingIfNeeded: level)
  }

  /// Numbers are below 2 to this power.
  static let codeBits = 63

  /// The kind of a number.
  @inline(__always)
  public init(code: UInt64) {
    level = Int(code & 127)
    density = Int(code >> 7 & 127)
    spread = Int(code >> 14 & 255)
    errorB = Int(code >> 22 & 255)
    errorA = Int(code >> 30 & 255)
    classB = Int(code >> 38 & 127)
    classA = Int(code >> 45 & 127)
    fold = Int(code >> 52 & 7)
    pullB = Int(code >> 55 & 15)
    pullA = Int(code >> 59 & 15)
  }

  /// The number of a source of one side: its class and the bin of its error.
  @inline(__always)
  public static func sourceCode(class photometricClass: Int, error: Int) -> UInt64 {
    UInt64(truncatingIfNeeded: photometricClass << 8 | error)
  }

  /// One of so many classes as a class of a kind: neighbours share one where there are more than `mostClasses`.
  @inline(__always)
  public static func kindClass(_ photometricClass: Int, of count: Int) -> Int {
    if photometricClass < 0 { return unknownClass }
    return count <= mostClasses ? photometricClass : photometricClass * mostClasses / count
  }
}
