import Indexing

/// An object of the sky, as it is.
struct SkyObject {
  /// From 1, in the order in which objects are made; the same in both catalogues.
  let number: Int64
  /// The key of its random numbers.
  let key: RandomKey
  /// Position at the epoch of a.
  let raDegrees: Double
  let decDegrees: Double
  /// Magnitudes in the first bands; nil in the catalogue that cannot see it.
  let magnitudeA: Double?
  let magnitudeB: Double?
  let motion: ProperMotion
}

/// Which catalogues can see an object.
enum ObjectKind: UInt64, CaseIterable {
  case both, onlyA, onlyB
}
