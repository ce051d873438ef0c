/// The volume of a sightline by the sum of distance modulus and extinction, in the steps of the luminosity function.
///
/// Counts are then one convolution, whatever the number of extinctions. Volumes are divided between the two nearest
/// steps so that the mean stays; that spreads magnitudes by at most half a step, 0.025 mag.
struct ApparentModuli {
  private var volumes: [Double]

  /// Fainter than this by distance and dust together, nothing is counted, mag: M = −14 would be seen at 76 mag.
  private static let faintest = 90.0

  /// - Parameters:
  ///   - volumes: of each step of distance, pc³ deg⁻².
  ///   - shares: of the extinction to infinity, up to each distance.
  ///   - ratio: A_λ / A_V.
  init(volumes: [Double], shares: [Double], dust: ExtinctionDistribution, ratio: Double) {
    let step = LuminosityFunction.step
    let count = Int((Self.faintest - Sightline.firstModulus) / step)
    self.volumes = [Double](repeating: 0, count: count)
    for (value, weight) in zip(dust.values, dust.weights) {
      let faded = value * ratio / step
      for i in volumes.indices where volumes[i] > 0 {
        let place = Double(i) + faded * shares[i]
        guard place < Double(count - 1) else { break }
        let below = Int(place)
        let share = place - Double(below)
        self.volumes[below] += weight * volumes[i] * (1 - share)
        self.volumes[below + 1] += weight * volumes[i] * share
      }
    }
  }

  /// N(m) at fine magnitudes, mag⁻¹ deg⁻²: Σ_k V_k Φ(m − μ_k).
  func counts(of function: LuminosityFunction, on fine: FineMagnitudes) -> [Double] {
    // Steps from the first absolute magnitude at the first modulus to the first fine magnitude.
    let offset = fine.firstIndex
    var density = [Double](repeating: 0, count: fine.count)
    density.withUnsafeMutableBufferPointer { density in
      function.values.withUnsafeBufferPointer { values in
        for (k, volume) in volumes.enumerated() where volume > 0 {
          let low = max(0, k - offset)
          let high = min(density.count, k - offset + values.count)
          guard low < high else { continue }
          let shift = offset - k
          for i in low..<high { density[i] += volume * values[i + shift] }
        }
      }
    }
    return density
  }
}

/// Magnitudes in the steps of the luminosity function that cover a grid.
struct FineMagnitudes {
  /// The place of the first, in steps from the first absolute magnitude at the first distance modulus; may be negative.
  let firstIndex: Int
  /// How many.
  let count: Int

  private static let origin = LuminosityFunction.first + Sightline.firstModulus

  init(covering grid: MagnitudeGrid) {
    let step = LuminosityFunction.step
    // Grids reach from −30 to 60 mag: these are small integers.
    let first = Int(((grid.first - Self.origin) / step).rounded(.down)) - 1
    let last = Int(((grid[grid.count - 1] - Self.origin) / step).rounded(.up)) + 1
    firstIndex = first
    count = last - first + 1
  }

  /// Values between fine magnitudes, on a grid.
  func resampled(_ density: [Double], on grid: MagnitudeGrid) -> DifferentialCounts {
    let step = LuminosityFunction.step
    let values = (0..<grid.count).map { i in
      let place = (grid[i] - Self.origin) / step - Double(firstIndex)
      let below = min(max(0, Int(place)), count - 2)
      let share = place - Double(below)
      return density[below] * (1 - share) + density[below + 1] * share
    }
    return DifferentialCounts(grid: grid, density: values)
  }
}
