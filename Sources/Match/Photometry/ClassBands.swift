/// The band of every photometric class of both catalogues: how densities are laid out that depend on pairs of bands.
///
/// Only bands with a class take part. They are numbered in the catalogue's order.
public struct ClassBands: Sendable, Equatable {
  /// By class of a: the number of its band.
  public let ofA: [Int]
  /// By class of b.
  public let ofB: [Int]
  /// The bands of a, as the catalogue counts them.
  public let bandsA: [Int]
  /// The bands of b, likewise.
  public let bandsB: [Int]

  /// The bands of two catalogues' classes.
  public init(_ a: MagnitudeClasses, _ b: MagnitudeClasses) {
    (ofA, bandsA) = Self.numbered(a.classes.map(\.band))
    (ofB, bandsB) = Self.numbered(b.classes.map(\.band))
  }

  /// All classes in one band: bands make no difference.
  public static func undivided(classesA: Int, classesB: Int) -> ClassBands {
    ClassBands(ofA: [Int](repeating: 0, count: classesA), ofB: [Int](repeating: 0, count: classesB))
  }

  private init(ofA: [Int], ofB: [Int]) {
    (self.ofA, self.ofB) = (ofA, ofB)
    (bandsA, bandsB) = ([0], [0])
  }

  /// Classes lie band by band.
  private static func numbered(_ bands: [Int]) -> (ofClass: [Int], bands: [Int]) {
    var distinct: [Int] = []
    let numbers = bands.map { band in
      if distinct.last != band { distinct.append(band) }
      return distinct.count - 1
    }
    return (numbers, distinct)
  }

  /// The number of band pairs; a pair has the number of the band of a · bands of b + that of b.
  public var pairs: Int { bandsA.count * bandsB.count }

  /// The number of values of c, f_A and f_B.
  public var sizes: [Int] { [ofA.count * ofB.count, ofA.count * bandsB.count, ofB.count * bandsA.count] }
}
