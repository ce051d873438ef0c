import Glibc
import Indexing
import Match
import MatchRun

/// What the models of stars and galaxies say, and what hidden neighbours do to a source.
enum CountTables {
  static let all = [bands, counts, galaxies, crowding, motions]

  private static let bandParameter = Parameter.text("band", "survey and band, such as 'wise W1'; see xm_bands")
  private static let extinction = Parameter.real(
    "a_v", "mag, extinction along the whole line of sight", NumberRange(from: 0, to: 1000)
  ).optional

  private static let bands = ComputedTable.definition(
    "xm_bands", in: .counts,
    columns: [
      TableColumn("survey", .text), TableColumn("band", .text),
      TableColumn("wavelength_um", .real, "effective wavelength"),
      TableColumn("ab_offset_mag", .real, "AB minus the survey's own magnitude"),
      TableColumn("extinction_ratio", .real, "extinction in the band over A_V"),
      TableColumn("psf_fwhm_arcsec", .real, "usual width of the PSF at half maximum"),
    ],
    summary: "The bands of surveys that counts and crowding know.",
    example: "SELECT band, psf_fwhm_arcsec FROM xm_bands WHERE survey = 'wise' LIMIT 2", answer: "W1|6.1\nW2|6.4",
    number: 44
  ) { _ in
    try SurveyBands().all.map { band in
      [
        SQLValue(band.survey), SQLValue(band.name), SQLValue(band.band.wavelengthMicron), SQLValue(band.band.abOffset),
        SQLValue(band.band.extinctionRatio), SQLValue(band.psfFWHMArcsec),
      ]
    }
  }

  private static let counts = ComputedTable.definition(
    "xm_counts", in: .counts, parameters: [bandParameter, .ra("ra"), .dec("dec"), extinction],
    columns: [
      TableColumn("mag", .real, "middle of a step of 0.1 mag, in the survey's own magnitudes"),
      TableColumn("stars_per_deg2_mag", .real, "stars per square degree and magnitude"),
      TableColumn("galaxies_per_deg2_mag", .real, "galaxies likewise; 0 for a survey of point sources"),
      TableColumn("brighter_per_deg2", .real, "both, up to the end of the step, per square degree"),
    ],
    summary: """
      How many stars and galaxies there are by magnitude in a direction, by the built-in models of the Galaxy and of \
      galaxies (docs/counts.md), without a network. Without `a_v` the extinction is that of the model of the dust.
      """,
    example: "SELECT mag, stars_per_deg2_mag FROM xm_counts('gaia G', 63.5, -87) WHERE mag BETWEEN 17.95 AND 18.05",
    number: SightlineCounts.grid.count
  ) { filter in
    let (counts, grid) = (try sightline(filter, extinction: 3).counts, SightlineCounts.grid)
    var brighter = 0.0
    return (0..<grid.count).map { step in
      let (stars, galaxies) = (counts.stars.density[step], counts.galaxies.density[step])
      brighter += (stars + galaxies) * grid.step
      return [
        SQLValue((grid[step] * 10).rounded() / 10), SQLValue(stars), SQLValue(galaxies), SQLValue(brighter),
      ]
    }
  }

  private static let galaxies = ComputedTable.definition(
    "xm_galaxy_counts", in: .counts,
    parameters: [
      bandParameter, extinction,
      .real("z_max", "redshift up to which galaxies are counted", NumberRange(from: 0.01, to: 6)).optional,
    ],
    columns: [
      TableColumn("mag", .real, "middle of a step of 0.1 mag, in the survey's own magnitudes"),
      TableColumn("galaxies_per_deg2_mag", .real, "galaxies per square degree and magnitude"),
      TableColumn("brighter_per_deg2", .real, "up to the end of the step, per square degree"),
    ],
    summary: """
      How many galaxies there are by magnitude, resolved or not, by Schechter functions integrated over redshift (docs/counts.md). \
      Without `a_v` there is no extinction; `z_max` is 4 if it is not given.
      """,
    example: "SELECT mag, galaxies_per_deg2_mag FROM xm_galaxy_counts('wise W1') WHERE mag BETWEEN 15.95 AND 16.05",
    number: SightlineCounts.grid.count
  ) { filter in
    guard let name = try filter.text(0) else { return [] }
    let counts = try SightlineCounts.galaxies(
      try SurveyBands().band(name), extinctionAV: try filter.real(1) ?? 0, upToRedshift: try filter.real(2) ?? 4)
    var brighter = 0.0
    return (0..<counts.grid.count).map { step in
      brighter += counts.density[step] * counts.grid.step
      return [SQLValue((counts.grid[step] * 10).rounded() / 10), SQLValue(counts.density[step]), SQLValue(brighter)]
    }
  }

  private static let crowding = ComputedTable.definition(
    "xm_crowding", in: .counts,
    parameters: [
      bandParameter, .ra("ra"), .dec("dec"),
      .real(
        "mag", "mag",
        NumberRange(
          from: SightlineCounts.sources.lowerBound, to: SightlineCounts.sources.upperBound)), extinction,
    ],
    columns: [
      TableColumn("hidden_neighbours", .real, "sources expected within 1.185 FWHM, up to 6.5 mag fainter"),
      TableColumn("none_p", .real, "probability that there is none"),
      TableColumn("cont_f1", .real, "probability of a neighbour with more than 1 % of the source's flux"),
      TableColumn("cont_f10", .real, "probability of a neighbour with more than 10 % of the source's flux"),
      TableColumn("avg_cont", .real, "mean flux of neighbours in the measured flux, over the source's own"),
      TableColumn("pull_rms_arcsec", .real, "root mean square of the displacement in one coordinate"),
    ],
    summary: """
      What neighbours too faint or too near to be seen do to a source of a magnitude: how likely they are, how much they \
      brighten it and how far they pull its position. Counts as in `xm_counts`, the PSF of `xm_bands`, a position fitted with it.
      """,
    example: "SELECT cont_f10, pull_rms_arcsec FROM xm_crowding('wise W1', 63.5, -87, 16)", number: 1
  ) { filter in
    guard let magnitude = try filter.real(3) else { return [] }
    let model = try sightline(filter, extinction: 4).perturbation(magnitude: magnitude)
    return [
      [
        SQLValue(-log(model.deltaWeight)), SQLValue(model.deltaWeight), SQLValue(model.contaminated1),
        SQLValue(model.contaminated10), SQLValue(model.meanFlux), SQLValue(model.law.rmsArcsec),
      ]
    ]
  }

  private static let motions = ComputedTable.definition(
    "xm_proper_motion", in: .counts,
    parameters: [
      bandParameter, .ra("ra"), .dec("dec"),
      .real(
        "mag", "mag",
        NumberRange(from: SightlineCounts.sources.lowerBound, to: SightlineCounts.sources.upperBound)),
    ],
    columns: [
      TableColumn("weight", .real, "share of the sources; the shares add up to 1"),
      TableColumn("pm_ra_mas_per_yr", .real, "mean motion in right ascension, times cos(dec)"),
      TableColumn("pm_dec_mas_per_yr", .real, "mean motion in declination"),
      TableColumn("sigma_pm_ra_mas_per_yr", .real, "1-sigma spread of the first"),
      TableColumn("sigma_pm_dec_mas_per_yr", .real, "of the second"),
      TableColumn("corr_pm", .real, "correlation of both"),
    ],
    summary: """
      How sources of a magnitude move, as a sum of Gaussians, the largest weight first: stars by the built-in model of the \
      Galaxy, galaxies at rest as a row without spread. It is what a match takes sources of unknown motion to do (docs/method.md).
      """,
    example:
      "SELECT weight, pm_ra_mas_per_yr, sigma_pm_ra_mas_per_yr FROM xm_proper_motion('gaia G', 63.5, -87, 16) LIMIT 3",
    number: MotionGrid.mostGaussians + 1
  ) { filter in
    guard let name = try filter.text(0), let magnitude = try filter.real(3) else { return [] }
    let place = try position(filter)
    let motions = try MotionModels.grid(SurveyBands().band(name), at: place).mixture(magnitude: magnitude)
      .equatorial(at: place)
    var rows = motions.gaussians.map {
      ($0.weight, [$0.meanX, $0.meanY, $0.xx.squareRoot(), $0.yy.squareRoot(), $0.correlation])
    }
    if motions.stillShare > 0 { rows.append((motions.stillShare, [0, 0, 0, 0, 0])) }
    return rows.sorted { $0.0 > $1.0 }.map { weight, values in [SQLValue(weight)] + values.map { SQLValue($0) } }
  }

  private static func position(_ filter: FilterRequest) throws -> SkyPosition {
    guard let ra = try filter.real(1), let dec = try filter.real(2),
      let position = SkyPosition(raDegrees: ra, decDegrees: dec)
    else { throw filter.refusal(1) }
    return position
  }

  private static func sightline(_ filter: FilterRequest, extinction: Int) throws -> SightlineCounts {
    guard let name = try filter.text(0) else { throw filter.refusal(0) }
    return try SightlineCounts(
      try SurveyBands().band(name), at: position(filter), extinctionAV: try filter.real(extinction))
  }
}
