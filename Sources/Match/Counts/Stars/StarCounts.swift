import Glibc

/// Stars per magnitude and square degree in a band, from a model of the Galaxy that needs no network: thin disc, thick
/// disc, halo and bulge with dwarfs, subgiants and giants, behind a disc of dust.
///
///     N(m) = Σ_parts ∫ dμ (ln 10 / 5) d³ ρ(d) ⟨Φ(m − μ − A(d))⟩ (π/180)²        mag⁻¹ deg⁻²,   d = 10^(μ/5 + 1) pc
///
/// Φ is the part's luminosity function near the Sun, ρ its density relative to that, A(d) the extinction in the band up
/// to d: the disc's profile scaled to A_V at infinity. The mean is over the distribution of A_V across the field.
/// Numbers and their papers stand at `GalacticComponent`, `MassFunction`, `StellarEvolution`, `DwarfData`, `GiantData`
/// and `DustDisc`. Not in it: Magellanic Clouds, clusters, white and brown dwarfs, warp and spiral arms.
public struct StarCounts: Sendable {
  /// The band.
  public let band: CountBand
  /// Of the parts, in the order of `GalacticComponent.allCases`.
  let functions: [LuminosityFunction]

  /// Makes the luminosity functions of a band: a few milliseconds.
  public init(band: CountBand) {
    self.band = band
    let spectra = StellarSpectra(band: band)
    functions = GalacticComponent.allCases.map { LuminosityFunction(component: $0, spectra: spectra) }
  }

  /// Absolute magnitudes, and how many stars pc⁻³ mag⁻¹ there are near the Sun, of all parts but the bulge.
  public var localLuminosityFunction: (magnitudes: [Double], densityPerPc3PerMag: [Double]) {
    let magnitudes = (0..<LuminosityFunction.count).map {
      LuminosityFunction.first + Double($0) * LuminosityFunction.step
    }
    let sum = magnitudes.indices.map { i in
      zip(GalacticComponent.allCases, functions).reduce(0) { $1.0 == .bulge ? $0 : $0 + $1.1.values[i] }
    }
    return (magnitudes, sum)
  }

  /// The counts of all stars in a direction.
  ///
  /// - Parameter extinction: A_V to infinity across the field; nil: that of the dust disc.
  /// - Complexity: O(distances · values of A_V + distances · magnitudes), some milliseconds.
  public func counts(
    in direction: GalacticDirection, extinction: ExtinctionDistribution? = nil, on grid: MagnitudeGrid
  ) throws -> DifferentialCounts {
    let parts = try countsByPart(in: direction, extinction: extinction, on: grid)
    var sum = [Double](repeating: 0, count: grid.count)
    // In their order: sums are the same bits in every process.
    for component in GalacticComponent.allCases {
      guard let part = parts[component] else { continue }
      for i in sum.indices { sum[i] += part.density[i] }
    }
    return DifferentialCounts(grid: grid, density: sum)
  }

  /// Likewise for each part of the Galaxy.
  public func countsByPart(
    in direction: GalacticDirection, extinction: ExtinctionDistribution? = nil, on grid: MagnitudeGrid
  ) throws -> [GalacticComponent: DifferentialCounts] {
    let dust = try extinction ?? DustDisc.extinction(direction)
    let geometry = SightlineGeometry(direction)
    let profile = DustDisc.extinction(geometry, distancesPc: Sightline.distances)
    let total = profile.last ?? 0
    let shares = profile.map { total > 0 ? $0 / total : 1 }
    let fine = FineMagnitudes(covering: grid)
    var result: [GalacticComponent: DifferentialCounts] = [:]
    for (component, function) in zip(GalacticComponent.allCases, functions) {
      let volumes = Self.volumes(component, geometry)
      let moduli = ApparentModuli(volumes: volumes, shares: shares, dust: dust, ratio: band.extinctionRatio)
      let density = moduli.counts(of: function, on: fine)
      result[component] = fine.resampled(density, on: grid)
    }
    return result
  }

  /// The volume per deg² of each step of distance, weighted with the part's density, pc³ deg⁻².
  static func volumes(_ component: GalacticComponent, _ geometry: SightlineGeometry) -> [Double] {
    let degree = Double.pi / 180
    let factor = log(10) / 5 * LuminosityFunction.step * degree * degree
    return Sightline.distances.map { distance in
      component.relativeDensity(at: geometry.place(distancePc: distance)) * distance * distance * distance * factor
    }
  }
}
