import Indexing
import MatchRun

/// `xm_match_counts(a, b, which, ra, dec)`: among which stars and galaxies a match counts hidden neighbours.
enum MatchCountsTable {
  static let definition = ListTable.definition(
    "xm_match_counts", in: .matching,
    parameters: [
      .catalogue("a"), .catalogue("b"), .text("which", "name of either catalogue"), .ra("ra"), .dec("dec"),
      .run.optional,
    ],
    columns: [
      TableColumn("mag", .real, "middle of a step of 0.1 mag, in the survey's own magnitudes"),
      TableColumn("stars_per_deg2_mag", .real, "stars per square degree and magnitude, modelled or given"),
      TableColumn("galaxies_per_deg2_mag", .real, "galaxies likewise; 0 for a survey of point sources"),
      TableColumn(
        "used_per_deg2_mag", .real,
        "both, scaled to the catalogue's own counts where it is small, and these where it is complete"),
      TableColumn("band", .text, "the band"), TableColumn("a_v", .real, "mean extinction to infinity [mag]"),
    ],
    summary: """
      Among which stars and galaxies a match counts the neighbours hidden in the PSF of one of its catalogues, on the \
      sightline of a position: as in `xm_counts`, but with the counts and the extinction that were given to it (`match --counts-a`, \
      `--counts-b`, `--extinction`). Of the newest finished run; without one, of a match with the default configuration. No rows \
      where nothing is hidden, or in a band of no survey that is known.
      """,
    example: "SELECT mag, stars_per_deg2_mag FROM xm_match_counts('gaia', 'hip', 'gaia', 66, 17) WHERE mag > 20 LIMIT 3"
  ) { filter, contents, context in
    let match = try MatchSource(filter, runArgument: 5, contents, context)
    guard let side = match.side(named: try filter.text(2)) else {
      throw match.refusal(ofSide: filter.arguments[2] ?? .null, at: 2)
    }
    guard let ra = try filter.real(3), let dec = try filter.real(4),
      let position = SkyPosition(raDegrees: ra, decDegrees: dec)
    else { throw filter.refusal(3) }
    guard let found = try match.blends().plan.counts(ofA: side == "a", at: position) else { return [] }
    let (counts, grid) = (found.counts, SightlineCounts.grid)
    return (0..<grid.count).map { step in
      [
        SQLValue((grid[step] * 10).rounded() / 10), SQLValue(counts.stars.density[step]),
        SQLValue(counts.galaxies.density[step]), SQLValue(counts.total.density[step]),
        SQLValue("\(found.band.survey) \(found.band.name)"), SQLValue(counts.extinction.meanAV),
      ]
    }
  }
}
