import CatalogStore
import MatchRun
import SQLExt

extension ExplainReport {
  /// The same for programs; names as the columns of `xm_explain`.
  var json: JSONValue {
    let source = explanation.source
    return .object(
      [("catalogue", .text(explanation.ownName)), ("side", .text(source.isA ? "a" : "b"))] + Self.members(source)
        + [
          ("counterpart", explanation.match.map { id(of: $0, isA: !source.isA) } ?? .null),
          ("pair_p", .real(explanation.match?.probability)), ("alone_p", .real(explanation.aloneProbability)),
          ("runner_up_id", explanation.runnerUp.map { id(of: $0, isA: !source.isA) } ?? .null),
          ("runner_up_p", .real(explanation.runnerUp?.probability)), ("island", .integer(source.island)),
          ("match_p", .real(source.matchProbability)),
          ("match_p_without_photometry", .real(source.matchProbabilityWithoutPhotometry)),
          ("flags", .texts(source.flags.text.split(separator: " ").map(String.init))),
          ("run", .integer(explanation.run)),
          ("verdict", .text(explanation.pairs.isEmpty ? explanation.verdictWithoutCandidates : nil)),
          ("nearest", explanation.nearest.map(nearest) ?? .null),
          ("candidates", .list(explanation.candidates.indices.map(pair))),
          ("rivals", .list(explanation.rivals.indices.map(pair))),
          ("members", .list(explanation.members.map(member))),
        ])
  }

  private func nearest(_ source: NearestSource) -> JSONValue {
    .object([
      ("id", Self.value(source.id)), ("rowid", .integer(source.rowid)),
      ("separation_arcsec", .real(source.separationArcsec)),
    ])
  }

  private func member(_ member: IslandMember) -> JSONValue {
    .object(
      [
        ("catalogue", .text(member.isA ? explanation.nameA : explanation.nameB)),
        ("side", .text(member.isA ? "a" : "b")),
      ]
        + Self.members(member))
  }

  private static func members(_ member: IslandMember) -> [(String, JSONValue)] {
    [
      ("id", value(member.id)), ("rowid", .integer(member.rowid)), ("ra_deg", .real(member.raDegrees)),
      ("dec_deg", .real(member.decDegrees)), ("sigma_used_arcsec", .real(member.sigmaArcsec)),
    ]
  }

  private func pair(_ index: Int) -> JSONValue {
    let (pair, photometry) = (explanation.pairs[index], explanation.photometry[index])
    return .object(
      factors(pair, photometry) + (explanation.crowding.isEmpty ? [] : hidden(explanation.crowding[index])))
  }

  /// What hidden neighbours have to do with a pair.
  private func hidden(_ crowding: PairCrowding?) -> [(String, JSONValue)] {
    [
      ("a_density_per_deg2", .real(crowding?.a.densityPerDegree2)),
      ("b_density_per_deg2", .real(crowding?.b.densityPerDegree2)),
      ("a_pull_rms_arcsec", .real(crowding?.a.rmsArcsec)), ("b_pull_rms_arcsec", .real(crowding?.b.rmsArcsec)),
      ("a_avg_cont", .real(crowding?.a.contamination.meanFlux)),
      ("b_avg_cont", .real(crowding?.b.contamination.meanFlux)),
      ("a_cont_f10", .real(crowding?.a.contamination.above10)),
      ("b_cont_f10", .real(crowding?.b.contamination.above10)),
      ("log10_density_unpulled", .real(crowding?.log10DensityUnpulled)),
      ("eta_as_measured", .real(crowding?.etaAsMeasured)),
    ]
  }

  private func factors(_ pair: CandidatePair, _ photometry: PhotometricFactors?) -> [(String, JSONValue)] {
    [
      ("a_id", id(of: pair, isA: true)), ("b_id", id(of: pair, isA: false)), ("a_rowid", .integer(pair.rowidA)),
      ("b_rowid", .integer(pair.rowidB)), ("separation_arcsec", .real(pair.separationArcsec)),
      ("a_sigma_used_arcsec", .real(explanation.member(of: pair, isA: true)?.sigmaArcsec)),
      ("b_sigma_used_arcsec", .real(explanation.member(of: pair, isA: false)?.sigmaArcsec)),
      ("chi2", .real(pair.chiSquared)), ("log10_density", .real(pair.log10Density)),
      ("n_c", .real(pair.densities.counterparts)), ("n_a", .real(pair.densities.a)), ("n_b", .real(pair.densities.b)),
      ("eta", .real(pair.eta)), ("xi", .real(pair.xi)), ("log10_ratio", .real(pair.log10Ratio)),
      ("a_magnitude", .text(photometry.map { PhotometricFactors.text($0.classA) })),
      ("b_magnitude", .text(photometry.map { PhotometricFactors.text($0.classB) })),
      ("c", .real(photometry?.counterparts)), ("f_a", .real(photometry?.fieldA)), ("f_b", .real(photometry?.fieldB)),
      ("pair_p", .real(pair.probability)), ("matched", .bool(pair.isMatched)),
      ("pair_p_without_photometry", .real(pair.probabilityWithoutPhotometry)),
      ("matched_without_photometry", .bool(pair.isMatchedWithoutPhotometry)),
      ("verdict", .text(explanation.verdict(of: pair))),
    ]
  }

  private func id(of pair: CandidatePair, isA: Bool) -> JSONValue { Self.value(isA ? pair.idA : pair.idB) }

  private static func value(_ id: SQLValue) -> JSONValue {
    switch id {
    case .integer(let id): .integer(id)
    case .text(let id): .text(id)
    default: .null
    }
  }
}
