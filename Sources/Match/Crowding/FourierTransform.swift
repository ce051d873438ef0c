internal import Glibc

/// The discrete Fourier transform of complex sequences whose length is a power of two, in place.
///
/// X_k = Σ x_j e^(−2πi jk/n); the inverse is divided by n.
struct FourierTransform {
  let count: Int
  private let cosines: [Double]
  private let sines: [Double]

  /// - Parameter count: A power of two; anything else is rounded up to one.
  init(count: Int) {
    var power = 1
    while power < count { power *= 2 }
    self.count = power
    let step = 2 * Double.pi / Double(power)
    cosines = (0..<power / 2).map { cos(step * Double($0)) }
    sines = (0..<power / 2).map { -sin(step * Double($0)) }
  }

  /// x → X. Both arrays hold `count` numbers.
  func forward(_ real: inout [Double], _ imaginary: inout [Double]) {
    reverseBits(&real, &imaginary)
    var half = 1
    while half < count {
      butterflies(&real, &imaginary, half: half)
      half *= 2
    }
  }

  /// X → x: the transform with real and imaginary parts exchanged.
  func inverse(_ real: inout [Double], _ imaginary: inout [Double]) {
    forward(&imaginary, &real)
    let scale = 1 / Double(count)
    for k in 0..<count {
      real[k] *= scale
      imaginary[k] *= scale
    }
  }

  private func butterflies(_ real: inout [Double], _ imaginary: inout [Double], half: Int) {
    let stride = count / (2 * half)
    var block = 0
    while block < count {
      for k in 0..<half {
        let (c, s) = (cosines[k * stride], sines[k * stride])
        let (low, high) = (block + k, block + k + half)
        let re = real[high] * c - imaginary[high] * s
        let im = real[high] * s + imaginary[high] * c
        (real[high], imaginary[high]) = (real[low] - re, imaginary[low] - im)
        real[low] += re
        imaginary[low] += im
      }
      block += 2 * half
    }
  }

  private func reverseBits(_ real: inout [Double], _ imaginary: inout [Double]) {
    var reversed = 0
    for k in 0..<count {
      if k < reversed {
        real.swapAt(k, reversed)
        imaginary.swapAt(k, reversed)
      }
      var bit = count >> 1
      while bit > 0 && reversed & bit != 0 {
        reversed ^= bit
        bit >>= 1
      }
      reversed |= bit
    }
  }
}
