internal import CatalogStore

extension SurveyProfile {
  private static let gaiaEpoch = "the reference epoch of Gaia DR3 (DR2 has 2015.5: give --epoch 2015.5 for it)"

  /// Source: Gaia DR3 documentation §20.1.1, table gaia_source. pmra includes cos δ.
  static let gaiaArchive = SurveyProfile(
    "Gaia DR3 archive", required: ["source_id", "ra", "dec"],
    oneOf: ["phot_g_mean_mag", "ref_epoch", "ra_dec_corr", "phot_g_mean_flux", "ruwe"], epoch: 2016.0,
    epochReason: gaiaEpoch,
    [
      Entry(.id, "source_id"), Entry(.ra, "ra"), Entry(.dec, "dec"),
      Entry(.sigmaRA, "ra_error", unit: .milliarcsecond), Entry(.sigmaDec, "dec_error", unit: .milliarcsecond),
      Entry(.corrRADec, "ra_dec_corr"), Entry(.pmRA, "pmra"), Entry(.pmDec, "pmdec"),
      Entry(.sigmaPMRA, "pmra_error"), Entry(.sigmaPMDec, "pmdec_error"), Entry(.parallax, "parallax"),
      Entry(.epoch, "ref_epoch"),
      Entry(.mag(band: "G"), "phot_g_mean_mag"), Entry(.magError(band: "G"), "phot_g_mean_mag_error"),
      Entry(.snr(band: "G"), "phot_g_mean_flux_over_error"),
      Entry(.mag(band: "BP"), "phot_bp_mean_mag"), Entry(.magError(band: "BP"), "phot_bp_mean_mag_error"),
      Entry(.snr(band: "BP"), "phot_bp_mean_flux_over_error"),
      Entry(.mag(band: "RP"), "phot_rp_mean_mag"), Entry(.magError(band: "RP"), "phot_rp_mean_mag_error"),
      Entry(.snr(band: "RP"), "phot_rp_mean_flux_over_error"),
    ])

  /// Source: VizieR I/355/gaiadr3.
  static let gaiaVizier = SurveyProfile(
    "Gaia DR3 (VizieR I/355)", required: ["Source", "RA_ICRS", "DE_ICRS"], oneOf: ["Gmag", "RADEcor", "e_RA_ICRS"],
    epoch: 2016.0, epochReason: gaiaEpoch,
    [
      Entry(.id, "Source"), Entry(.ra, "RA_ICRS"), Entry(.dec, "DE_ICRS"),
      Entry(.sigmaRA, "e_RA_ICRS", unit: .milliarcsecond), Entry(.sigmaDec, "e_DE_ICRS", unit: .milliarcsecond),
      Entry(.corrRADec, "RADEcor"), Entry(.pmRA, "pmRA"), Entry(.pmDec, "pmDE"), Entry(.sigmaPMRA, "e_pmRA"),
      Entry(.sigmaPMDec, "e_pmDE"), Entry(.parallax, "Plx"),
      Entry(.mag(band: "G"), "Gmag"), Entry(.magError(band: "G"), "e_Gmag"),
      Entry(.mag(band: "BP"), "BPmag"), Entry(.magError(band: "BP"), "e_BPmag"),
      Entry(.mag(band: "RP"), "RPmag"), Entry(.magError(band: "RP"), "e_RPmag"),
    ])

  /// Gaia as in the test data of macauff: one circular error, motions in arcsec/yr.
  static let macauffGaia = SurveyProfile(
    "Gaia DR3, macauff test data", required: ["source_id", "ra", "dec", "pos_err", "g_mag", "bestIndex"],
    epoch: 2016.0, epochReason: "the reference epoch of Gaia DR3",
    [
      Entry(.id, "source_id"), Entry(.ra, "ra"), Entry(.dec, "dec"), Entry(.sigma, "pos_err"),
      Entry(.pmRA, "pmra", unit: .arcsecPerYear), Entry(.pmDec, "pmdec", unit: .arcsecPerYear),
      Entry(.sigmaPM, "pm_err", unit: .arcsecPerYear),
      Entry(.mag(band: "BP"), "bp_mag"), Entry(.snr(band: "BP"), "bp_snr"),
      Entry(.mag(band: "G"), "g_mag"), Entry(.snr(band: "G"), "g_snr"),
      Entry(.mag(band: "RP"), "rp_mag"), Entry(.snr(band: "RP"), "rp_snr"), Entry(.bestBand, "bestIndex"),
    ])

  /// Source: van Leeuwen (2007), VizieR I/311/hip2. RArad and DErad are radians in ICRS at 1991.25; the errors of
  /// right ascension and of its motion include cos δ.
  static let hipparcos2 = SurveyProfile(
    "Hipparcos-2", required: ["HIP", "RArad", "DErad"], epoch: 1991.25,
    epochReason: "the epoch of the Hipparcos catalogues",
    [
      Entry(.id, "HIP"), Entry(.ra, "RArad", unit: .radian), Entry(.dec, "DErad", unit: .radian),
      Entry(.sigmaRA, "e_RArad", unit: .milliarcsecond), Entry(.sigmaDec, "e_DErad", unit: .milliarcsecond),
      Entry(.pmRA, "pmRA"), Entry(.pmDec, "pmDE"), Entry(.sigmaPMRA, "e_pmRA"), Entry(.sigmaPMDec, "e_pmDE"),
      Entry(.parallax, "Plx"), Entry(.mag(band: "Hp"), "Hpmag"), Entry(.magError(band: "Hp"), "e_Hpmag"),
    ])
}
