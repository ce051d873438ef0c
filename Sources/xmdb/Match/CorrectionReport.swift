import CatalogStore
import Indexing
import Match
import MatchRun

/// What a correction of errors would do, or has found, for people or as JSON.
struct CorrectionReport {
  /// The same twice.
  struct Answer {
    let lines: [String]
    let json: JSONValue
  }

  let plan: CorrectionPlan
  var outcome: CorrectionDriver.Outcome?
  var seconds = 0.0
  /// What was found; nil: nothing yet.
  var found: CatalogueCorrections?

  private var names: String { "\(plan.catalogue.name) against \(plan.reference.name)" }
  private var notes: [String] { plan.notes.map { "Note: \($0)." } }

  // MARK: The plan

  var planned: Answer {
    let orders = Dictionary(grouping: plan.pixels, by: \.order).sorted { $0.key < $1.key }
    var table = TextTable([("", .left), ("", .left)])
    table.add(["sightlines", Format.count(Int64(plan.pixels.count))])
    table.add([
      "orders", orders.map { "\(Format.count(Int64($0.value.count))) of order \($0.key)" }.joined(separator: ", "),
    ])
    table.add(["positions", plan.epoch.targetYears.map { "compared at epoch \($0)" } ?? "compared as given"])
    table.add(["time", "about \(Format.seconds(plan.seconds)) of one thread"])
    return Answer(
      lines: ["\(names): the plan; nothing has been done."] + table.takeRows().map { "  " + $0 } + notes
        + ["", "Configuration"] + plan.configuration.yaml.split(separator: "\n").map { "  " + $0 },
      json: .object([
        ("catalogue", .text(plan.catalogue.name)), ("reference", .text(plan.reference.name)),
        ("sightlines", .integer(Int64(plan.pixels.count))), ("seconds", .real(plan.seconds)),
        ("configuration", .text(plan.configuration.yaml)), ("notes", .texts(plan.notes)),
      ]))
  }

  // MARK: The answer

  var answer: Answer { Answer(lines: lines, json: json) }

  private var measured: [SightlineCorrection] {
    (found?.sightlines ?? []).map(\.correction).filter(\.record.isMeasured)
  }

  private var lines: [String] {
    guard let outcome, let found else {
      return ["\(names): not finished after \(Format.seconds(seconds))."]
        + (outcome?.problems ?? []).map(MatchReport.line)
    }
    let time =
      outcome.wasThere ? "done before; --redo does it again" : Format.seconds(seconds)
    let resumed = outcome.resumed > 0 ? ", \(outcome.resumed) sightlines from an earlier attempt" : ""
    var table = TextTable([("", .left), ("", .left)])
    let borrowed = found.sightlines.count - measured.count
    table.add([
      "sightlines",
      "\(Format.count(Int64(found.sightlines.count)))"
        + (borrowed > 0 ? ", \(borrowed) of them with too few pairs: they take what their neighbours say" : ""),
    ])
    table.add(["pairs", Format.count(Int64(measured.reduce(0) { $0 + $1.record.pairs }))])
    table.add(["m", spread(measured.map { ($0.record.correction.factor, $0.record.factorError) }, "")])
    table.add(["n", spread(measured.map { ($0.record.correction.floorArcsec, $0.record.floorErrorArcsec) }, " arcsec")])
    table.add(["east", spread(measured.map { ($0.eastMas, $0.offsetErrorMas) }, " mas")])
    table.add(["north", spread(measured.map { ($0.northMas, $0.offsetErrorMas) }, " mas")])
    table.add(["chance pairs", spread(measured.map { (100 * $0.chanceShare, nil) }, " %")])
    let fitness = measured.filter { !$0.record.groups.isEmpty }.map {
      ($0.record.fitness.reducedChiSquare, Double?.none)
    }
    if !fitness.isEmpty { table.add(["chi squared", spread(fitness, " per degree of freedom")]) }
    addRanges(&table, found)
    let form = plan.configuration.relation == .quadratic ? "sqrt((m sigma)² + n²)" : "m sigma + n"
    return ["\(names), run \(outcome.run): \(time)\(resumed). Errors are \(form)."] + table.takeRows().map { "  " + $0 }
      + notes + [
        "Matches of \(plan.catalogue.name) use them from now on (--no-corrections: not). Look further: "
          + "xmdb sql \"SELECT * FROM xm_corrections('\(plan.catalogue.name)')\"."
      ]
  }

  /// m and n of each range of a covariate, and what they are worth.
  private func addRanges(_ table: inout TextTable, _ found: CatalogueCorrections) {
    guard let covariate = found.covariate else { return }
    for place in 0..<covariate.count {
      let ranges = found.sightlines.map { $0.correction.ranges[place] }.filter(\.record.isMeasured)
      let name = "\(covariate.column) \(covariate.name(place))"
      guard !ranges.isEmpty else {
        table.add([name, "too few pairs: as all sources"])
        continue
      }
      let m = spread(ranges.map { ($0.record.correction.factor, $0.record.factorError) }, "")
      let n = spread(ranges.map { ($0.record.correction.floorArcsec, $0.record.floorErrorArcsec) }, " arcsec")
      table.add([name, "m \(m); n \(n)"])
    }
    let numbers = measured.reduce(0) { $0 + $1.moreNumbers }
    let gain = measured.reduce(0) { $0 + $1.covariateGain }
    // Each number more is worth a half of ln L by chance.
    let worth = gain > Double(numbers) ? "" : ": no more than chance gives; better without --by"
    table.add(["gain in ln L", "\(Format.significant(gain, 4)) for \(numbers) numbers more\(worth)"])
  }

  /// One value with its error, or the range of several with the median error.
  private func spread(_ values: [(value: Double, error: Double?)], _ unit: String) -> String {
    guard let first = values.first else { return "" }
    let errors = values.compactMap(\.error).sorted()
    let error = errors.isEmpty ? "" : " ± \(Format.significant(errors[errors.count / 2], 2))"
    if values.count == 1 { return Format.significant(first.value, 4) + error + unit }
    let sorted = values.map(\.value).sorted()
    return "\(Format.significant(sorted[sorted.count / 2], 4))\(error)\(unit) in the median, "
      + "\(Format.significant(sorted[0], 4)) to \(Format.significant(sorted[sorted.count - 1], 4))"
  }

  private var json: JSONValue {
    .object([
      ("catalogue", .text(plan.catalogue.name)), ("reference", .text(plan.reference.name)),
      ("run", .integer(outcome.map(\.run))), ("was_there", .bool(outcome?.wasThere ?? false)),
      ("complete", .bool(found != nil)), ("sightlines_resumed", .integer(outcome.map { Int64($0.resumed) })),
      ("relation", .text(plan.configuration.relation == .quadratic ? "quadratic" : "linear")),
      ("covariate", found?.covariate.map { .text($0.column) } ?? .null),
      ("covariate_gain", found?.covariate == nil ? .null : .real(measured.reduce(0) { $0 + $1.covariateGain })),
      (
        "covariate_numbers",
        found?.covariate == nil ? .null : .integer(Int64(measured.reduce(0) { $0 + $1.moreNumbers }))
      ),
      ("sightlines", .list((found?.sightlines ?? []).map(Self.json))),
      ("set_aside", .list((outcome?.problems ?? []).map(MatchReport.json))), ("seconds", .real(seconds)),
      ("notes", .texts(plan.notes)),
    ])
  }

  private static func json(_ pixel: HealpixPixel, _ correction: SightlineCorrection) -> JSONValue {
    let record = correction.record
    func ifMeasured(_ value: Double) -> JSONValue { record.isMeasured ? .real(value) : .null }
    return .object([
      ("order", .integer(Int64(pixel.order))), ("pixel", .integer(pixel.index)),
      ("pairs", .integer(Int64(record.pairs))),
      ("m", ifMeasured(record.correction.factor)), ("m_error", ifMeasured(record.factorError)),
      ("n_arcsec", ifMeasured(record.correction.floorArcsec)), ("n_error_arcsec", ifMeasured(record.floorErrorArcsec)),
      ("correlation", ifMeasured(correction.correlation)), ("chance_share", ifMeasured(correction.chanceShare)),
      ("east_mas", ifMeasured(correction.eastMas)), ("north_mas", ifMeasured(correction.northMas)),
      ("offset_error_mas", ifMeasured(correction.offsetErrorMas)),
      (
        "ranges",
        .list(correction.ranges.enumerated().map { place, range in json(range, correction.covariate?.name(place)) })
      ),
    ])
  }

  private static func json(_ range: RangeCorrection, _ name: String?) -> JSONValue {
    let record = range.record
    func ifMeasured(_ value: Double) -> JSONValue { record.isMeasured ? .real(value) : .null }
    return .object([
      ("range", name.map { .text($0) } ?? .null), ("pairs", .integer(Int64(record.pairs))),
      ("m", ifMeasured(record.correction.factor)), ("m_error", ifMeasured(record.factorError)),
      ("n_arcsec", ifMeasured(record.correction.floorArcsec)), ("n_error_arcsec", ifMeasured(record.floorErrorArcsec)),
      ("gain", ifMeasured(range.gain)),
    ])
  }
}
