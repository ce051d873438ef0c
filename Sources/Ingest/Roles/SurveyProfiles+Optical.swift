internal import CatalogStore

extension SurveyProfile {
  /// Positions in degrees, AB fluxes in nanomaggies. Errors are inverse variances. Source: legacysurvey.org/dr10/catalogs.
  static let legacySurveys = SurveyProfile(
    "Legacy Surveys", required: ["ra", "dec", "brickid"], oneOf: ["flux_g", "flux_r", "flux_z"],
    leftOut: [
      (
        ["objid"],
        "it counts the objects of one brick only; ls_id, or release, brickid and objid together, name a source"
      ),
      (
        ["pmra", "pmdec", "parallax", "ref_epoch"],
        "they are those of the reference catalogue, and 0 for all other sources"
      ),
    ],
    [Entry(.id, "ls_id"), Entry(.ra, "ra"), Entry(.dec, "dec")]
      + ["g", "r", "i", "z"].map { Entry(.mag(band: $0), "flux_\($0)", unit: .nanomaggy) })

  /// Source: DES DR2, table main: des.ncsa.illinois.edu/releases/dr2/dr2-products/dr2-schema. Errors of positions are in pixels.
  static let des = SurveyProfile(
    "DES", required: ["coadd_object_id", "ra", "dec"],
    oneOf: ["wavg_mag_psf_g", "wavg_mag_psf_r", "mag_auto_g", "mag_auto_r"],
    [Entry(.id, "coadd_object_id"), Entry(.ra, "ra"), Entry(.dec, "dec")]
      + ["g", "r", "i", "z", "y"].flatMap { band in
        [
          Entry(.mag(band: band), "wavg_mag_psf_\(band)", "mag_auto_\(band)"),
          Entry(.magError(band: band), "wavg_magerr_psf_\(band)", "magerr_auto_\(band)"),
        ]
      })

  /// Errors are the scatter about the mean in mas, mean_epoch a modified Julian date. Source: the table metadata of SkyMapper
  /// DR1 to DR4, table master.
  static let skyMapper = SurveyProfile(
    "SkyMapper", required: ["object_id", "raj2000", "dej2000"], oneOf: ["smss_j", "mean_epoch", "g_psf"],
    [
      Entry(.id, "object_id"), Entry(.ra, "raj2000"), Entry(.dec, "dej2000"),
      Entry(.sigmaRA, "e_raj2000", unit: .milliarcsecond), Entry(.sigmaDec, "e_dej2000", unit: .milliarcsecond),
      Entry(.epoch, "mean_epoch", unit: .modifiedJulianDate),
    ]
      + ["u", "v", "g", "r", "i", "z"].flatMap { band in
        [Entry(.mag(band: band), "\(band)_psf"), Entry(.magError(band: band), "e_\(band)_psf")]
      })

  /// Source: hsc-release.mtk.nao.ac.jp/schema, tables forced and forced2 of PDR2 and PDR3.
  static let hyperSuprimeCam = SurveyProfile(
    "HSC", required: ["object_id", "ra", "dec"],
    oneOf: ["g", "r", "i", "z", "y"].flatMap { ["\($0)_psfflux_mag", "\($0)_cmodel_mag"] },
    [Entry(.id, "object_id"), Entry(.ra, "ra"), Entry(.dec, "dec")]
      + ["g", "r", "i", "z", "y"].flatMap { band in
        [
          Entry(.mag(band: band), "\(band)_psfflux_mag", "\(band)_cmodel_mag"),
          Entry(
            .magError(band: band), "\(band)_psfflux_magerr", "\(band)_psfflux_magsigma", "\(band)_cmodel_magerr",
            "\(band)_cmodel_magsigma"),
        ]
      })

  /// Fluxes in µJy: PSF fluxes of VIS, template fits of NISP. Source: Euclid Q1, table mer_catalogue.
  static let euclid = SurveyProfile(
    "Euclid MER", required: ["object_id", "right_ascension", "declination"],
    oneOf: ["flux_vis_psf", "flux_detection_total", "flux_h_templfit"],
    [Entry(.id, "object_id"), Entry(.ra, "right_ascension"), Entry(.dec, "declination")]
      + [("VIS", "vis_psf"), ("Y", "y_templfit"), ("J", "j_templfit"), ("H", "h_templfit")].flatMap { band, name in
        [
          Entry(.mag(band: band), "flux_\(name)", unit: .microjansky),
          Entry(.magError(band: band), "fluxerr_\(name)", unit: .microjansky),
        ]
      })

  /// Position angles are from north through east, errors in degrees. Source: SExtractor's manual, "Position and shape parameters".
  static let sourceExtractor = SurveyProfile(
    "SExtractor", required: [], oneOf: ["ALPHAWIN_J2000", "ALPHA_J2000"], noneOf: ["coadd_object_id"],
    [
      Entry(.id, "NUMBER"), Entry(.ra, "ALPHAWIN_J2000", "ALPHA_J2000"), Entry(.dec, "DELTAWIN_J2000", "DELTA_J2000"),
      Entry(.sigmaMajor, "ERRAWIN_WORLD", "ERRA_WORLD", unit: .degree),
      Entry(.sigmaMinor, "ERRBWIN_WORLD", "ERRB_WORLD", unit: .degree),
      Entry(.sigmaPA, "ERRTHETAWIN_J2000", "ERRTHETA_J2000"),
    ])
}
