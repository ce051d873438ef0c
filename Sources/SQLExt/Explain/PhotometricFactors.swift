package import CatalogStore

/// What the magnitudes of a pair say: the classes of both sources and their shares, as measured around the source of a.
package struct PhotometricFactors: Sendable {
  /// Range of magnitudes of a.
  package let classA: RunClass
  /// Range of magnitudes of b.
  package let classB: RunClass
  /// c, the share of counterparts with these classes.
  package let counterparts: Double
  /// f_A, the share of sources of a without counterpart that have this class.
  package let fieldA: Double
  /// f_B, likewise of b.
  package let fieldB: Double

  /// Nil if a source has no class, or nothing was measured there.
  init?(_ pair: CandidatePair, at healpix29: Int64, in measurement: RunMeasurement) {
    guard let (i, j) = pair.classes,
      let region = measurement.regions.first(where: { $0.pixel.range29.contains(healpix29) }),
      let photometry = measurement.photometry.first(where: { $0.sky == region.measuredIn })
    else { return nil }
    let shares = RunShares(photometry, classes: measurement.classes)
    guard shares.classesA.indices.contains(i), shares.classesB.indices.contains(j) else { return nil }
    (classA, classB) = (shares.classesA[i], shares.classesB[j])
    counterparts = shares.counterparts(i, j)
    (fieldA, fieldB) = shares.fields(i, j)
  }

  /// "G 17.2 to 17.3".
  package static func text(_ one: RunClass) -> String {
    "\(one.band) \(NumberText.significant(one.brightest, 4)) to \(NumberText.significant(one.faintest, 4))"
  }
}
