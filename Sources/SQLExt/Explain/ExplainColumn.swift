import CatalogStore
import MatchRun

/// The columns of `xm_explain`, and their values.
enum ExplainColumn: Int, CaseIterable {
  case side, role, idA, idB, separation, sigmaA, sigmaB, chiSquared, density, nC, nA, nB, eta, xi, ratio
  case magnitudeA, magnitudeB, counterparts, fieldA, fieldB
  case pairP, matched, positionalP, positionalMatched, verdict, aloneP, runnerUp, runnerUpP
  case island, membersA, membersB, matchP, positionalMatchP, flags, flagNames, rowidA, rowidB
  case densityA, densityB, pullA, pullB, meanFluxA, meanFluxB, above10A, above10B, unpulled, asMeasured

  /// What hidden neighbours have to do with a pair.
  static let ofCrowding: [ExplainColumn] = [
    .densityA, .densityB, .pullA, .pullB, .meanFluxA, .meanFluxB, .above10A, .above10B, .unpulled, .asMeasured,
  ]

  var column: TableColumn {
    switch self {
    case .side: TableColumn("side", .text, "'a' or 'b': the catalogue of the source that is explained")
    case .role: TableColumn("role", .text, "'candidate': a pair of the source; 'rival': of another one; 'alone': none")
    case .idA: inPairs("a_id")
    case .idB: inPairs("b_id")
    case .separation: inPairs("separation_arcsec")
    case .sigmaA: inMatches("a_sigma_used_arcsec")
    case .sigmaB: inMatches("b_sigma_used_arcsec")
    case .chiSquared: inPairs("chi2")
    case .density: inPairs("log10_density")
    case .nC: inPairs("n_c")
    case .nA: inPairs("n_a")
    case .nB: inPairs("n_b")
    case .eta: inPairs("eta")
    case .xi: inPairs("xi")
    case .ratio: TableColumn("log10_ratio", .real, "log10 of the likelihood ratio R: eta + xi, not limited")
    case .magnitudeA: TableColumn("a_magnitude", .text, "band and range of magnitudes of a; NULL: not used")
    case .magnitudeB: TableColumn("b_magnitude", .text, "band and range of magnitudes of b; NULL: not used")
    case .counterparts: TableColumn("c", .real, "share of counterparts with these magnitudes, around a")
    case .fieldA: TableColumn("f_a", .real, "share of sources of a without counterpart with this magnitude")
    case .fieldB: TableColumn("f_b", .real, "share of sources of b without counterpart with this magnitude")
    case .pairP: inPairs("pair_p")
    case .matched: inPairs("matched")
    case .positionalP: inPairs("pair_p_without_photometry")
    case .positionalMatched: inPairs("matched_without_photometry")
    case .verdict: TableColumn("verdict", .text, "why the pair won or lost; dex: powers of ten of R")
    case .aloneP: TableColumn("alone_p", .real, "probability that the source explained has no counterpart")
    case .runnerUp: TableColumn("runner_up_id", .any, "its best candidate outside the best assignment; NULL: none")
    case .runnerUpP: TableColumn("runner_up_p", .real, "the probability of that")
    case .island: inPairs("island")
    case .membersA: TableColumn("island_a", .integer, "sources of a in the island")
    case .membersB: TableColumn("island_b", .integer, "sources of b in the island")
    case .matchP: inMatches("match_p")
    case .positionalMatchP: inMatches("match_p_without_photometry")
    case .flags: inPairs("flags")
    case .flagNames: TableColumn("flag_names", .text, "the same in words")
    case .rowidA: inPairs("a_rowid")
    case .rowidB: inPairs("b_rowid")
    case .densityA: TableColumn("a_density_per_deg2", .real, "density of catalogue a around a [deg**-2]")
    case .densityB: TableColumn("b_density_per_deg2", .real, "density of catalogue b around b [deg**-2]")
    case .pullA:
      TableColumn(
        "a_pull_rms_arcsec", .real,
        "root mean square of the displacement of a by hidden neighbours in one coordinate; NULL: not modelled [arcsec]")
    case .pullB: TableColumn("b_pull_rms_arcsec", .real, "likewise of b [arcsec]")
    case .meanFluxA: inMatches("a_avg_cont")
    case .meanFluxB: inMatches("b_avg_cont")
    case .above10A:
      TableColumn("a_cont_f10", .real, "probability that a has a contaminant above 10 % relative flux, if a is b")
    case .above10B:
      TableColumn("b_cont_f10", .real, "probability that b has a contaminant above 10 % relative flux, if a is b")
    case .unpulled:
      TableColumn(
        "log10_density_unpulled", .real,
        "log10_density if hidden neighbours pulled neither, and neither had an unknown motion [log(deg**-2)]")
    case .asMeasured:
      TableColumn(
        "eta_as_measured", .real,
        "eta of the magnitudes as they are; in eta, neighbours count that are listed beside, and hidden ones that a large separation speaks for"
      )
    }
  }

  private func inPairs(_ name: String) -> TableColumn { MatchTables.column(name, of: .pairs) }
  private func inMatches(_ name: String) -> TableColumn { MatchTables.column(name, of: .matches) }

  /// A row for each pair; for a source without any, one row.
  static func rows(_ explanation: Explanation) -> [[SQLValue]] {
    if explanation.pairs.isEmpty { return [allCases.map { $0.value(explanation, nil) }] }
    return explanation.pairs.indices.map { index in
      let crowding = explanation.crowding.isEmpty ? nil : explanation.crowding[index]
      return allCases.map {
        $0.photometricValue(explanation.photometry[index]) ?? $0.crowdingValue(crowding)
          ?? $0.value(explanation, explanation.pairs[index])
      }
    }
  }

  private func value(_ explanation: Explanation, _ pair: CandidatePair?) -> SQLValue {
    switch self {
    case .idA, .idB, .sigmaA, .sigmaB, .rowidA, .rowidB: memberValue(explanation.member(of: pair, isA: isOfA))
    case .side, .role, .verdict: textValue(explanation, pair)
    case .aloneP, .runnerUp, .runnerUpP, .island, .membersA, .membersB, .matchP, .positionalMatchP, .flags,
      .flagNames:
      sourceValue(explanation)
    case .magnitudeA, .magnitudeB, .counterparts, .fieldA, .fieldB: .null
    case _ where Self.ofCrowding.contains(self): .null
    default: pair.map(pairValue) ?? .null
    }
  }

  /// Nil for the columns that are not about magnitudes.
  private func photometricValue(_ factors: PhotometricFactors?) -> SQLValue? {
    switch self {
    case .magnitudeA: SQLValue(factors.map { PhotometricFactors.text($0.classA) })
    case .magnitudeB: SQLValue(factors.map { PhotometricFactors.text($0.classB) })
    case .counterparts: SQLValue(factors?.counterparts)
    case .fieldA: SQLValue(factors?.fieldA)
    case .fieldB: SQLValue(factors?.fieldB)
    default: nil
    }
  }

  /// Nil for the columns that are not about hidden neighbours.
  private func crowdingValue(_ crowding: PairCrowding?) -> SQLValue? {
    switch self {
    case .densityA: SQLValue(crowding?.a.densityPerDegree2)
    case .densityB: SQLValue(crowding?.b.densityPerDegree2)
    case .pullA: SQLValue(crowding?.a.rmsArcsec)
    case .pullB: SQLValue(crowding?.b.rmsArcsec)
    case .meanFluxA: SQLValue(crowding?.a.contamination.meanFlux)
    case .meanFluxB: SQLValue(crowding?.b.contamination.meanFlux)
    case .above10A: SQLValue(crowding?.a.contamination.above10)
    case .above10B: SQLValue(crowding?.b.contamination.above10)
    case .unpulled: SQLValue(crowding?.log10DensityUnpulled)
    case .asMeasured: SQLValue(crowding?.etaAsMeasured)
    default: nil
    }
  }

  private var isOfA: Bool { [.idA, .sigmaA, .rowidA].contains(self) }

  private func memberValue(_ member: IslandMember?) -> SQLValue {
    guard let member else { return .null }
    switch self {
    case .idA, .idB: return member.id
    case .sigmaA, .sigmaB: return SQLValue(member.sigmaArcsec)
    default: return SQLValue(member.rowid)
    }
  }

  private func textValue(_ explanation: Explanation, _ pair: CandidatePair?) -> SQLValue {
    switch self {
    case .side: .text(explanation.source.isA ? "a" : "b")
    case .role: .text(pair.map { explanation.isOwn($0) ? "candidate" : "rival" } ?? "alone")
    default: .text(pair.map(explanation.verdict) ?? explanation.verdictWithoutCandidates)
    }
  }

  private func sourceValue(_ explanation: Explanation) -> SQLValue {
    let source = explanation.source
    switch self {
    case .aloneP: return SQLValue(explanation.aloneProbability)
    case .runnerUp: return explanation.runnerUp.map { source.isA ? $0.idB : $0.idA } ?? .null
    case .runnerUpP: return SQLValue(explanation.runnerUp?.probability)
    case .island: return SQLValue(source.island)
    case .membersA: return SQLValue(explanation.members.count(where: \.isA))
    case .membersB: return SQLValue(explanation.members.count { !$0.isA })
    case .matchP: return SQLValue(source.matchProbability)
    case .positionalMatchP: return SQLValue(source.matchProbabilityWithoutPhotometry)
    case .flags: return SQLValue(source.flags.rawValue)
    default: return .text(source.flags.text)
    }
  }

  private func pairValue(_ pair: CandidatePair) -> SQLValue {
    switch self {
    case .separation: SQLValue(pair.separationArcsec)
    case .chiSquared: SQLValue(pair.chiSquared)
    case .density: SQLValue(pair.log10Density)
    case .nC: SQLValue(pair.densities.counterparts)
    case .nA: SQLValue(pair.densities.a)
    case .nB: SQLValue(pair.densities.b)
    case .eta: SQLValue(pair.eta)
    case .xi: SQLValue(pair.xi)
    case .ratio: SQLValue(pair.log10Ratio)
    case .pairP: SQLValue(pair.probability)
    case .matched: SQLValue(pair.isMatched ? 1 : 0)
    case .positionalP: SQLValue(pair.probabilityWithoutPhotometry)
    default: SQLValue(pair.isMatchedWithoutPhotometry ? 1 : 0)
    }
  }
}
