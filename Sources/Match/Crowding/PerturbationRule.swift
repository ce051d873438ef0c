/// How the position of a source follows from its hidden neighbours.
public enum PerturbationRule: Sendable, Hashable, CaseIterable {
  /// The centre of light: x̄ = Σ fᵢ xᵢ / (1 + Σ fᵢ). Where photons of the sources are the noise, or of apertures.
  case fluxWeighted
  /// A PSF fit where the noise is that of the background. Pulls of single neighbours are exact (`FitPull`); of several, the
  /// stiffness that each adds to the fit is counted:
  ///
  ///     x̄ = Σ Δᵢ(1 + kᵢ) / (1 + Σ kᵢ),     kᵢ = fᵢ max(0, 1 − xᵢ²/4σ_P²) exp(−xᵢ²/4σ_P²)
  ///
  /// with kᵢ the mean curvature of the neighbour's overlap with the fitted PSF. Right for one neighbour and for many weak ones; for many
  /// strong ones close to the joint fit.
  case fitted
  /// A PSF fit in which pulls of single neighbours are added: x̄ = Σ Δᵢ. Too wide where the sky is crowded.
  case fittedAdditive

  /// The curvature kᵢ that one neighbour adds.
  static func stiffness(distance x: Double, flux: Double, exponential: Double) -> Double {
    flux * max(0, 1 - x * x / 4) * exponential
  }
}
