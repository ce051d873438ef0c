internal import Glibc

/// The radius of a circular distribution that holds a given probability.
enum RadiusSearch {
  private static let mostSteps = 200

  /// Solves C(s) = q by Newton's method, C′ = 2πs p(s), within a bracket that every step narrows.
  /// - Parameters:
  ///   - fraction: q; 0 and less gives 0, 1 and more gives `most`, NaN gives 0.
  ///   - start: A first guess.
  ///   - most: A radius that holds more than q, or beyond which nothing is looked for.
  ///   - value: C and p at a radius.
  static func radius(
    fraction: Double, start: Double, most: Double, value: (Double) -> (cumulative: Double, density: Double)
  ) -> Double {
    guard fraction > 0 else { return 0 }
    guard fraction < 1 else { return most }
    var (low, high) = (0.0, most)
    var radius = start > 0 && start < most ? start : most / 2
    for _ in 0..<mostSteps {
      let here = value(radius)
      if here.cumulative < fraction { low = radius } else { high = radius }
      let slope = 2 * .pi * radius * here.density
      var next = radius - (here.cumulative - fraction) / slope
      if !(next > low && next < high) { next = (low + high) / 2 }
      if abs(next - radius) <= 1e-15 * radius { return next }
      radius = next
    }
    return radius
  }
}
