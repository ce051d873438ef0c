internal import Glibc

/// Distributions of flux on equal steps from 0, as transforms, so that sums of fluxes are products.
///
/// Sequences are damped by e^(−αk) before they are transformed and undamped in what is integrated against them: sums that
/// run over the end of the grid come back weaker by e^(−23).
struct FluxGrid: Sendable {
  /// Steps.
  static let count = 256
  private static let length = 2 * count
  private static let damping = 23.0 / Double(length)
  /// Transforms hold the frequencies from 0 to half of the length.
  static let frequencies = count + 1

  private let transform = FourierTransform(count: FluxGrid.length)
  private let damped = (0..<FluxGrid.count).map { exp(-FluxGrid.damping * Double($0)) }

  /// The transform of a real sequence.
  struct Spectrum {
    var real: [Double]
    var imaginary: [Double]

    /// 1 at every frequency: nothing is added.
    static var one: Spectrum {
      Spectrum(
        real: Array(repeating: 1, count: FluxGrid.frequencies),
        imaginary: Array(repeating: 0, count: FluxGrid.frequencies))
    }

    /// That of the sum of two independent fluxes.
    static func * (left: Spectrum, right: Spectrum) -> Spectrum {
      var product = left
      for k in product.real.indices {
        product.real[k] = left.real[k] * right.real[k] - left.imaginary[k] * right.imaginary[k]
        product.imaginary[k] = left.real[k] * right.imaginary[k] + left.imaginary[k] * right.real[k]
      }
      return product
    }
  }

  /// The transforms of two sequences of up to `count` values, at the price of one.
  func spectra(_ first: [Double], _ second: [Double]) -> (Spectrum, Spectrum) {
    var real = [Double](repeating: 0, count: Self.length)
    var imaginary = real
    for k in 0..<min(Self.count, first.count) { real[k] = first[k] * damped[k] }
    for k in 0..<min(Self.count, second.count) { imaginary[k] = second[k] * damped[k] }
    transform.forward(&real, &imaginary)
    var (x, y) = (Spectrum.one, Spectrum.one)
    for k in 0..<Self.frequencies {
      let mirror = (Self.length - k) % Self.length
      x.real[k] = (real[k] + real[mirror]) / 2
      x.imaginary[k] = (imaginary[k] - imaginary[mirror]) / 2
      y.real[k] = (imaginary[k] + imaginary[mirror]) / 2
      y.imaginary[k] = (real[mirror] - real[k]) / 2
    }
    return (x, y)
  }

  /// The transform of what distributions are integrated against.
  func weight(_ values: [Double]) -> Spectrum {
    var undamped = values
    for k in undamped.indices where k < Self.count { undamped[k] /= damped[k] * damped[k] }
    return spectra(undamped, []).0
  }

  /// Σ over the steps of the weight times the sum of the fluxes of two distributions.
  func integral(_ weight: Spectrum, _ first: Spectrum, _ second: Spectrum) -> Double {
    var sum = 0.0
    for k in 0..<Self.frequencies {
      let real = first.real[k] * second.real[k] - first.imaginary[k] * second.imaginary[k]
      let imaginary = first.real[k] * second.imaginary[k] + first.imaginary[k] * second.real[k]
      let term = weight.real[k] * real + weight.imaginary[k] * imaginary
      sum += k == 0 || k == Self.count ? term : 2 * term
    }
    return sum / Double(Self.length)
  }
}
