internal import CatalogStore

extension SurveyProfile {
  private static let gaiaQuestion =
    "these are columns of Gaia, but none gives the epoch of the positions or tells the release: say --epoch 2016.0 for "
    + "DR3 and EDR3, --epoch 2015.5 for DR2, --epoch 2015.0 for DR1"

  /// Columns that only one release of the table gaia_source has.
  private static let dr1Only = [
    "astrometric_delta_q", "astrometric_relegation_factor", "astrometric_priors_used", "astrometric_weight_ac",
    "scan_direction_strength_k1",
  ]
  private static let dr2Only = [
    "teff_val", "a_g_val", "e_bp_min_rp_val", "radius_val", "lum_val", "priam_flags", "flame_flags",
    "astrometric_pseudo_colour", "astrometric_pseudo_colour_error", "astrometric_matched_observations",
    "mean_varpi_factor_al",
  ]
  private static let dr3Only = [
    "ruwe", "pseudocolour", "nu_eff_used_in_astrometry", "ipd_gof_harmonic_amplitude", "ipd_frac_multi_peak",
    "ipd_frac_odd_win", "astrometric_matched_transits", "matched_transits", "phot_bp_n_blended_transits",
    "phot_bp_n_contaminated_transits", "non_single_star", "has_xp_continuous", "has_xp_sampled", "has_rvs",
    "has_epoch_photometry", "in_qso_candidates", "in_galaxy_candidates", "teff_gspphot", "logg_gspphot",
    "mh_gspphot", "distance_gspphot", "azero_gspphot", "ag_gspphot", "ebpminrp_gspphot", "libname_gspphot",
    "grvs_mag", "rv_expected_sig_to_noise", "classprob_dsc_combmod_star",
  ]

  /// pmra includes cos δ. Source: Gaia DR3 documentation §20.1.1, table gaia_source; that of DR2 §14.1.1.
  private static let archiveEntries = [
    Entry(.id, "source_id"), Entry(.ra, "ra"), Entry(.dec, "dec"),
    Entry(.sigmaRA, "ra_error", unit: .milliarcsecond), Entry(.sigmaDec, "dec_error", unit: .milliarcsecond),
    Entry(.corrRADec, "ra_dec_corr"), Entry(.pmRA, "pmra"), Entry(.pmDec, "pmdec"),
    Entry(.sigmaPMRA, "pmra_error"), Entry(.sigmaPMDec, "pmdec_error"), Entry(.corrPM, "pmra_pmdec_corr"),
    Entry(.parallax, "parallax"),
    Entry(.epoch, "ref_epoch"),
    Entry(.mag(band: "G"), "phot_g_mean_mag"), Entry(.magError(band: "G"), "phot_g_mean_mag_error"),
    Entry(.snr(band: "G"), "phot_g_mean_flux_over_error"),
    Entry(.mag(band: "BP"), "phot_bp_mean_mag"), Entry(.magError(band: "BP"), "phot_bp_mean_mag_error"),
    Entry(.snr(band: "BP"), "phot_bp_mean_flux_over_error"),
    Entry(.mag(band: "RP"), "phot_rp_mean_mag"), Entry(.magError(band: "RP"), "phot_rp_mean_mag_error"),
    Entry(.snr(band: "RP"), "phot_rp_mean_flux_over_error"),
  ]

  static let gaiaDR2Archive = SurveyProfile(
    "Gaia DR2 archive", required: ["source_id", "ra", "dec"], oneOf: dr2Only, noneOf: dr1Only, epoch: 2015.5,
    epochReason: "the reference epoch of Gaia DR2", archiveEntries)

  static let gaiaDR3Archive = SurveyProfile(
    "Gaia DR3 archive", required: ["source_id", "ra", "dec"], oneOf: dr3Only, epoch: 2016.0,
    epochReason: "the reference epoch of Gaia DR3", archiveEntries)

  /// Columns that several releases have.
  static let gaiaArchive = SurveyProfile(
    "Gaia archive", required: ["source_id", "ra", "dec"],
    oneOf: ["phot_g_mean_mag", "ref_epoch", "ra_dec_corr", "phot_g_mean_flux"], epochQuestion: gaiaQuestion,
    archiveEntries)

  private static let vizierEntries = [
    Entry(.id, "Source"), Entry(.ra, "RA_ICRS"), Entry(.dec, "DE_ICRS"),
    Entry(.sigmaRA, "e_RA_ICRS", unit: .milliarcsecond), Entry(.sigmaDec, "e_DE_ICRS", unit: .milliarcsecond),
    Entry(.corrRADec, "RADEcor"), Entry(.pmRA, "pmRA"), Entry(.pmDec, "pmDE"), Entry(.sigmaPMRA, "e_pmRA"),
    Entry(.sigmaPMDec, "e_pmDE"), Entry(.parallax, "Plx"), Entry(.epoch, "Epoch"),
    Entry(.mag(band: "G"), "Gmag"), Entry(.magError(band: "G"), "e_Gmag"),
    Entry(.mag(band: "BP"), "BPmag"), Entry(.magError(band: "BP"), "e_BPmag"),
    Entry(.mag(band: "RP"), "RPmag"), Entry(.magError(band: "RP"), "e_RPmag"),
  ]

  /// Source: VizieR I/345/gaia2, which has radii and luminosities in the same table.
  static let gaiaDR2Vizier = SurveyProfile(
    "Gaia DR2 (VizieR I/345)", required: ["Source", "RA_ICRS", "DE_ICRS"], oneOf: ["Rad", "Lum"],
    noneOf: ["RUWE", "PM"],
    epoch: 2015.5, epochReason: "the reference epoch of Gaia DR2", vizierEntries)

  /// Source: VizieR I/355/gaiadr3 and I/350/gaiaedr3.
  static let gaiaDR3Vizier = SurveyProfile(
    "Gaia DR3 (VizieR I/355)", required: ["Source", "RA_ICRS", "DE_ICRS"],
    oneOf: ["RUWE", "PM", "nueff", "pscol", "IPDfmp", "NSS", "XPcont", "XPsamp", "QSO", "Pstar", "PQSO", "PGal"],
    epoch: 2016.0, epochReason: "the reference epoch of Gaia DR3", vizierEntries)

  /// Columns that several releases have.
  static let gaiaVizier = SurveyProfile(
    "Gaia (VizieR)", required: ["Source", "RA_ICRS", "DE_ICRS"], oneOf: ["Gmag", "RADEcor", "e_RA_ICRS"],
    epochQuestion: gaiaQuestion, vizierEntries)

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
