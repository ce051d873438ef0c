internal import Glibc

/// By how much weights of fixed widths miss the circular average of a distribution of motion. They cannot be a ring: where all stars drift alike, as
/// faint ones in the plane of the Galaxy, the errors are large.
public struct MotionErrors: Sendable, Hashable {
  /// The largest error of the mass per e-fold of |μ|, relative to it and 0.01.
  public var density = 0.0
  /// The largest error of the mass within any |μ|.
  public var cumulative = 0.0
}

/// Turns a distribution of motion into weights of fixed widths: those that come nearest to its circular average, none of them negative.
///
/// Compared are the mass per e-fold of |μ|, relative to itself and 10⁻⁵, and the mass within |μ|, absolutely, at 49 motions.
struct MotionWidthFit {
  private let masses: [Double]
  private let inside: [Double]
  private static let widths = MotionWidths.count - 1
  private static let floor = 1e-5
  private static let cumulativeWeight = 20.0

  static let shared = MotionWidthFit()

  private init() {
    var (masses, inside) = ([Double](), [Double]())
    for motion in CircularAverage.motions {
      for k in 1...Self.widths {
        let sigma = MotionWidths.sigma(of: k)
        let half = motion * motion / (2 * sigma * sigma)
        masses.append(2 * half * exp(-half))
        inside.append(-expm1(-half))
      }
    }
    (self.masses, self.inside) = (masses, inside)
  }

  /// The weights of a mixture, the share at rest on the first width.
  func fit(_ mixture: MotionMixture) -> (widths: MotionWidths, errors: MotionErrors) {
    let moving = mixture.gaussians.reduce(0) { $0 + $1.weight }
    guard moving > 0 else { return (.still, MotionErrors()) }
    let exact = CircularAverage(mixture.gaussians).masses.map { $0 / moving }
    let within = Self.cumulative(exact)
    let weights = solve(exact, within)
    let total = weights.reduce(0, +)
    guard total > 0 else { return (.still, MotionErrors(density: 1, cumulative: 1)) }
    let scaled = weights.map { $0 / total }
    return (
      MotionWidths(weights: [mixture.stillShare] + scaled.map { $0 * moving }), errors(scaled, exact, within)
    )
  }

  /// The mass within each motion: the trapezoidal sum in ln |μ|, which for a function that vanishes smoothly at both ends is as good as exact; below the
  /// first motion the mass grows as μ².
  private static func cumulative(_ masses: [Double]) -> [Double] {
    var sum = (masses.first ?? 0) / 2
    var before = masses.first ?? 0
    return masses.enumerated().map { place, mass in
      if place > 0 { sum += CircularAverage.step * (before + mass) / 2 }
      before = mass
      return sum
    }
  }

  private func solve(_ exact: [Double], _ within: [Double]) -> [Double] {
    let n = Self.widths
    var (gram, moments) = ([Double](repeating: 0, count: n * n), [Double](repeating: 0, count: n))
    func add(_ row: ArraySlice<Double>, _ target: Double, _ weight: Double) {
      let start = row.startIndex
      for i in 0..<n {
        let scaled = row[start + i] * weight * weight
        if scaled == 0 { continue }
        moments[i] += scaled * target
        for j in 0...i { gram[i * n + j] += scaled * row[start + j] }
      }
    }
    for r in exact.indices {
      let range = r * n..<(r + 1) * n
      add(masses[range], exact[r], 1 / (exact[r] + Self.floor))
      add(inside[range], within[r], Self.cumulativeWeight)
    }
    for i in 0..<n { for j in 0..<i { gram[j * n + i] = gram[i * n + j] } }
    return NonNegativeLeastSquares(gram: gram, moments: moments).coefficients
  }

  private func errors(_ weights: [Double], _ exact: [Double], _ within: [Double]) -> MotionErrors {
    var errors = MotionErrors()
    for r in exact.indices {
      var (mass, sum) = (0.0, 0.0)
      for k in weights.indices {
        mass += weights[k] * masses[r * weights.count + k]
        sum += weights[k] * inside[r * weights.count + k]
      }
      errors.density = max(errors.density, abs(mass - exact[r]) / (exact[r] + 0.01))
      errors.cumulative = max(errors.cumulative, abs(sum - within[r]))
    }
    return errors
  }
}
