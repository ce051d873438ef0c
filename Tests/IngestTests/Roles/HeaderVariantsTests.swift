import CatalogStore
import Formats
import Ingest
import Testing

/// Headers of real catalogues, and what must be made of them.
struct HeaderVariantsTests {
  /// Columns as `name`, `name [unit]`, `name {ucd}` or `name [unit] {ucd}`; text columns end in `$`.
  struct Header: Sendable, CustomTestStringConvertible {
    let title: String
    let columns: String
    /// What every role must be, as `role=column [unit]`; nothing else may be assigned.
    let roles: String
    var profile: String?
    var mappings: [String] = []
    var testDescription: String { title }

    func sourceColumns() -> [TableColumn] {
      columns.split(separator: ",").map { text in
        var name = text.trimmingPrefix(while: \.isWhitespace)
        func part(_ open: Character, _ close: Character) -> String? {
          guard let start = name.firstIndex(of: open), let end = name.lastIndex(of: close) else { return nil }
          let inside = String(name[name.index(after: start)..<end])
          name.removeSubrange(start...end)
          return inside
        }
        let ucd = part("{", "}")
        let unit = part("[", "]")
        let plain = String(name.filter { !$0.isWhitespace })
        let isText = plain.hasSuffix("$")
        let isID = ["source_id", "objectId", "cntr", "Source", "HIP", "pts_key", "id", "ID", "objID"].contains(plain)
        return TableColumn(
          name: isText ? String(plain.dropLast()) : plain, type: isText ? .text : isID ? .int64 : .float64, unit: unit,
          ucd: ucd)
      }
    }
  }

  static let headers: [Header] = [
    Header(
      title: "Gaia DR3 archive",
      columns: """
        solution_id, designation$, source_id, random_index, ref_epoch [yr], ra [deg], ra_error [mas], dec [deg],
        dec_error [mas], parallax [mas], parallax_error [mas], pm [mas.yr**-1], pmra [mas.yr**-1],
        pmra_error [mas.yr**-1], pmdec [mas.yr**-1], pmdec_error [mas.yr**-1], ra_dec_corr, ra_parallax_corr,
        phot_g_mean_flux [electron.s**-1], phot_g_mean_flux_over_error, phot_g_mean_mag [mag],
        phot_bp_mean_flux_over_error, phot_bp_mean_mag [mag], phot_rp_mean_flux_over_error, phot_rp_mean_mag [mag],
        bp_rp [mag], grvs_mag [mag], ruwe, l [deg], b [deg]
        """,
      roles: """
        id=source_id, ra=ra [deg], dec=dec [deg], sigma_ra=ra_error [mas], sigma_dec=dec_error [mas],
        corr_ra_dec=ra_dec_corr, pm_ra=pmra [mas/yr], pm_dec=pmdec [mas/yr], sigma_pm_ra=pmra_error [mas/yr],
        sigma_pm_dec=pmdec_error [mas/yr], parallax=parallax [mas], epoch=ref_epoch [yr], mag:G=phot_g_mean_mag [mag],
        snr:G=phot_g_mean_flux_over_error, mag:BP=phot_bp_mean_mag [mag], snr:BP=phot_bp_mean_flux_over_error,
        mag:RP=phot_rp_mean_mag [mag], snr:RP=phot_rp_mean_flux_over_error
        """, profile: "Gaia DR3 archive"),
    Header(
      title: "Gaia DR3, a few columns without units",
      columns: "SOURCE_ID$, ra, dec, ra_error, dec_error, phot_g_mean_mag",
      roles: """
        id=SOURCE_ID, ra=ra [deg], dec=dec [deg], sigma_ra=ra_error [mas], sigma_dec=dec_error [mas],
        mag:G=phot_g_mean_mag [mag]
        """, profile: "Gaia archive"),
    Header(
      title: "Gaia DR3 from VizieR",
      columns: """
        RA_ICRS [deg], e_RA_ICRS [mas], DE_ICRS [deg], e_DE_ICRS [mas], Source, Plx [mas], pmRA [mas/yr],
        e_pmRA [mas/yr], pmDE [mas/yr], e_pmDE [mas/yr], RUWE, RADEcor, Gmag [mag], e_Gmag [mag], BPmag [mag], RPmag [mag]
        """,
      roles: """
        id=Source, ra=RA_ICRS [deg], dec=DE_ICRS [deg], sigma_ra=e_RA_ICRS [mas], sigma_dec=e_DE_ICRS [mas],
        corr_ra_dec=RADEcor, pm_ra=pmRA [mas/yr], pm_dec=pmDE [mas/yr], sigma_pm_ra=e_pmRA [mas/yr],
        sigma_pm_dec=e_pmDE [mas/yr], parallax=Plx [mas], epoch=2016.0 [yr], mag:G=Gmag [mag],
        mag_error:G=e_Gmag [mag], mag:BP=BPmag [mag], mag:RP=RPmag [mag]
        """, profile: "Gaia DR3 (VizieR I/355)"),
    Header(
      title: "Gaia in macauff's test data",
      columns: """
        source_id, designation$, ra, dec, pos_err, bp_mag, g_mag, rp_mag, bestIndex, bp_snr, g_snr, rp_snr, pmra,
        pmdec, pm_err, chunkId, isOverlap, _healpix_29
        """,
      roles: """
        id=source_id, ra=ra [deg], dec=dec [deg], sigma=pos_err [arcsec], pm_ra=pmra [arcsec/yr],
        pm_dec=pmdec [arcsec/yr], sigma_pm=pm_err [arcsec/yr], epoch=2016.0 [yr], best_band=bestIndex,
        mag:BP=bp_mag [mag], snr:BP=bp_snr, mag:G=g_mag [mag], snr:G=g_snr, mag:RP=rp_mag [mag], snr:RP=rp_snr
        """, profile: "Gaia DR3, macauff test data"),
    Header(
      title: "CatWISE in macauff's test data",
      columns: "cntr, designation$, ra, dec, pos_err, w1mag, w2mag, bestIndex, w1snr, w2snr, chunkId, isOverlap",
      roles: """
        id=cntr, ra=ra [deg], dec=dec [deg], sigma=pos_err [arcsec], epoch=2015.4 [yr], best_band=bestIndex,
        mag:W1=w1mag [mag], snr:W1=w1snr, mag:W2=w2mag [mag], snr:W2=w2snr
        """, profile: "CatWISE2020, macauff test data"),
    Header(
      title: "CatWISE2020 at IRSA",
      columns: """
        source_name$, source_id$, ra [deg], dec [deg], sigra [arcsec], sigdec [arcsec], sigradec [arcsec], wx, wy,
        w1snr, w2snr, w1flux [dn], w1mpro [mag], w1sigmpro [mag], w2mpro [mag], w2sigmpro [mag], meanObsMJD [d],
        ra_pm [deg], dec_pm [deg], sigra_pm [arcsec], sigdec_pm [arcsec], sigradec_pm [arcsec], PMRA [arcsec/yr],
        PMDec [arcsec/yr], sigPMRA [arcsec/yr], sigPMDec [arcsec/yr], w1mpro_pm [mag], cntr
        """,
      roles: """
        id=cntr, ra=ra [deg], dec=dec [deg], sigma_ra=sigra [arcsec], sigma_dec=sigdec [arcsec],
        corr_ra_dec=sigradec [arcsec], pm_ra=PMRA [arcsec/yr], pm_dec=PMDec [arcsec/yr],
        sigma_pm_ra=sigPMRA [arcsec/yr], sigma_pm_dec=sigPMDec [arcsec/yr], epoch=meanObsMJD [MJD],
        mag:W1=w1mpro [mag], mag_error:W1=w1sigmpro [mag], snr:W1=w1snr, mag:W2=w2mpro [mag],
        mag_error:W2=w2sigmpro [mag], snr:W2=w2snr
        """, profile: "CatWISE2020"),
    Header(
      title: "CatWISE2020, only the motion fit",
      columns: "source_name$, ra_pm, dec_pm, sigra_pm, sigdec_pm, sigradec_pm, PMRA, PMDec, sigPMRA, sigPMDec, w1mpro",
      roles: """
        id=source_name, ra=ra_pm [deg], dec=dec_pm [deg], sigma_ra=sigra_pm [arcsec], sigma_dec=sigdec_pm [arcsec],
        corr_ra_dec=sigradec_pm [arcsec], pm_ra=PMRA [arcsec/yr], pm_dec=PMDec [arcsec/yr],
        sigma_pm_ra=sigPMRA [arcsec/yr], sigma_pm_dec=sigPMDec [arcsec/yr], epoch=57170.0 [MJD], mag:W1=w1mpro [mag]
        """, profile: "CatWISE2020, motion fit"),
    Header(
      title: "AllWISE at IRSA",
      columns: """
        designation$, ra [deg], dec [deg], sigra [arcsec], sigdec [arcsec], sigradec [arcsec], cntr, coadd_id$,
        w1mpro [mag], w1sigmpro [mag], w1snr, w2mpro [mag], w3mpro [mag], w4mpro [mag], w4sigmpro [mag], w4snr,
        ra_pm [deg], dec_pm [deg], pmra [mas/yr], sigpmra [mas/yr], pmdec [mas/yr], sigpmdec [mas/yr],
        j_m_2mass [mag], h_m_2mass [mag], k_m_2mass [mag], w1mjdmean [mjdate]
        """,
      roles: """
        id=cntr, ra=ra [deg], dec=dec [deg], sigma_ra=sigra [arcsec], sigma_dec=sigdec [arcsec],
        corr_ra_dec=sigradec [arcsec], epoch=55400.0 [MJD], mag:W1=w1mpro [mag], mag_error:W1=w1sigmpro [mag],
        snr:W1=w1snr, mag:W2=w2mpro [mag], mag:W3=w3mpro [mag], mag:W4=w4mpro [mag], mag_error:W4=w4sigmpro [mag],
        snr:W4=w4snr
        """, profile: "AllWISE"),
    Header(
      title: "AllWISE from VizieR",
      columns: """
        AllWISE$, RAJ2000 [deg], DEJ2000 [deg], eeMaj [arcsec], eeMin [arcsec], eePA [deg], W1mag [mag],
        e_W1mag [mag], W2mag [mag], e_W2mag [mag], Jmag [mag], e_Jmag [mag], ID
        """,
      roles: """
        id=ID, ra=RAJ2000 [deg], dec=DEJ2000 [deg], sigma_major=eeMaj [arcsec], sigma_minor=eeMin [arcsec],
        sigma_pa=eePA [deg], mag:W1=W1mag [mag], mag_error:W1=e_W1mag [mag], mag:W2=W2mag [mag],
        mag_error:W2=e_W2mag [mag], mag:J=Jmag [mag], mag_error:J=e_Jmag [mag]
        """),
    Header(
      title: "2MASS PSC",
      columns: """
        ra [deg], dec [deg], err_maj [arcsec], err_min [arcsec], err_ang [deg], designation$, j_m [mag],
        j_cmsig [mag], j_msigcom [mag], j_snr, h_m [mag], h_msigcom [mag], h_snr, k_m [mag], k_msigcom [mag], k_snr,
        pts_key, jdate [d]
        """,
      roles: """
        id=pts_key, ra=ra [deg], dec=dec [deg], sigma_major=err_maj [arcsec], sigma_minor=err_min [arcsec],
        sigma_pa=err_ang [deg], epoch=jdate [JD], mag:J=j_m [mag], mag_error:J=j_msigcom [mag], snr:J=j_snr,
        mag:H=h_m [mag], mag_error:H=h_msigcom [mag], snr:H=h_snr, mag:K=k_m [mag], mag_error:K=k_msigcom [mag],
        snr:K=k_snr
        """, profile: "2MASS PSC"),
    Header(
      title: "2MASS from VizieR",
      columns: """
        RAJ2000 [deg], DEJ2000 [deg], errMaj [arcsec], errMin [arcsec], errPA [deg], 2MASS$, Jmag [mag], e_Jmag [mag],
        Hmag [mag], e_Hmag [mag], Kmag [mag], e_Kmag [mag], JD [d]
        """,
      roles: """
        id=2MASS, ra=RAJ2000 [deg], dec=DEJ2000 [deg], sigma_major=errMaj [arcsec], sigma_minor=errMin [arcsec],
        sigma_pa=errPA [deg], epoch=JD [JD], mag:J=Jmag [mag], mag_error:J=e_Jmag [mag], mag:H=Hmag [mag],
        mag_error:H=e_Hmag [mag], mag:K=Kmag [mag], mag_error:K=e_Kmag [mag]
        """),
    Header(
      title: "Rubin DP1 Object with fluxes",
      columns: """
        objectId, coord_ra [deg], coord_dec [deg], coord_raErr [deg], coord_decErr [deg], coord_ra_dec_Cov [deg**2],
        refBand$, g_ra [deg], g_dec [deg], g_psfFlux [nJy], g_psfFluxErr [nJy], g_cModelFlux [nJy], r_psfFlux [nJy],
        r_psfFluxErr [nJy]
        """,
      roles: """
        id=objectId, ra=coord_ra [deg], dec=coord_dec [deg], sigma_ra=coord_raErr [deg], sigma_dec=coord_decErr [deg],
        corr_ra_dec=coord_ra_dec_Cov [deg2], epoch=2024.9 [yr], mag:g=g_psfFlux [nJy], mag_error:g=g_psfFluxErr [nJy],
        mag:r=r_psfFlux [nJy], mag_error:r=r_psfFluxErr [nJy]
        """, profile: "Rubin Object"),
    Header(
      title: "Rubin DP1 Object with magnitudes",
      columns: """
        objectId, coord_ra [deg], coord_dec [deg], coord_raErr [deg], coord_decErr [deg], g_psfFlux [nJy],
        g_psfFluxErr [nJy], g_psfMag [mag(AB)], g_psfMagErr [mag(AB)], y_psfMag [mag(AB)], y_psfFluxErr [nJy]
        """,
      roles: """
        id=objectId, ra=coord_ra [deg], dec=coord_dec [deg], sigma_ra=coord_raErr [deg], sigma_dec=coord_decErr [deg],
        epoch=2024.9 [yr], mag:g=g_psfMag [mag], mag_error:g=g_psfMagErr [mag], mag:y=y_psfMag [mag]
        """, profile: "Rubin Object"),
    Header(
      title: "Hipparcos-2",
      columns: """
        HIP, RArad [rad], DErad [rad], Plx [mas], pmRA [mas/yr], pmDE [mas/yr], e_RArad [mas], e_DErad [mas],
        e_Plx [mas], e_pmRA [mas/yr], e_pmDE [mas/yr], Hpmag [mag], e_Hpmag [mag], B-V [mag]
        """,
      roles: """
        id=HIP, ra=RArad [rad], dec=DErad [rad], sigma_ra=e_RArad [mas], sigma_dec=e_DErad [mas], pm_ra=pmRA [mas/yr],
        pm_dec=pmDE [mas/yr], sigma_pm_ra=e_pmRA [mas/yr], sigma_pm_dec=e_pmDE [mas/yr], parallax=Plx [mas],
        epoch=1991.25 [yr], mag:Hp=Hpmag [mag], mag_error:Hp=e_Hpmag [mag]
        """, profile: "Hipparcos-2"),
    Header(
      title: "Hipparcos-2 with degrees under the same names",
      columns: "HIP, RArad [deg], DErad [deg], e_RArad, e_DErad",
      roles: """
        id=HIP, ra=RArad [deg], dec=DErad [deg], sigma_ra=e_RArad [mas], sigma_dec=e_DErad [mas], epoch=1991.25 [yr]
        """, profile: "Hipparcos-2"),
    Header(
      title: "Pan-STARRS 1 mean objects",
      columns: """
        objName$, objID, raMean [deg], decMean [deg], raMeanErr [arcsec], decMeanErr [arcsec], epochMean [d],
        gMeanPSFMag, gMeanPSFMagErr, gMeanKronMag, gMeanKronMagErr, rMeanPSFMag, rMeanPSFMagErr
        """,
      roles: """
        id=objID, ra=raMean [deg], dec=decMean [deg], sigma_ra=raMeanErr [arcsec], sigma_dec=decMeanErr [arcsec],
        epoch=epochMean [MJD], mag:g=gMeanPSFMag [mag], mag_error:g=gMeanPSFMagErr [mag], mag:r=rMeanPSFMag [mag],
        mag_error:r=rMeanPSFMagErr [mag]
        """),
    Header(
      title: "SDSS PhotoObj",
      columns: """
        objID, ra [deg], dec [deg], raErr [arcsec], decErr [arcsec], psfMag_u [mag], psfMag_g [mag], psfMagErr_u [mag],
        psfMagErr_g [mag], modelMag_u [mag], modelMag_g [mag], mjd [d]
        """,
      roles: """
        id=objID, ra=ra [deg], dec=dec [deg], sigma_ra=raErr [arcsec], sigma_dec=decErr [arcsec], epoch=mjd [MJD],
        mag:u=psfMag_u [mag], mag_error:u=psfMagErr_u [mag], mag:g=psfMag_g [mag], mag_error:g=psfMagErr_g [mag]
        """),
    Header(
      title: "names that carry their units",
      columns:
        "id, ra_deg, dec_deg, sigma_mas, pm_ra_mas_yr, pm_dec_mas_yr, sigma_pm_mas_yr, mag_r, mag_r_err, epoch_yr",
      roles: """
        id=id, ra=ra_deg [deg], dec=dec_deg [deg], sigma=sigma_mas [mas], pm_ra=pm_ra_mas_yr [mas/yr],
        pm_dec=pm_dec_mas_yr [mas/yr], sigma_pm=sigma_pm_mas_yr [mas/yr], epoch=epoch_yr [yr], mag:r=mag_r [mag],
        mag_error:r=mag_r_err [mag]
        """),
    Header(
      title: "nothing but UCDs",
      columns: """
        a$ {meta.id;meta.main}, b [deg] {pos.eq.ra;meta.main}, c [deg] {pos.eq.dec;meta.main},
        d [arcsec] {stat.error;pos.eq.ra}, e [arcsec] {stat.error;pos.eq.dec}, f [mas/yr] {pos.pm;pos.eq.ra},
        g [mas/yr] {pos.pm;pos.eq.dec}, h [mas/yr] {stat.error;pos.pm;pos.eq.ra},
        i [mas/yr] {stat.error;pos.pm;pos.eq.dec}, k [mag] {phot.mag;em.opt.V}, m [mag] {stat.error;phot.mag;em.opt.V},
        n {stat.correlation;pos.eq.ra;pos.eq.dec}, o [mas] {pos.parallax.trig}
        """,
      roles: """
        id=a, ra=b [deg], dec=c [deg], sigma_ra=d [arcsec], sigma_dec=e [arcsec], corr_ra_dec=n, pm_ra=f [mas/yr],
        pm_dec=g [mas/yr], sigma_pm_ra=h [mas/yr], sigma_pm_dec=i [mas/yr], parallax=o [mas], mag:V=k [mag]
        """),
    Header(
      title: "main UCD beats the usual name",
      columns:
        "id, ra [deg], dec [deg], RAcat [deg] {pos.eq.ra;meta.main}, DEcat [deg] {pos.eq.dec;meta.main}, pos_err [mas]",
      roles: "id=id, ra=RAcat [deg], dec=DEcat [deg], sigma=pos_err [mas]"),
    Header(
      title: "right ascension in hours and errors in radians",
      columns: "name$, ra [h], dec [deg], ra_err [rad], dec_err [rad]",
      roles: "id=name, ra=ra [hourangle], dec=dec [deg], sigma_ra=ra_err [rad], sigma_dec=dec_err [rad]"),
    Header(
      title: "errors told twice: the fuller way is taken",
      columns: "id, ra, dec, pos_err [arcsec], sigra [arcsec], sigdec [arcsec]",
      roles: "id=id, ra=ra [deg], dec=dec [deg], sigma_ra=sigra [arcsec], sigma_dec=sigdec [arcsec]"),
    Header(
      title: "mapping beats profile, and closes what competes with it",
      columns: "source_id, ra, dec, ra_error, dec_error, ra_dec_corr, pmra, pmdec, phot_g_mean_mag, e, ref_epoch",
      roles: """
        id=source_id, ra=ra [deg], dec=dec [deg], sigma=e [mas], epoch=1991.25 [yr], mag:G=phot_g_mean_mag [mag]
        """, profile: "Gaia archive", mappings: ["sigma=e:mas", "epoch=1991.25", "pm_ra=none", "pm_dec=none"]),
    Header(
      title: "one column names a constant",
      columns: "id, ra, dec, V",
      roles: "id=id, ra=ra [deg], dec=dec [deg], sigma=0.02 [mas], mag:V=V [mag]",
      mappings: ["sigma=0.02:mas", "mag:V=V"]),
    Header(
      title: "one component of the motion is none",
      columns: "id, ra, dec, sigma [arcsec], pmra [mas/yr], e_pmra [mas/yr]",
      roles: "id=id, ra=ra [deg], dec=dec [deg], sigma=sigma [arcsec]"),
  ]

  @Test(arguments: headers) func rolesAreRecognised(_ header: Header) throws {
    let roles = try RoleAssignment(recognising: header.sourceColumns(), mappings: header.mappings)
    let expected = Set(header.roles.split(separator: ",").map { trimmed($0) })
    let found = Set(roles.bindings.map { "\($0.role)=\($0.sourceText)" })
    #expect(found.subtracting(expected) == [], "taken and not expected")
    #expect(expected.subtracting(found) == [], "expected and not taken; notes: \(roles.notes)")
    #expect(roles.profile == header.profile)
    for binding in roles.bindings { #expect(!binding.reason.isEmpty) }
  }

  private func trimmed(_ text: Substring) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
