internal import Glibc
internal import Match

/// Makes the tables of probabilities held against separations.
struct SeparationTables {
  let tally: SeparationTally
  let groups: SeparationGroups

  var tables: [CalibrationTable] { [reliability, scores, thresholds, kinds, pixels] }

  private static func judged(_ sums: SeparationSums) -> JudgedPairs {
    JudgedPairs(histogram: sums.histogram, chance: sums, counterparts: nil)
  }

  private var crossed: JudgedPairs {
    JudgedPairs(
      histogram: tally.crossed.histogram, chance: IndependentEstimate(tally.crossed), counterparts: nil)
  }

  private var subjects: [(name: String, judged: JudgedPairs)] {
    [
      ("pairs", Self.judged(tally.whole)), ("pairs_by_position", crossed),
      ("pairs_without_photometry", Self.judged(tally.positional)),
    ]
  }

  // MARK: Verdict

  /// The cells that are judged: tenths, and several together where each holds few pairs.
  private static let judgedCells =
    ProbabilityHistogram.deciles + [1..<5, 5..<9, 1..<ProbabilityHistogram.edges.count, ProbabilityHistogram.aboveHalf]

  /// The verdict on the pairs: that of the tenths, by either division; else that of the groups.
  var verdict: Reliability.Verdict {
    let whole = [Self.judged(tally.whole), crossed].flatMap { Self.judgedCells.map($0.reliability) }
    if let wrong = Reliability.mostSignificant(whole) { return wrong }
    let parts = SeparationGroups.Kind.allCases.map { Reliability.jointly(rows(of: $0).map(\.row)) }
    return Reliability.worst([Reliability.overall(whole)] + parts)
  }

  /// What was expected and found among the sure pairs.
  var summary: String {
    let pairs = Self.judged(tally.whole)
    let (sums, wrong) = (
      pairs.histogram.sums(ProbabilityHistogram.deciles[9]), pairs.falsePairs(ProbabilityHistogram.deciles[9])
    )
    return "P ≥ 0.9: \(Self.short(sums.expectedFalse)) false pairs expected, "
      + "\(Self.short(wrong.number)) ± \(Self.short(wrong.error)) by separations"
  }

  private static func short(_ value: Double) -> String {
    guard value.isFinite, value < 1e15 else { return "\(value)" }
    return value < 9.95 ? "\((value * 10).rounded() / 10)" : "\(Int64(value.rounded()))"
  }

  // MARK: Tables

  private var reliability: CalibrationTable {
    var table = CalibrationTable(
      "separations_reliability", "Of those given P, how many are real, as separations say?",
      CalibrationTables.reliabilityColumns)
    for (name, judged) in subjects {
      for (tenth, cells) in ProbabilityHistogram.deciles.enumerated() {
        table.add(
          CalibrationTables.reliabilityRow(
            name, from: Double(tenth) / 10, to: Double(tenth + 1) / 10, judged.reliability(cells)))
      }
    }
    return table
  }

  private var scores: CalibrationTable {
    var table = CalibrationTable(
      "separations_scores", "In one number each", ["subject", "number", "expected_real", "real", "error", "verdict"])
    for (name, judged) in subjects {
      let cells = 1..<ProbabilityHistogram.edges.count
      let (sums, wrong) = (judged.histogram.sums(cells), judged.falsePairs(cells))
      table.add([
        .text(name), .integer(sums.count), .real(sums.expectedReal), .real(max(0, Double(sums.count) - wrong.number)),
        .real(wrong.error), .text(Reliability.overall(Self.judgedCells.map(judged.reliability)).rawValue),
      ])
    }
    table.add([
      .text("pairs_of_blends"), .integer(tally.blended), .real(tally.expectedBlended), .real(.nan), .real(.nan),
      .text(""),
    ])
    table.add([
      .text("without_candidate"), .integer(tally.lone), .real(tally.expectedAlone), .real(.nan), .real(.nan), .text(""),
    ])
    return table
  }

  private var thresholds: CalibrationTable {
    var table = CalibrationTable(
      "separations_thresholds", "What a threshold in P gives",
      ["choice", "p_from", "chosen", "expected_false", "false", "false_error", "purity", "completeness"])
    for (name, judged) in [
      ("pair_p", Self.judged(tally.whole)), ("pair_p_without_photometry", Self.judged(tally.positional)),
    ] {
      for cells in ProbabilityHistogram.aboveThresholds {
        table.add(
          [.text(name), .real(ProbabilityHistogram.edges[cells.lowerBound])] + CalibrationTables.choice(judged, cells))
      }
    }
    return table
  }

  /// A group and what is said of its pairs.
  private struct GroupRow {
    let bin: Int64
    let judged: JudgedPairs
    var row: Reliability { judged.reliability(ProbabilityHistogram.aboveHalf) }
  }

  private func rows(of kind: SeparationGroups.Kind) -> [GroupRow] {
    let sums: [(Int64, SeparationSums)] =
      switch kind {
      case .magnitudeA: tally.magnitudesA.enumerated().map { (Int64($0), $1) }
      case .magnitudeB: tally.magnitudesB.enumerated().map { (Int64($0), $1) }
      case .density: tally.densities.enumerated().map { (Int64($0), $1) }
      case .error: tally.errors.enumerated().map { (Int64($0), $1) }
      case .pixel: Array(zip(tally.pixels, tally.pixelSums))
      }
    return sums.filter { $0.1.histogram.total.count > 0 }.map { GroupRow(bin: $0.0, judged: Self.judged($0.1)) }
  }

  private var kinds: CalibrationTable {
    var table = CalibrationTable(
      "separations_kinds", "Pairs with P of at least 0.5, by magnitude, density and quoted error",
      ["kind", "from", "to"] + CalibrationTables.groupColumns)
    for kind in SeparationGroups.Kind.allCases where kind != .pixel && groups.isUsed(kind) {
      for group in rows(of: kind) {
        let limits = limits(kind, Int(group.bin))
        table.add(
          [.text(name(kind)), .real(limits.from), .real(limits.to)] + CalibrationTables.groupValues(group.judged))
      }
    }
    return table
  }

  private func name(_ kind: SeparationGroups.Kind) -> String {
    switch kind {
    case .magnitudeA: "a_\(groups.magnitudesA.band ?? "")_mag"
    case .magnitudeB: "b_\(groups.magnitudesB.band ?? "")_mag"
    case .density: "density_per_deg2"
    case .error: "error_arcsec"
    case .pixel: "pixel"
    }
  }

  /// Where a group begins and ends; NaN: sources without magnitude.
  private func limits(_ kind: SeparationGroups.Kind, _ bin: Int) -> (from: Double, to: Double) {
    func magnitude(_ bins: MagnitudeBins) -> (Double, Double) {
      bin == bins.count - 1 ? (.nan, .nan) : (Double(bins.first + bin), Double(bins.first + bin + 1))
    }
    let octave = Double(OctaveBins.lowest + bin)
    return switch kind {
    case .magnitudeA: magnitude(groups.magnitudesA)
    case .magnitudeB: magnitude(groups.magnitudesB)
    case .density, .pixel: (exp2(octave), exp2(octave + 1))
    // Octaves of √det, the square of an error.
    case .error: (exp2(octave / 2), exp2((octave + 1) / 2))
    }
  }

  private var pixels: CalibrationTable {
    var table = CalibrationTable(
      "separations_pixels", "Pairs with P of at least 0.5, by HEALPix pixel (NESTED) of a",
      ["order", "pixel"] + CalibrationTables.groupColumns)
    for group in rows(of: .pixel) {
      table.add([.integer(Int64(groups.order)), .integer(group.bin)] + CalibrationTables.groupValues(group.judged))
    }
    return table
  }
}
