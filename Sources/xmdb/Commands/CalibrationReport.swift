import CatalogStore
import Formats
import MatchRun

/// A calibration for people, as JSON, or as CSV files.
struct CalibrationReport {
  let run: RunInfo
  let options: Calibration.Options
  let distanceArcsec: Double
  let answers: [Calibration.Answer]

  // MARK: For people

  var lines: [String] {
    answers.enumerated().flatMap { position, answer in (position > 0 ? [""] : []) + lines(answer) }
  }

  private func lines(_ answer: Calibration.Answer) -> [String] {
    [
      "Run \(run.id), \(run.catalogueA) and \(run.catalogueB), judged by \(evidence(answer)): \(answer.judgement)."
    ] + sampling(answer) + answer.tables.flatMap { ["", $0.title] + Self.text($0).lines }
  }

  private func sampling(_ answer: Calibration.Answer) -> [String] {
    let summary = answer.summary.map { [$0 + "."] } ?? []
    if let (sources, all, pieces) = answer.sample {
      return summary + [
        "Looked at \(Format.count(Int64(sources))) of \(Format.count(Int64(all))) sources, in \(Format.count(Int64(pieces), "piece")) of sky chosen by pixel."
      ]
    }
    guard let (solved, found) = answer.sampled else { return summary }
    return [
      "Of about \(Format.count(found)) chance pairs \(Format.count(solved)) were solved, chosen at random; each stands for several."
    ]
  }

  private func evidence(_ answer: Calibration.Answer) -> String {
    switch answer.evidence {
    case "separations": "the separations of its candidate pairs"
    case "truth": "the column '\(options.truth ?? "")'"
    default:
      "\(Format.count(Int64(options.shifts), "shift")) of \(run.catalogueB) by \(Format.short(distanceArcsec)) arcsec"
    }
  }

  private static func text(_ table: CalibrationTable) -> TextTable {
    let words = Set(
      table.rows.first?.indices.filter { if case .text = table.rows[0][$0] { true } else { false } } ?? [])
    var text = TextTable(
      table.columns.enumerated().map { ($1.replacing("_", with: " "), words.contains($0) ? .left : .right) })
    for row in table.rows { text.add(zip(table.columns, row).map(cell)) }
    return text
  }

  private static func cell(_ column: String, _ value: CalibrationTable.Value) -> String {
    switch value {
    // A pixel has a number, it is not one.
    case .integer(let value): column == "pixel" ? String(value) : Format.count(value)
    case .real(let value): value.isNaN ? "" : Format.significant(value, 4)
    case .text(let value): value.replacing("_", with: " ")
    }
  }

  // MARK: For programs

  var json: JSONValue {
    var members: [(String, JSONValue)] = [
      ("run", .integer(run.id)), ("a", .text(run.catalogueA)), ("b", .text(run.catalogueB)),
      ("truth_column", .text(options.truth)),
      ("shifts", .integer(Int64(options.shifts))),
      ("distance_arcsec", options.shifts > 0 ? .real(distanceArcsec) : .null),
    ]
    for answer in answers {
      members.append(("\(answer.evidence)_verdict", .text(answer.verdict)))
      if answer.evidence == "separations" {
        members.append(("separations_is_trusted", .bool(answer.isTrusted)))
        members.append(("separations_sources", answer.sample.map { .integer(Int64($0.sources)) } ?? .null))
      }
      guard let (solved, found) = answer.sampled else { continue }
      members += [("chance_pairs_solved", .integer(solved)), ("chance_pairs_found", .integer(found))]
    }
    members += answers.flatMap(\.tables).map { ($0.name, Self.json($0)) }
    return .object(members)
  }

  private static func json(_ table: CalibrationTable) -> JSONValue {
    .list(table.rows.map { row in .object(zip(table.columns, row).map { ($0, json($1)) }) })
  }

  private static func json(_ value: CalibrationTable.Value) -> JSONValue {
    switch value {
    case .integer(let value): .integer(value)
    case .real(let value): .real(value)
    case .text(let value): .text(value)
    }
  }

  /// Writes every table as a file of its name, each in one step.
  /// - Throws: `StoreError.usage` for a file of such a name that does not begin with the header of the table.
  func write(to folder: String, _ own: OwnFiles) throws {
    try FileSystem.createDirectories(folder)
    Draft.removeLeftovers(in: folder)
    let tables = answers.flatMap(\.tables)
    for table in tables {
      try own.requireReplaceable(Self.path(table, folder)) {
        (try? FileSystem.beginning(of: $0))?.hasPrefix(Self.header(table)) ?? false
      }
    }
    for table in tables {
      let file = try FileWriter(path: Self.path(table, folder))
      try file.write(Self.header(table))
      try file.write(bytes: Self.lines(table))
      _ = try file.publish()
    }
    try FileSystem.sync(folder)
  }

  private static func path(_ table: CalibrationTable, _ folder: String) -> String { "\(folder)/\(table.name).csv" }

  private static func header(_ table: CalibrationTable) -> String { table.columns.joined(separator: ",") + "\n" }

  private static func lines(_ table: CalibrationTable) -> [UInt8] {
    var text = DelimitedText(.quoted)
    for row in table.rows {
      for value in row {
        switch value {
        case .integer(let value): text.field(.integer(value))
        case .real(let value): text.field(value.isNaN ? .null : .real(value))
        case .text(let value): text.field(value)
        }
      }
      text.endLine()
    }
    return text.bytes
  }
}
