internal import CatalogStore

extension SurveyProfile {
  /// Positions and errors in degrees. coord_raErr includes cos δ, and coord_ra_dec_Cov is the covariance in deg².
  /// Magnitudes are taken where they are there; otherwise PSF fluxes in nJy, from which AB magnitudes follow as
  /// 31.4 − 2.5 log₁₀ f. Source: sdm-schemas.lsst.io/dp1.html#Object; lsst/pipe_tasks, docstring of RAErrColumn.
  static let rubinObject = SurveyProfile(
    "Rubin Object", required: ["coord_ra", "coord_dec"],
    oneOf: ["objectId", "coord_raErr", "r_psfFlux", "r_psfMag"], epoch: 2024.9,
    epochReason: "the observations of DP1, 2024 October to December",
    [
      Entry(.id, "objectId"), Entry(.ra, "coord_ra"), Entry(.dec, "coord_dec"),
      Entry(.sigmaRA, "coord_raErr", unit: .degree), Entry(.sigmaDec, "coord_decErr", unit: .degree),
      Entry(.corrRADec, "coord_ra_dec_Cov", unit: .squared(.degree)),
    ]
      + ["u", "g", "r", "i", "z", "y"].flatMap { band in
        [
          Entry(.mag(band: band), "\(band)_psfMag"),
          Entry(.mag(band: band), "\(band)_psfFlux", unit: .nanojansky),
          Entry(.magError(band: band), "\(band)_psfMagErr"),
          Entry(.magError(band: band), "\(band)_psfFluxErr", unit: .nanojansky),
        ]
      })
}
