internal import CatalogStore
internal import Glibc
internal import Match

/// How sources of both catalogues move whose motion is not known, and from when on.
struct UnknownMotions: Sendable {
  let a: CatalogueMotions
  let b: CatalogueMotions
  /// The epoch at which positions are compared; from here on drifts are reckoned, Julian years.
  let restYears: Double
  /// Whether the magnitude of the source of a tells how a pair moves, if both have drifted: that of the catalogue whose band is known. It
  /// follows from what the catalogues hold, not from their names or which is a.
  let takesA: Bool
  /// The longest time that a source of unknown motion of either catalogue has drifted, years.
  private let longest: (a: Double, b: Double)
  /// The 1-σ errors of the best sources of both catalogues, arcsec.
  private let errorsArcsec: (a: Double, b: Double)

  /// Nil where all motions are known, or all sources are seen at the epoch of the match.
  /// - Parameters:
  ///   - longestDrift: Of a catalogue: the longest time from the epoch of a source to that of the match, years.
  ///   - errorsArcsec: The 1-σ errors of the best sources of both, arcsec.
  /// - Throws: `StoreError.damaged` when the bands of surveys cannot be read.
  init?(
    _ a: CatalogueInfo, _ b: CatalogueInfo, restYears: Double?, longestDrift: (CatalogueInfo) -> Double,
    errorsArcsec: (a: Double, b: Double)
  ) throws {
    let error = hypot(errorsArcsec.a, errorsArcsec.b)
    func longest(_ info: CatalogueInfo) -> Double {
      let years = info.knownMotions < info.rows ? longestDrift(info) : 0
      return Self.matters(years: years, errorArcsec: error) ? years : 0
    }
    self.longest = (longest(a), longest(b))
    self.errorsArcsec = errorsArcsec
    guard let restYears, self.longest.a + self.longest.b > 0 else { return nil }
    let bands = try SurveyBands()
    self.a = try CatalogueMotions(of: a, bands)
    self.b = try CatalogueMotions(of: b, bands)
    self.restYears = restYears
    takesA = self.a.isBandKnown == self.b.isBandKnown ? a.inputsFingerprint < b.inputsFingerprint : self.a.isBandKnown
  }

  /// Whether stars usually move far enough in a time to matter beside the error of a pair.
  private static func matters(years: Double, errorArcsec: Double) -> Bool {
    abs(years) * usualArcsecPerYear > leastShare * errorArcsec
  }

  private static let usualArcsecPerYear = 0.01
  private static let leastShare = 0.2

  /// The years over which a source has drifted; 0 where that does not matter beside its error and the best of the other catalogue.
  func years(isA: Bool, _ years: Double, errorArcsec: Double) -> Double {
    let error = hypot(errorArcsec, isA ? errorsArcsec.b : errorsArcsec.a)
    return Self.matters(years: years, errorArcsec: error) ? years : 0
  }

  /// Stars that move faster are few, arcsec a year.
  private static let fastArcsecPerYear = 0.5

  /// How far apart a star is seen in both catalogues at most, nearly always, arcsec.
  var farthestArcsec: Double { (longest.a + longest.b) * Self.fastArcsecPerYear }

  /// What a user is told.
  func notes(_ infoA: CatalogueInfo, _ infoB: CatalogueInfo) -> [String] {
    [(infoA, longest.a), (infoB, longest.b)].filter { $0.1 > 0 }.map { info, years in
      "how \(info.rows - info.knownMotions) of \(info.rows) sources of \(info.name) move is not known; they may have moved as "
        + "stars do for up to \((years * 10).rounded() / 10) years; --no-unknown-motions takes them to be where they were"
    }
  }

  /// What the models follow from.
  var text: String { "\(a.text), \(b.text) since \(restYears) \(takesA)" }
}
