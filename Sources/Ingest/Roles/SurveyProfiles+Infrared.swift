internal import CatalogStore

extension SurveyProfile {
  private static func wiseBands(_ names: [String], suffix: String = "") -> [Entry] {
    names.flatMap { band in
      [
        Entry(.mag(band: band.uppercased()), "\(band)mpro\(suffix)"),
        Entry(.magError(band: band.uppercased()), "\(band)sigmpro\(suffix)"),
        Entry(.snr(band: band.uppercased()), "\(band)snr\(suffix)"),
      ]
    }
  }

  private static let twomassInWise: (columns: [String], reason: String) = (
    ["j_m_2mass", "h_m_2mass", "k_m_2mass"], "magnitudes of the associated 2MASS source"
  )

  /// sigradec is a co-sigma s: the covariance is s |s|. Source: AllWISE Explanatory Supplement II.1.a.
  static let allwise = SurveyProfile(
    "AllWISE", required: ["ra", "dec", "sigra", "sigdec", "w1mpro"],
    oneOf: ["w3mpro", "w4mpro", "coadd_id", "w1mjdmean"], epoch: 55_400,
    epochUnit: .modifiedJulianDate, epochReason: "the reference epoch of AllWISE",
    leftOut: [
      (
        ["pmra", "pmdec", "sigpmra", "sigpmdec"],
        "AllWISE motions contain parallax and are not proper motions; --map pm_ra=pmra:mas/yr takes them all the same"
      ), twomassInWise,
    ],
    [
      Entry(.id, "cntr", "source_id", "designation"), Entry(.ra, "ra"), Entry(.dec, "dec"), Entry(.sigmaRA, "sigra"),
      Entry(.sigmaDec, "sigdec"), Entry(.corrRADec, "sigradec", unit: .arcsecond),
    ] + wiseBands(["w1", "w2", "w3", "w4"]))

  /// The stationary fit at each source's mean epoch, with the motions of the motion fit. Motions are in arcsec/yr, and
  /// pmra includes cos δ. Source: Marocco et al. (2021) and the column descriptions at IRSA.
  static let catwise = SurveyProfile(
    "CatWISE2020", required: ["ra", "dec", "sigra", "sigdec", "w1mpro"],
    oneOf: ["MeanObsMJD", "w1mpro_pm", "source_name", "ab_flags", "PMRA", "unwise_objid"], epoch: 2015.4,
    epochReason: "the mean epoch of CatWISE2020; a column MeanObsMJD would give it per source",
    leftOut: [twomassInWise],
    [
      Entry(.id, "cntr", "source_id", "source_name"), Entry(.ra, "ra"), Entry(.dec, "dec"), Entry(.sigmaRA, "sigra"),
      Entry(.sigmaDec, "sigdec"), Entry(.corrRADec, "sigradec", unit: .arcsecond),
      Entry(.pmRA, "PMRA", unit: .arcsecPerYear), Entry(.pmDec, "PMDec", unit: .arcsecPerYear),
      Entry(.sigmaPMRA, "sigPMRA", unit: .arcsecPerYear), Entry(.sigmaPMDec, "sigPMDec", unit: .arcsecPerYear),
      Entry(.epoch, "MeanObsMJD", unit: .modifiedJulianDate),
    ] + wiseBands(["w1", "w2"]))

  /// CatWISE2020 with only the positions of the motion fit, which hold at MJD 57170.
  static let catwiseMotion = SurveyProfile(
    "CatWISE2020, motion fit", required: ["ra_pm", "dec_pm", "sigra_pm", "sigdec_pm"], noneOf: ["ra", "dec"],
    epoch: 57_170, epochUnit: .modifiedJulianDate, epochReason: "the epoch of ra_pm and dec_pm",
    leftOut: [twomassInWise],
    [
      Entry(.id, "cntr", "source_id", "source_name"), Entry(.ra, "ra_pm"), Entry(.dec, "dec_pm"),
      Entry(.sigmaRA, "sigra_pm"), Entry(.sigmaDec, "sigdec_pm"), Entry(.corrRADec, "sigradec_pm", unit: .arcsecond),
      Entry(.pmRA, "PMRA", unit: .arcsecPerYear), Entry(.pmDec, "PMDec", unit: .arcsecPerYear),
      Entry(.sigmaPMRA, "sigPMRA", unit: .arcsecPerYear), Entry(.sigmaPMDec, "sigPMDec", unit: .arcsecPerYear),
    ] + wiseBands(["w1", "w2"]) + wiseBands(["w1", "w2"], suffix: "_pm"))

  /// CatWISE2020 as in the test data of macauff: one circular error.
  static let macauffCatwise = SurveyProfile(
    "CatWISE2020, macauff test data", required: ["cntr", "ra", "dec", "pos_err", "w1mag", "w2mag", "bestIndex"],
    epoch: 2015.4, epochReason: "the mean epoch of CatWISE2020",
    [
      Entry(.id, "cntr"), Entry(.ra, "ra"), Entry(.dec, "dec"), Entry(.sigma, "pos_err"),
      Entry(.mag(band: "W1"), "w1mag"), Entry(.snr(band: "W1"), "w1snr"),
      Entry(.mag(band: "W2"), "w2mag"), Entry(.snr(band: "W2"), "w2snr"), Entry(.bestBand, "bestIndex"),
    ])

  /// Source: 2MASS Explanatory Supplement II.2.a. err_ang is from north through east; jdate is a Julian date.
  static let twomass = SurveyProfile(
    "2MASS PSC", required: ["ra", "dec", "j_m", "h_m", "k_m"],
    oneOf: ["err_maj", "jdate", "pts_key", "j_msigcom", "designation"],
    [
      Entry(.id, "pts_key", "cntr", "designation"), Entry(.ra, "ra"), Entry(.dec, "dec"),
      Entry(.sigmaMajor, "err_maj"), Entry(.sigmaMinor, "err_min"), Entry(.sigmaPA, "err_ang"),
      Entry(.epoch, "jdate", unit: .julianDate),
    ]
      + ["j", "h", "k"].flatMap { band in
        [
          Entry(.mag(band: band.uppercased()), "\(band)_m"),
          Entry(.magError(band: band.uppercased()), "\(band)_msigcom", "\(band)_cmsig"),
          Entry(.snr(band: band.uppercased()), "\(band)_snr"),
        ]
      })
}
