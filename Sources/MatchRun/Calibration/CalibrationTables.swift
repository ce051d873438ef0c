internal import Match

/// Makes the tables of a calibration from its sums.
struct CalibrationTables {
  let sums: RunSums
  let evidence: Evidence
  let groups: SourceGroups

  var tables: [CalibrationTable] {
    [reliability, scores, thresholds] + (groups.band == nil ? [] : [magnitudes]) + [pixels]
  }

  /// The verdict on the pairs, the main question.
  var verdict: Reliability.Verdict { Reliability.overall(pairs.deciles) }

  // MARK: What is judged

  private var pairs: JudgedPairs {
    judged(sums.pairs.whole) {
      $0.whole.photometric
    } counterparts: {
      $0.whole
    }
  }

  private var positionalPairs: JudgedPairs {
    judged(sums.pairsWithoutPhotometry) {
      $0.whole.positional
    } counterparts: {
      $0.whole
    }
  }

  private func judged(
    _ histogram: ProbabilityHistogram, _ chance: (Grouped<ChanceSums>) -> ChanceCounts,
    counterparts: (Grouped<Int64>) -> Int64
  ) -> JudgedPairs {
    switch evidence {
    case .truth(let known):
      JudgedPairs(histogram: histogram, chance: nil, counterparts: Double(counterparts(known)))
    case .shifts(let shifted): JudgedPairs(histogram: histogram, chance: chance(shifted), counterparts: nil)
    }
  }

  private var subjects: [(name: String, judged: JudgedPairs)] {
    let ofPairs = [("pairs", pairs), ("pairs_without_photometry", positionalPairs)]
    guard case .truth = evidence else { return ofPairs }
    return ofPairs + [
      ("nonmatches", JudgedPairs(histogram: sums.alone, chance: nil, counterparts: nil)),
      ("without_candidate", JudgedPairs(histogram: sums.withoutCandidate, chance: nil, counterparts: nil)),
    ]
  }

  // MARK: Tables

  private var reliability: CalibrationTable {
    var table = CalibrationTable(
      "\(evidence.name)_reliability", "Of those given P, how many are real?",
      Self.reliabilityColumns)
    for (name, judged) in subjects {
      for (tenth, cells) in ProbabilityHistogram.deciles.enumerated() {
        let row = judged.reliability(cells)
        table.add(Self.reliabilityRow(name, from: Double(tenth) / 10, to: Double(tenth + 1) / 10, row))
      }
    }
    return table
  }

  static let reliabilityColumns = [
    "subject", "p_from", "p_to", "number", "mean_p", "fraction_real", "fraction_low", "fraction_high", "error", "z",
    "verdict",
  ]

  static func reliabilityRow(
    _ name: String, from: Double, to: Double, _ row: Reliability
  ) -> [CalibrationTable.Value] {
    [
      .text(name), .real(from), .real(to), .integer(row.count), .real(row.meanProbability), .real(row.fractionReal),
      .real(row.count > 0 ? row.interval.lowerBound : .nan), .real(row.count > 0 ? row.interval.upperBound : .nan),
      .real(row.error), .real(row.deviation), .text(row.verdict.rawValue),
    ]
  }

  private var scores: CalibrationTable {
    var table = CalibrationTable(
      "\(evidence.name)_scores", "In one number each",
      ["subject", "number", "expected_real", "real", "calibration_error", "log_loss", "verdict"])
    for (name, judged) in subjects {
      let all = judged.histogram.total
      table.add([
        .text(name), .integer(all.count), .real(all.expectedReal),
        .real(Double(all.count) - judged.falsePairs(0..<judged.histogram.cells.count).number),
        .real(Reliability.expectedError(judged.deciles)),
        .real(judged.chance == nil ? judged.histogram.logLoss : .nan),
        .text(Reliability.overall(judged.deciles).rawValue),
      ])
    }
    return table
  }

  private var thresholds: CalibrationTable {
    var table = CalibrationTable(
      "\(evidence.name)_thresholds", "What a threshold in P gives",
      ["choice", "p_from", "chosen", "expected_false", "false", "false_error", "purity", "completeness"])
    for (name, judged) in [("pair_p", pairs), ("pair_p_without_photometry", positionalPairs)] {
      for cells in ProbabilityHistogram.aboveThresholds {
        table.add([.text(name), .real(ProbabilityHistogram.edges[cells.lowerBound])] + Self.choice(judged, cells))
      }
    }
    if case .truth(let counterparts) = evidence {
      for (name, choice) in [
        ("best_pairing", sums.best), ("best_pairing_without_photometry", sums.bestWithoutPhotometry),
        ("mutually_nearest", sums.nearest),
      ] {
        table.add([.text(name), .real(.nan)] + Self.choice(choice, of: counterparts.whole))
      }
    }
    return table
  }

  /// The columns chosen, expected_false, false, false_error, purity, completeness.
  static func choice(_ judged: JudgedPairs, _ cells: Range<Int>) -> [CalibrationTable.Value] {
    let (sums, wrong) = (judged.histogram.sums(cells), judged.falsePairs(cells))
    return [
      .integer(sums.count), .real(sums.expectedFalse), .real(wrong.number), .real(wrong.error),
      .real(judged.purity(cells)), .real(judged.completeness(cells)),
    ]
  }

  private static func choice(_ choice: RunSums.Choice, of counterparts: Int64) -> [CalibrationTable.Value] {
    [
      .integer(choice.chosen), .real(.nan), .real(Double(choice.chosen - choice.real)), .real(0),
      .real(Double(choice.real) / Double(choice.chosen)), .real(Double(choice.real) / Double(counterparts)),
    ]
  }

  static let groupColumns = [
    "chosen", "expected_false", "false", "false_error", "purity", "completeness", "z", "verdict",
  ]

  static func groupValues(_ judged: JudgedPairs) -> [CalibrationTable.Value] {
    let row = judged.reliability(ProbabilityHistogram.aboveHalf)
    return choice(judged, ProbabilityHistogram.aboveHalf) + [.real(row.deviation), .text(row.verdict.rawValue)]
  }

  private var magnitudes: CalibrationTable {
    var table = CalibrationTable(
      "\(evidence.name)_magnitudes", "Pairs with P of at least 0.5, by magnitude of a in \(groups.band ?? "")",
      ["band", "from_mag", "to_mag"] + Self.groupColumns)
    for bin in 0..<groups.magnitudeBins {
      let isKnown = bin < groups.magnitudeBins - 1
      let start = isKnown ? Double(groups.firstMagnitude + bin) : .nan
      let judged = judged(sums.pairs.magnitudes[bin]) {
        $0.magnitudes[bin].photometric
      } counterparts: {
        $0.magnitudes[bin]
      }
      if judged.histogram.total.count == 0 { continue }
      table.add([.text(groups.band ?? ""), .real(start), .real(start + 1)] + Self.groupValues(judged))
    }
    return table
  }

  private var pixels: CalibrationTable {
    var table = CalibrationTable(
      "\(evidence.name)_pixels", "Pairs with P of at least 0.5, by HEALPix pixel (NESTED) of a",
      ["order", "pixel"] + Self.groupColumns)
    for (position, pixel) in groups.pixels.enumerated() {
      let judged = judged(sums.pairs.pixels[position]) {
        $0.pixels[position].photometric
      } counterparts: {
        $0.pixels[position]
      }
      if judged.histogram.total.count == 0 { continue }
      table.add([.integer(Int64(pixel.order)), .integer(pixel.index)] + Self.groupValues(judged))
    }
    return table
  }
}
