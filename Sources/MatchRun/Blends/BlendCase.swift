/// A matched source of a blurred catalogue with the sources of the sharp one inside its PSF, by their places in a piece of sky.
struct BlendCase {
  /// One of the others.
  struct Neighbour {
    /// Its place.
    let source: Int
    /// From the counterpart, arcsec.
    let separationArcsec: Double
    /// The error of that along one axis, arcsec.
    let errorArcsec: Double
    /// The probability that it is the counterpart of another source of the blurred catalogue.
    let matchedElsewhere: Double
  }

  /// Which row of the matches it is.
  let match: Int
  /// The places of the blurred source and of its counterpart.
  let blurred: Int
  let counterpart: Int
  /// The nearest first.
  var neighbours: [Neighbour]
}
