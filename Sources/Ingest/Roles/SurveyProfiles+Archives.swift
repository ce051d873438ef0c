internal import CatalogStore

extension SurveyProfile {
  private static func aperture(_ bands: [(name: String, columns: [String])]) -> [Entry] {
    bands.flatMap { band in
      band.columns.flatMap { column in
        [
          Entry(.mag(band: band.name), "\(column)AperMag3"), Entry(.magError(band: band.name), "\(column)AperMag3Err"),
        ]
      }
    }
  }

  private static let unclearMotions: (columns: [String], reason: String) = (
    ["muRa", "muDec", "sigMuRa", "sigMuDec"],
    "it is not known whether muRa includes cos(dec); --map pm_ra=muRa:mas/yr takes it so"
  )

  /// VHS, VIKING and the other surveys of VISTA. Errors are in degrees. Source: vsa.roe.ac.uk, tables vhsSource and vikingSource.
  static let vista = SurveyProfile(
    "VISTA", required: ["sourceID", "ksAperMag3"], oneOf: ["ra2000", "ra"], leftOut: [unclearMotions],
    [
      Entry(.id, "sourceID"), Entry(.ra, "ra2000", "ra"), Entry(.dec, "dec2000", "dec"),
      Entry(.sigmaRA, "sigRa", unit: .degree), Entry(.sigmaDec, "sigDec", unit: .degree), Entry(.epoch, "epoch"),
    ] + aperture([("Z", ["z"]), ("Y", ["y"]), ("J", ["j"]), ("H", ["h"]), ("Ks", ["ks"])]))

  /// Source: wsa.roe.ac.uk, tables lasSource, gcsSource, gpsSource and dxsSource.
  static let ukidss = SurveyProfile(
    "UKIDSS", required: ["sourceID", "ra", "dec"],
    oneOf: ["yAperMag3", "jAperMag3", "j_1AperMag3", "hAperMag3", "kAperMag3", "k_1AperMag3"], noneOf: ["ksAperMag3"],
    leftOut: [unclearMotions],
    [
      Entry(.id, "sourceID"), Entry(.ra, "ra"), Entry(.dec, "dec"), Entry(.sigmaRA, "sigRa", unit: .degree),
      Entry(.sigmaDec, "sigDec", unit: .degree), Entry(.epoch, "epoch"),
    ] + aperture([("Z", ["z"]), ("Y", ["y"]), ("J", ["j", "j_1"]), ("H", ["h"]), ("K", ["k", "k_1"])]))

  /// Source: the unWISE catalogue as the Astro Data Lab has it, table unwise_dr1.object; Vega magnitudes.
  static let unwise = SurveyProfile(
    "unWISE", required: ["unwise_objid", "ra", "dec"], oneOf: ["mag_w1_vg", "mag_w2_vg", "flux_w1", "flux_w2"],
    noneOf: ["w1mpro"],
    [
      Entry(.id, "unwise_objid"), Entry(.ra, "ra"), Entry(.dec, "dec"), Entry(.mag(band: "W1"), "mag_w1_vg"),
      Entry(.mag(band: "W2"), "mag_w2_vg"),
    ])

  /// Source: Merloni et al. (2024), table D.1.
  static let erosita = SurveyProfile(
    "eROSITA eRASS1", required: ["DETUID", "RA", "DEC", "POS_ERR"],
    [
      Entry(.id, "UID", "DETUID"), Entry(.ra, "RA"), Entry(.dec, "DEC"), Entry(.sigma, "POS_ERR"),
      Entry(.epoch, "MJD", unit: .modifiedJulianDate),
    ])

  /// Source: Chandra Source Catalog 2, cxc.cfa.harvard.edu/csc/columns/positions.html.
  static let chandra = SurveyProfile(
    "Chandra Source Catalog", required: ["name", "ra", "dec", "err_ellipse_r0"],
    leftOut: [
      (
        ["err_ellipse_r0", "err_ellipse_r1", "err_ellipse_ang"],
        "the radii are of 95 % confidence, 2.448 times the 1-sigma errors: write them divided by that"
      )
    ],
    [Entry(.id, "name"), Entry(.ra, "ra"), Entry(.dec, "dec")])

  /// Source: fermi.gsfc.nasa.gov, gll_psc (2FGL to 4FGL-DR4).
  static let fermi = SurveyProfile(
    "Fermi LAT", required: ["source_name", "raj2000", "dej2000", "conf_95_semimajor"],
    leftOut: [
      (
        ["conf_95_semimajor", "conf_95_semiminor", "conf_95_posang"],
        "the axes are of 95 % confidence, 2.448 times the 1-sigma errors: write them divided by that"
      ),
      (
        ["conf_68_semimajor", "conf_68_semiminor", "conf_68_posang"],
        "the axes are of 68 % confidence, 1.510 times the 1-sigma errors: write them divided by that"
      ),
    ],
    [Entry(.id, "source_name"), Entry(.ra, "raj2000"), Entry(.dec, "dej2000")])

  private static let radialError =
    "it is the radius of 63 % probability, 1.414 times the 1-sigma error along each axis: write it divided by that"

  /// Unique sources. Source: xmmssc.irap.omp.eu, catalogue 4XMM, columns of the slim version.
  static let xmmSources = SurveyProfile(
    "4XMM sources", required: ["SRCID", "SC_RA", "SC_DEC"], noneOf: ["DETID"],
    leftOut: [(["SC_POSERR"], radialError)],
    [Entry(.id, "SRCID"), Entry(.ra, "SC_RA"), Entry(.dec, "SC_DEC")])

  /// Detections. Source: the same, "Coordinates".
  static let xmmDetections = SurveyProfile(
    "4XMM detections", required: ["DETID", "SRCID", "RA", "DEC"],
    leftOut: [(["POSERR", "RADEC_ERR", "SC_POSERR"], radialError)],
    [
      Entry(.id, "DETID"), Entry(.ra, "RA"), Entry(.dec, "DEC"),
      Entry(.epoch, "MJD_START", unit: .modifiedJulianDate),
    ])

  /// Errors in arcsec. Source: Shimwell et al. (2022), and README of the value-added catalogue of LoTSS DR2.
  static let lotss = SurveyProfile(
    "LoTSS", required: ["Source_Name", "RA", "DEC", "E_RA", "E_DEC"], oneOf: ["Isl_rms", "Mosaic_ID", "E_RA_tot"],
    [
      Entry(.id, "Source_Name"), Entry(.ra, "RA"), Entry(.dec, "DEC"),
      Entry(.sigmaRA, "E_RA_tot", "E_RA", unit: .arcsecond), Entry(.sigmaDec, "E_DEC_tot", "E_DEC", unit: .arcsecond),
    ])
}
