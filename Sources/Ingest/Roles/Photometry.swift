internal import Glibc

/// AB magnitudes from fluxes.
enum Photometry {
  /// AB magnitude of 1 nJy, from m = −2.5 log₁₀(f / erg s⁻¹ cm⁻² Hz⁻¹) − 48.6 [OkeGunn1983] and 1 nJy = 10⁻³² of those.
  private static let zeroPoint = 31.4

  /// Turns fluxes in nJy into magnitudes, and their errors, where there are any, into errors of magnitudes.
  ///
  ///     m = 31.4 − 2.5 log₁₀ f,   σ_m = 2.5 / ln 10 · σ_f / f
  ///
  /// A flux of zero or less has no magnitude.
  static func magnitudes(fluxes: inout [Double], errors: inout [Double]) {
    for row in fluxes.indices {
      let flux = fluxes[row]
      let isMeasured = flux > 0 && flux < .infinity
      if row < errors.count { errors[row] = isMeasured ? 2.5 / M_LN10 * errors[row] / flux : .nan }
      fluxes[row] = isMeasured ? zeroPoint - 2.5 * log10(flux) : .nan
    }
  }
}
