/// Stars of one band on a piece of sky as a file gives them: in place of the built-in model of the Galaxy.
///
/// Stars that carry their own extinctions are kept in layers, by the share of all extinction that lies in front of them. Another
/// extinction then moves each as far as its distance asks for:
///
///     N(m) = Σ_layers ⟨N_layer(m − (A_V − A_V,file) · share · A_λ/A_V)⟩,
///
/// a mean over the distribution of A_V. Counts are divided between the two nearest steps of magnitude, so that their number and mean stay.
public struct GivenStars: Sendable, Hashable {
  /// Stars behind one share of the extinction.
  public struct Layer: Sendable, Hashable {
    /// A_V of the stars over A_V to infinity.
    public let share: Double
    /// Stars mag⁻¹ deg⁻² at the centres of the grid.
    public let density: [Float]
  }

  /// The magnitudes.
  public let grid: MagnitudeGrid
  /// By share, the smallest first.
  public let layers: [Layer]
  /// A_V to infinity that the magnitudes have in them, mag; nil: they do not say, and no other extinction can take its place.
  public let extinctionAV: Double?
  /// The faintest magnitude to which they are counted.
  public let faintEnd: Double

  /// Shares are kept in so many steps.
  static let steps = 16
  /// A list that was simulated with less extinction, mag, does not tell how stars of other extinctions are seen.
  static let leastExtinction = 0.1
  /// Densities that are believed, mag⁻¹ deg⁻².
  public static let densities = 0.0...1e12

  init(grid: MagnitudeGrid, layers: [Layer], extinctionAV: Double?, faintEnd: Double) {
    (self.grid, self.layers, self.extinctionAV, self.faintEnd) = (grid, layers, extinctionAV, faintEnd)
  }

  /// Densities that have their extinction in them.
  ///
  /// - Parameter faintEnd: The faintest magnitude to which they are counted.
  public init(grid: MagnitudeGrid, density: [Float], faintEnd: Double) {
    self.init(
      grid: grid, layers: [Layer(share: 0, density: density)], extinctionAV: nil,
      faintEnd: min(max(faintEnd, grid.first), grid[grid.count - 1]))
  }

  /// The stars of a list in one band.
  ///
  /// They are counted up to where the list is complete (see `CompleteRange`): lists end at a magnitude of one band, and fade out in others.
  ///
  /// - Throws: `CountsError` if the list lacks the band, or has fewer than 30 stars on the grid.
  /// - Complexity: O(stars).
  public init(_ list: StarList, band: String, on grid: MagnitudeGrid) throws {
    guard let place = list.bands.firstIndex(of: band) else {
      throw CountsError("the star list has no band '\(band)'; it has: \(list.bands.joined(separator: ", "))")
    }
    let isLayered = list.extinctionAV >= Self.leastExtinction
    let most = list.starAV.reduce(0) { max($0, $1) }
    let largest = isLayered ? min(Double(most) / list.extinctionAV, Self.largestShare) : 0
    let count = largest > 0 ? Self.steps + 1 : 1
    var numbers = [[Double]](repeating: [Double](repeating: 0, count: grid.count), count: count)
    var observed = [Int64](repeating: 0, count: grid.count)
    for (star, magnitude) in list.magnitudes[place].enumerated() {
      guard let step = grid.index(of: Double(magnitude)) else { continue }
      observed[step] += 1
      let share = largest > 0 ? Double(list.starAV[star]) / list.extinctionAV / largest : 0
      let layer = min(max(share, 0), 1) * Double(count - 1)
      let below = min(Int(layer), max(count - 2, 0))
      let part = layer - Double(below)
      numbers[below][step] += 1 - part
      if part > 0 { numbers[below + 1][step] += part }
    }
    let unit = grid.step * list.areaDeg2
    self.grid = grid
    layers = numbers.enumerated().map { number, counts in
      Layer(
        share: count > 1 ? largest * Double(number) / Double(count - 1) : 0, density: counts.map { Float($0 / unit) })
    }
    extinctionAV = isLayered ? list.extinctionAV : nil
    faintEnd = try CompleteRange(of: ObservedCounts(grid: grid, counts: observed, areaDeg2: list.areaDeg2))
      .completenessMagnitude
  }

  /// No larger share is believed.
  static let largestShare = 10.0

  /// The counts behind an extinction.
  ///
  /// - Parameters:
  ///   - extinction: A_V to infinity across the field; nil: as they are given. Counts that do not say what is in them stay as they are.
  ///   - ratio: A_λ / A_V.
  ///   - model: What goes on where they end, times the factor by which both differ in the magnitude before.
  /// - Complexity: O(layers · values of A_V · steps), below 0.1 ms.
  public func counts(
    extinction: ExtinctionDistribution?, ratio: Double, beyond model: DifferentialCounts
  ) -> DifferentialCounts {
    var sum = [Double](repeating: 0, count: grid.count)
    var end = faintEnd
    if let extinction, let extinctionAV {
      for layer in layers {
        for (value, weight) in zip(extinction.values, extinction.weights) {
          add(layer.density, times: weight, shift: (value - extinctionAV) * layer.share * ratio / grid.step, to: &sum)
        }
      }
      let most = layers.last?.share ?? 0
      end += min(0, ((extinction.values.min() ?? 0) - extinctionAV) * most * ratio)
    } else {
      for layer in layers { add(layer.density, times: 1, shift: 0, to: &sum) }
    }
    return continued(DifferentialCounts(grid: grid, density: sum), from: end, by: model)
  }

  /// - Parameter shift: In steps of the grid.
  private func add(_ density: [Float], times weight: Double, shift: Double, to sum: inout [Double]) {
    guard abs(shift) < Double(grid.count) else { return }
    let whole = Int(shift.rounded(.down))
    let part = shift - Double(whole)
    for (step, value) in density.enumerated() where value > 0 {
      let below = step + whole
      if sum.indices.contains(below) { sum[below] += weight * Double(value) * (1 - part) }
      if sum.indices.contains(below + 1) { sum[below + 1] += weight * Double(value) * part }
    }
  }

  private func continued(
    _ counts: DifferentialCounts, from end: Double, by model: DifferentialCounts
  ) -> DifferentialCounts {
    let own = counts.sourcesPerDeg2(from: end - 1, to: end - grid.step / 2)
    let modelled = (0..<grid.count).map { model.density(at: grid[$0]) }
    let there = (0..<grid.count).reduce(0.0) {
      grid[$1] >= end - 1 && grid[$1] <= end - grid.step / 2 ? $0 + modelled[$1] * grid.step : $0
    }
    let factor = there > 0 ? own / there : 0
    let density = (0..<grid.count).map { step in
      grid[step] + grid.step / 2 > end + 1e-9 ? max(factor * modelled[step], 0) : counts.density[step]
    }
    return DifferentialCounts(grid: grid, density: density)
  }
}
