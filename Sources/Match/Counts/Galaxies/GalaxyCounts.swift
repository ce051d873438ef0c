import Glibc

/// Galaxies per magnitude and square degree in a band: blue and red Schechter functions integrated over redshift
/// (Wilson 2022, RNAAS 6, 60).
///
///     N(m) = Σ_populations ∫ dz V′(z) φ(m − DM(z) − K(z) + o − A)          mag⁻¹ deg⁻²
///
/// o is the AB offset, A the extinction in the band. K is the median over the population's spectra, K = −2.5 log₁₀[(1 +
/// z) b_z / b₀] (Hogg et al. 2002). The evolution of M* and φ* was measured at low redshift; it is frozen beyond z_c,
/// since continued without limit it gives counts far above those observed.
public struct GalaxyCounts: Sendable {
  /// What the counts follow from.
  public struct Options: Sendable, Hashable {
    /// The universe.
    public var cosmology = Cosmology.planck2018
    /// Where the integral is taken.
    public var redshifts = RedshiftRule.quadrature(upTo: 4)
    /// z_c, beyond which nothing evolves; infinity: never.
    public var evolutionEndsAtRedshift = 1.0
    /// M* beyond Ks by the law of the meta-model, which is far too bright there, and not by the spectra of galaxies:
    /// for comparison.
    public var extrapolatedInfrared = false
    /// The sign of log(1 + z) in K as in macauff, which makes distant galaxies 5 log₁₀(1 + z) too faint: for
    /// comparison.
    public var reversedKCorrection = false

    /// The defaults.
    public init() {}
  }

  /// The band.
  public let band: CountBand
  private let shells: [Shell]

  /// One population at one redshift.
  private struct Shell: Sendable {
    /// The magnitude at which L = 1, in the survey's system, without extinction.
    let magnitude: Double
    /// 0.4 ln 10 φ* V, mag⁻¹ deg⁻².
    let amplitude: Double
    /// α + 1.
    let power: Double
  }

  /// The galaxies of a band.
  ///
  /// - Throws: `CountsError` if the band names an unknown filter, or the redshifts are none.
  /// - Complexity: O(nodes), some 20 µs per node.
  public init(band: CountBand, options: Options = Options()) throws {
    self.band = band
    let corrections = try KCorrectionTable(band: band)
    let nodes = try options.redshifts.nodes(in: options.cosmology)
    guard options.evolutionEndsAtRedshift >= 0 else {
      throw CountsError(
        "the evolution of galaxies ends at redshift \(options.evolutionEndsAtRedshift); allowed: 0 or more")
    }
    let wavelength = band.wavelengthMicron
    let blue =
      options.extrapolatedInfrared
      ? SchechterEvolution.blue(wavelengthMicron: wavelength)
      : SchechterEvolution.infrared(false, wavelengthMicron: wavelength)
    let red =
      options.extrapolatedInfrared
      ? SchechterEvolution.red(wavelengthMicron: wavelength)
      : SchechterEvolution.infrared(true, wavelengthMicron: wavelength)
    let populations = [(blue, corrections.blue), (red, corrections.red)]
    shells = nodes.flatMap { node in
      populations.map { Self.shell($0, $1, at: node, options, abOffset: band.abOffset) }
    }
  }

  private static func shell(
    _ population: SchechterEvolution, _ corrections: [Double], at node: RedshiftNode, _ options: Options,
    abOffset: Double
  ) -> Shell {
    let z = node.redshift
    let evolved = min(z, options.evolutionEndsAtRedshift)
    let reversal = options.reversedKCorrection ? 5 * log10(1 + z) : 0
    let correction = KCorrectionTable.value(corrections, redshift: z) + reversal
    return Shell(
      magnitude: population.characteristicMagnitude(redshift: evolved) + node.distanceModulus + correction - abOffset,
      amplitude: 0.4 * log(10) * population.normalisation(redshift: evolved) * node.volume, power: population.slope + 1)
  }

  /// N(m) without extinction, mag⁻¹ deg⁻²; 0 for NaN.
  public func density(at magnitude: Double) -> Double {
    let scale = 0.4 * log(10)
    var sum = 0.0
    for shell in shells {
      let logarithm = scale * (shell.magnitude - magnitude)
      // Brighter than M* by 8 mag: e^(−1585) is 0.
      if logarithm > 7.4 { continue }
      sum += shell.amplitude * exp(shell.power * logarithm - exp(logarithm))
    }
    return sum.isFinite ? sum : 0
  }

  /// The mean of N(m − A) over a distribution of extinctions.
  ///
  /// With more than two extinctions N is evaluated once, every 0.05 mag, and interpolated linearly in log N: to 2 · 10⁻⁵
  /// where counts are not cut off exponentially.
  ///
  /// - Complexity: O(steps · nodes) exponentials: some 4 ms for 250 steps of 0.1 mag and a lognormal distribution.
  public func counts(
    on grid: MagnitudeGrid, extinction: ExtinctionDistribution = .none
  ) -> DifferentialCounts {
    let faded = extinction.values.map { $0 * band.extinctionRatio }
    let source = faded.count > 2 ? table(for: grid, extinctions: faded) : nil
    var density = [Double](repeating: 0, count: grid.count)
    for (value, weight) in zip(faded, extinction.weights) {
      for i in density.indices {
        let magnitude = grid[i] - value
        density[i] += weight * (source?.density(at: magnitude) ?? self.density(at: magnitude))
      }
    }
    return DifferentialCounts(grid: grid, density: density)
  }

  /// N without extinction wherever the grid needs it; nil if that is too far.
  private func table(for grid: MagnitudeGrid, extinctions: [Double]) -> DifferentialCounts? {
    let step = 0.05
    let first = max(MagnitudeGrid.magnitudes.lowerBound, grid.first - (extinctions.max() ?? 0) - step)
    let last = min(MagnitudeGrid.magnitudes.upperBound, grid[grid.count - 1] - (extinctions.min() ?? 0) + step)
    // At most 90 mag.
    let count = Int(((last - first) / step).rounded(.down)) + 1
    guard count > 1, count <= 2 * extinctions.count * grid.count,
      let fine = try? MagnitudeGrid(first: first, step: step, count: count)
    else { return nil }
    return DifferentialCounts(grid: fine, density: (0..<count).map { density(at: fine[$0]) })
  }
}
