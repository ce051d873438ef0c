import CatalogStore
import SQLExt

/// Why one source has the counterpart it has, or none; for people.
struct ExplainReport {
  let explanation: Explanation

  init(_ explanation: Explanation) { self.explanation = explanation }

  private var source: IslandMember { explanation.source }

  var lines: [String] {
    var lines = [title] + facts
    if explanation.pairs.isEmpty { return lines + ["", "Why", "  " + explanation.verdictWithoutCandidates] }
    lines += section("Candidates in \(explanation.otherName)", factorTable(explanation.candidates))
    if !explanation.rivals.isEmpty {
      lines += section("Pairs of its rivals", factorTable(explanation.rivals))
    }
    let magnitudes = magnitudeTable.lines
    if explanation.photometry.contains(where: { $0 != nil }) {
      lines += ["", "Magnitudes"] + magnitudes.map { "  " + $0 }
    }
    let crowding = crowdingTable
    if explanation.crowding.contains(where: { $0 != nil }) { lines += section("Hidden neighbours", crowding) }
    lines += IslandDrawing(explanation).lines
    return lines + ["", "Why"] + reasons
  }

  private func section(_ title: String, _ table: TextTable) -> [String] { ["", title] + table.lines.map { "  " + $0 } }

  // MARK: In a few lines

  private var title: String {
    let own = "\(explanation.ownName) \(Self.name(source))"
    guard let match = explanation.match, let other = explanation.member(of: match, isA: !source.isA) else {
      return
        "\(own) has no counterpart in \(explanation.otherName), P \(Self.probability(explanation.aloneProbability))"
    }
    return "\(own) is \(explanation.otherName) \(Self.name(other)), P \(Self.probability(match.probability))"
  }

  private var facts: [String] {
    var table = TextTable([("", .left), ("", .left)])
    if explanation.candidates.contains(where: { $0.eta != 0 }) { table.add(["positions alone", positionsAlone]) }
    if explanation.match != nil {
      table.add(["no counterpart", "P \(Self.probability(explanation.aloneProbability))"])
    }
    if let next = explanation.runnerUp, let other = explanation.member(of: next, isA: !source.isA) {
      table.add(["next best", "\(Self.name(other)), P \(Self.probability(next.probability))"])
    }
    table.add(["position", position])
    table.add(["island", island])
    if let first = explanation.candidates.first { table.add(["densities", densities(first)]) }
    for meaning in MatchFlags.meanings where source.flags.contains(meaning.flag) {
      table.add(["flag \(meaning.name)", meaning.meaning])
    }
    table.add(["answer from", explanation.run.map { "run \($0)" } ?? "a match on the spot"])
    return table.takeRows().map { "  " + $0 }
  }

  /// What the same would be worth without magnitudes.
  private var positionsAlone: String {
    let probability =
      explanation.match?.probabilityWithoutPhotometry ?? explanation.aloneProbabilityWithoutPhotometry
    return "P " + Self.probability(probability)
  }

  private var position: String {
    "\(Format.significant(source.raDegrees, 10)) \(NumberText.signed(source.decDegrees, 9)) deg as catalogued, "
      + "error \(Format.short(source.sigmaArcsec))″"
  }

  private var island: String {
    let countA = explanation.members.count(where: \.isA)
    return "\(countA) of \(explanation.nameA), \(explanation.members.count - countA) of \(explanation.nameB); "
      + "best assignment as a whole P \(Self.probability(source.matchProbability))"
  }

  private func densities(_ pair: CandidatePair) -> String {
    let densities = pair.densities
    return "\(Format.short(densities.counterparts)) deg⁻² of counterparts; without one "
      + "\(Format.short(densities.a)) of \(explanation.nameA), \(Format.short(densities.b)) of \(explanation.nameB)"
  }

  // MARK: Factors

  private func factorTable(_ pairs: ArraySlice<CandidatePair>) -> TextTable {
    var table = TextTable([
      ("", .left), (explanation.nameA, .left), (explanation.nameB, .left), ("sep ″", .right), ("err a ″", .right),
      ("err b ″", .right), ("χ²", .right), ("log G", .right), ("ξ", .right), ("η", .right), ("log R", .right),
      ("P", .right), ("P pos.", .right),
    ])
    for pair in pairs { table.add(row(pair)) }
    return table
  }

  private func row(_ pair: CandidatePair) -> [String] {
    let (a, b) = (explanation.member(of: pair, isA: true), explanation.member(of: pair, isA: false))
    return [pair.isMatched ? "*" : " ", a.map(Self.name) ?? "", b.map(Self.name) ?? ""]
      + [
        pair.separationArcsec, a?.sigmaArcsec ?? .nan, b?.sigmaArcsec ?? .nan, pair.chiSquared, pair.log10Density,
        pair.xi, pair.eta, pair.log10Ratio,
      ].map { Format.significant($0, 3) }
      + [pair.probability, pair.probabilityWithoutPhotometry].map(Self.probability)
  }

  /// What η is made of.
  private var magnitudeTable: TextTable {
    var table = TextTable([
      (explanation.nameA, .left), (explanation.nameB, .left), ("mag a", .left), ("mag b", .left), ("c", .right),
      ("f a", .right), ("f b", .right), ("c/(f f)", .right),
    ])
    for case (let pair, let factors?) in zip(explanation.pairs, explanation.photometry) {
      let (a, b) = (explanation.member(of: pair, isA: true), explanation.member(of: pair, isA: false))
      let shares = [factors.counterparts, factors.fieldA, factors.fieldB]
      table.add(
        [a.map(Self.name) ?? "", b.map(Self.name) ?? "", PhotometricFactors.text(factors.classA)]
          + [PhotometricFactors.text(factors.classB)]
          + (shares + [shares[0] / (shares[1] * shares[2])]).map { Format.significant($0, 3) })
    }
    return table
  }

  /// What hidden neighbours do to the sources of each pair, and what G and η would be without them.
  private var crowdingTable: TextTable {
    var table = TextTable([
      (explanation.nameA, .left), (explanation.nameB, .left), ("a deg⁻²", .right), ("b deg⁻²", .right),
      ("pull a ″", .right), ("pull b ″", .right), ("f10 a", .right), ("f10 b", .right), ("log G unpulled", .right),
      ("η as measured", .right),
    ])
    for case (let pair, let crowding?) in zip(explanation.pairs, explanation.crowding) {
      let (a, b) = (explanation.member(of: pair, isA: true), explanation.member(of: pair, isA: false))
      let sides = [crowding.a, crowding.b]
      table.add(
        [a.map(Self.name) ?? "", b.map(Self.name) ?? ""]
          + (sides.map(\.densityPerDegree2) + sides.map(\.rmsArcsec) + sides.map(\.contamination.above10)
          + [crowding.log10DensityUnpulled, crowding.etaAsMeasured]).map {
            // Unknown where the neighbours of a side are.
            $0.isNaN ? "" : Format.significant($0, 3)
          })
    }
    return table
  }

  private var reasons: [String] {
    explanation.candidates.compactMap { pair in
      explanation.member(of: pair, isA: !source.isA).map {
        "  \(TextTable.printable(Self.name($0))): \(TextTable.printable(explanation.verdict(of: pair)))"
      }
    }
  }

  // MARK: Words

  /// The id of a source, or its rowid.
  static func name(_ member: IslandMember) -> String {
    switch member.id {
    case .integer(let id): "\(id)"
    case .text(let id): id
    default: "rowid \(member.rowid)"
    }
  }

  /// Three digits, and as many of the distance from 1: 0.0123, 0.982, 0.99998.
  static func probability(_ value: Double) -> String {
    if value <= 0.99 || value == 1 { return Format.significant(value, 3) }
    let rest = Format.significant(1 - value, 1)
    return value > 0.999995 ? "1 − \(rest)" : Format.significant(value, 5)
  }
}
