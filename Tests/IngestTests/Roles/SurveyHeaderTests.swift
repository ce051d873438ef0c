import CatalogStore
import Formats
import Testing

@testable import Ingest

/// Column names of published catalogues, as their archives give them: each is recognised, and every role is what the survey says.
struct SurveyHeaderTests {
  struct Header: Sendable {
    let profile: String
    let columns: String
    /// `role=column [unit]`.
    let roles: [String]
    /// Columns that must play no role.
    let without: [String]

    init(_ profile: String, _ columns: String, _ roles: [String], without: [String] = []) {
      (self.profile, self.columns, self.roles, self.without) = (profile, columns, roles, without)
    }
  }

  static let headers = [
    Header(
      "Legacy Surveys",
      "RELEASE BRICKID BRICKNAME OBJID TYPE RA DEC RA_IVAR DEC_IVAR DCHISQ EBV FLUX_G FLUX_R FLUX_I FLUX_Z FLUX_W1 FLUX_W2 FLUX_IVAR_G "
        + "MW_TRANSMISSION_G NOBS_G PSFDEPTH_G MASKBITS REF_CAT REF_ID REF_EPOCH PARALLAX PARALLAX_IVAR PMRA PMRA_IVAR PMDEC PMDEC_IVAR",
      ["ra=RA [deg]", "dec=DEC [deg]", "mag:g=FLUX_G [nMgy]", "mag:z=FLUX_Z [nMgy]"],
      without: ["OBJID", "PMRA", "PMDEC", "PARALLAX", "REF_EPOCH", "RA_IVAR"]),
    Header(
      "DES",
      "COADD_OBJECT_ID TILENAME HPIX_64 RA DEC ALPHAWIN_J2000 DELTAWIN_J2000 GALACTIC_L GALACTIC_B ERRA_IMAGE ERRB_IMAGE ERRTHETA_IMAGE "
        + "MAG_AUTO_G MAGERR_AUTO_G WAVG_MAG_PSF_G WAVG_MAGERR_PSF_G MAG_AUTO_R MAGERR_AUTO_R IMAFLAGS_ISO_G EBV_SFD98 MAG_AUTO_Y",
      [
        "id=COADD_OBJECT_ID", "ra=RA [deg]", "mag:g=WAVG_MAG_PSF_G [mag]", "mag_error:g=WAVG_MAGERR_PSF_G [mag]",
        "mag:r=MAG_AUTO_R [mag]", "mag_error:r=MAGERR_AUTO_R [mag]", "mag:y=MAG_AUTO_Y [mag]",
      ], without: ["ERRA_IMAGE", "GALACTIC_L"]),
    Header(
      "SkyMapper",
      "object_id raj2000 dej2000 e_raj2000 e_dej2000 smss_j mean_epoch rms_epoch glon glat flags nimaflags ngood u_psf e_u_psf v_psf "
        + "e_v_psf g_psf e_g_psf r_psf e_r_psf i_psf e_i_psf z_psf e_z_psf g_petro e_g_petro ebmv_sfd",
      [
        "id=object_id", "ra=raj2000 [deg]", "sigma_ra=e_raj2000 [mas]", "sigma_dec=e_dej2000 [mas]",
        "epoch=mean_epoch [MJD]", "mag:v=v_psf [mag]", "mag_error:z=e_z_psf [mag]",
      ], without: ["glon"]),
    Header(
      "VISTA",
      "sourceID cuEventID frameSetID ra2000 dec2000 cx cy cz htmID l b lambda eta priOrSec ymjPnt jmhPnt hmksPnt mergedClassStat "
        + "mergedClass pStar pGalaxy yAperMag3 yAperMag3Err jAperMag3 jAperMag3Err hAperMag3 hAperMag3Err ksAperMag3 ksAperMag3Err",
      [
        "id=sourceID", "ra=ra2000 [deg]", "dec=dec2000 [deg]", "mag:Ks=ksAperMag3 [mag]",
        "mag_error:J=jAperMag3Err [mag]",
      ],
      without: ["l", "b"]),
    Header(
      "UKIDSS",
      "sourceID frameSetID ra dec sigRa sigDec epoch muRa muDec sigMuRa sigMuDec chi2 nFrames cx cy cz htmID l b mergedClass "
        + "yAperMag3 yAperMag3Err j_1AperMag3 j_1AperMag3Err hAperMag3 hAperMag3Err kAperMag3 kAperMag3Err",
      [
        "id=sourceID", "sigma_ra=sigRa [deg]", "sigma_dec=sigDec [deg]", "epoch=epoch [yr]", "mag:J=j_1AperMag3 [mag]",
        "mag:K=kAperMag3 [mag]", "mag_error:J=j_1AperMag3Err [mag]",
      ], without: ["muRa", "muDec"]),
    Header(
      "HSC",
      "object_id skymap_id patch tract ra dec a_g a_r isprimary g_psfflux_mag g_psfflux_magerr r_psfflux_mag r_psfflux_magerr i_cmodel_mag "
        + "i_cmodel_magerr i_extendedness_value",
      ["id=object_id", "mag:g=g_psfflux_mag [mag]", "mag_error:r=r_psfflux_magerr [mag]", "mag:i=i_cmodel_mag [mag]"]),
    Header(
      "unWISE",
      "unwise_objid unwise_detid_w1 unwise_detid_w2 coadd_id ra dec ra_w1_w2 glon glat elon elat mag_w1_vg mag_w2_vg w1_w2_vg flux_w1 "
        + "flux_w2 dflux_w1 dflux_w2 qf_w1 primary12",
      ["id=unwise_objid", "ra=ra [deg]", "mag:W1=mag_w1_vg [mag]", "mag:W2=mag_w2_vg [mag]"], without: ["glon", "elon"]),
    Header(
      "eROSITA eRASS1",
      "IAUNAME DETUID SKYTILE ID_SRC UID UID_Hard ID_CLUSTER RA DEC RA_RAW DEC_RAW RA_LOWERR RA_UPERR DEC_LOWERR DEC_UPERR POS_ERR RADEC_ERR LII "
        + "BII ELON ELAT MJD MJD_MIN MJD_MAX EXT EXT_LIKE DET_LIKE_0 ML_CTS_1 ML_FLUX_1",
      ["id=UID", "ra=RA [deg]", "sigma=POS_ERR [arcsec]", "epoch=MJD [MJD]"], without: ["RADEC_ERR", "LII"]),
    Header(
      "Fermi LAT",
      "Source_Name RAJ2000 DEJ2000 GLON GLAT Conf_68_SemiMajor Conf_68_SemiMinor Conf_68_PosAng Conf_95_SemiMajor Conf_95_SemiMinor "
        + "Conf_95_PosAng Signif_Avg Pivot_Energy Flux1000 Unc_Flux1000 Variability_Index ASSOC1 ASSOC2 RA_Counterpart DEC_Counterpart Flags",
      ["id=Source_Name", "ra=RAJ2000 [deg]", "dec=DEJ2000 [deg]"],
      without: ["Conf_68_SemiMajor", "Conf_95_PosAng", "RA_Counterpart", "GLON"]),
    Header(
      "Chandra Source Catalog",
      "name ra dec err_ellipse_r0 err_ellipse_r1 err_ellipse_ang conf_flag sat_src_flag significance likelihood flux_aper_b hard_hm",
      ["id=name", "ra=ra [deg]", "dec=dec [deg]"], without: ["err_ellipse_r0", "err_ellipse_ang"]),
    Header(
      "4XMM sources",
      "SRCID IAUNAME SC_RA SC_DEC SC_POSERR SC_DET_ML SC_EP_1_FLUX SC_EP_8_FLUX SC_HR1 SC_SUM_FLAG N_DETECTIONS",
      ["id=SRCID", "ra=SC_RA [deg]", "dec=SC_DEC [deg]"], without: ["SC_POSERR"]),
    Header(
      "4XMM detections",
      "DETID SRCID IAUNAME SRC_NUM OBS_ID REVOLUT MJD_START MJD_STOP RA DEC POSERR LII BII RADEC_ERR SYSERRCC RA_UNC DEC_UNC EP_8_FLUX SC_RA SC_DEC SC_POSERR",
      ["id=DETID", "ra=RA [deg]", "epoch=MJD_START [MJD]"], without: ["POSERR", "RADEC_ERR", "SC_RA"]),
    Header(
      "LoTSS",
      "Source_Name RA E_RA E_RA_tot DEC E_DEC E_DEC_tot Peak_flux E_Peak_flux Total_flux E_Total_flux Maj E_Maj Min E_Min PA E_PA Isl_rms S_Code "
        + "Mosaic_ID Number_Pointings Masked_Fraction",
      ["id=Source_Name", "ra=RA [deg]", "sigma_ra=E_RA_tot [arcsec]", "sigma_dec=E_DEC_tot [arcsec]"],
      without: ["E_PA", "E_Maj"]),
    Header(
      "Euclid MER",
      "object_id right_ascension declination right_ascension_psf_fitting declination_psf_fitting segmentation_area flux_vis_1fwhm_aper "
        + "flux_vis_psf fluxerr_vis_psf flux_y_templfit fluxerr_y_templfit flux_j_templfit fluxerr_j_templfit flux_h_templfit "
        + "fluxerr_h_templfit flag_vis point_like_prob",
      [
        "id=object_id", "ra=right_ascension [deg]", "dec=declination [deg]", "mag:VIS=flux_vis_psf [uJy]",
        "mag_error:H=fluxerr_h_templfit [uJy]",
      ]),
    Header(
      "SExtractor",
      "NUMBER X_IMAGE Y_IMAGE ALPHA_J2000 DELTA_J2000 MAG_AUTO MAGERR_AUTO A_WORLD B_WORLD ERRA_WORLD ERRB_WORLD THETA_J2000 ERRTHETA_J2000 FLAGS",
      [
        "id=NUMBER", "ra=ALPHA_J2000 [deg]", "sigma_major=ERRA_WORLD [deg]", "sigma_minor=ERRB_WORLD [deg]",
        "sigma_pa=ERRTHETA_J2000 [deg]",
      ], without: ["THETA_J2000", "A_WORLD"]),
    Header(
      "Rubin Object",
      "objectId coord_ra coord_dec coord_raErr coord_decErr coord_ra_dec_Cov refBand g_psfFlux g_psfFluxErr r_psfFlux r_psfFluxErr "
        + "g_psfMag g_psfMagErr shape_xx tract patch",
      [
        "id=objectId", "ra=coord_ra [deg]", "sigma_ra=coord_raErr [deg]", "corr_ra_dec=coord_ra_dec_Cov [deg2]",
        "mag:g=g_psfMag [mag]", "mag:r=r_psfFlux [nJy]",
      ]),
  ]

  private static let texts: Set<String> = [
    "BRICKNAME", "TYPE", "REF_CAT", "TILENAME", "smss_j", "patch", "IAUNAME", "DETUID", "name", "Source_Name", "S_Code",
    "Mosaic_ID", "OBS_ID", "coadd_id", "unwise_objid", "refBand", "unwise_detid_w1", "unwise_detid_w2",
  ]

  private func columns(_ header: Header) -> [TableColumn] {
    header.columns.split(separator: " ").map { name in
      let isID = ["id", "uid"].contains { name.lowercased().hasSuffix($0) } || name == "NUMBER"
      return TableColumn(name: String(name), type: Self.texts.contains(String(name)) ? .text : isID ? .int64 : .float64)
    }
  }

  @Test(arguments: headers) func theHeaderIsRecognised(_ header: Header) throws {
    let roles = try RoleAssignment(recognising: columns(header))
    #expect(roles.profile == header.profile)
    let found = roles.bindings.map { "\($0.role)=\($0.sourceText)" }
    for role in header.roles { #expect(found.contains(role), "\(role) is not among \(found)") }
    for name in header.without {
      #expect(!roles.bindings.contains { $0.sourceText.hasPrefix(name + " ") || $0.sourceText == name }, "\(name)")
    }
    #expect(roles.frame == .icrs && !roles.derivesPosition)
    // With an error, and an epoch where none is known, each is complete.
    let complete = try RoleAssignment(
      recognising: columns(header), mappings: roles.positionError == .missing ? ["sigma=0.1:arcsec"] : [])
    try complete.requireComplete(subject: header.profile)
  }

  @Test func everyNewProfileHasAHeader() {
    let known = Set(Self.headers.map(\.profile))
    let older = ["Gaia", "AllWISE", "CatWISE", "2MASS", "Hipparcos"]
    for profile in SurveyProfile.all where !older.contains(where: profile.name.hasPrefix) {
      #expect(known.contains(profile.name), "\(profile.name)")
    }
  }
}
