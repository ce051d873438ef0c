import CatalogStore
import Ingest

/// What an ingest did, for people or as JSON.
struct IngestReport {
  let plan: IngestPlan
  let outcome: IngestDriver.Outcome
  let seconds: Double

  private var info: CatalogueInfo { outcome.catalogue }

  var lines: [String] {
    if outcome.wasThere {
      return [
        "\(info.name): the same files with the same options are there already: \(Format.count(info.rows, "source")), "
          + "generation \(info.number), ingested \(info.created). Nothing has been done."
      ]
    }
    return summary + ["Look further: xmdb info \(info.name), or xmdb sql \"SELECT * FROM \(info.name) LIMIT 10\"."]
  }

  /// What has been taken for what, and what became of it.
  var summary: [String] { [heading] + roleTable.lines.map { "  " + $0 } + remarks }

  private var heading: String {
    let speed = seconds > 0 ? ", \(Format.short(Double(info.inputRows) / seconds)) rows/s" : ""
    return "\(info.name): \(Format.count(info.rows, "source")) from \(Format.count(info.inputRows, "row")) in "
      + "\(Format.count(Int64(info.shards.count), "shard")), \(Format.bytes(info.bytes)); \(Format.seconds(seconds))\(speed)."
  }

  private var roleTable: TextTable {
    var table = TextTable([("role", .left), ("taken from", .left)])
    for binding in plan.roles.bindings { table.add(["\(binding.role)", binding.sourceText]) }
    return table
  }

  private var remarks: [String] {
    var lines = info.problems.map { "Kept aside: \(Format.count($0.rows, "row")), \($0.reason)." }
    if info.nullIDs > 0 { lines.append("Note: \(Format.count(info.nullIDs, "row")) without id; all are kept.") }
    if info.duplicateIDs > 0 {
      let some = outcome.repeatedIDs.prefix(5).joined(separator: ", ")
      lines.append(
        "Note: \(Format.count(info.duplicateIDs, "row")) with an id that occurs twice, such as \(some); all are kept.")
    }
    if outcome.placeholderMotions > 0 {
      lines.append(
        "Note: \(Format.count(outcome.placeholderMotions, "row")) with a placeholder for the proper motion or its error; it is unknown."
      )
    }
    for (column, count) in outcome.repairedTexts {
      lines.append(
        "Note: \(Format.count(count, "text")) of column '\(column)' \(count == 1 ? "was" : "were") not UTF-8; what is no "
          + "character is U+FFFD now.")
    }
    if info.epochRange == nil {
      lines.append("Note: the epoch of the positions is unknown; --epoch YEAR --replace states it.")
    }
    return lines + plan.notes.map { "Note: \($0)" }
  }

  var json: JSONValue {
    .object([
      ("name", .text(info.name)), ("was_there", .bool(outcome.wasThere)), ("generation", .integer(Int64(info.number))),
      ("sources", .integer(info.rows)), ("input_rows", .integer(info.inputRows)),
      ("problem_rows", .integer(info.problemRows)),
      ("problems", .list(info.problems.map { .object([("reason", .text($0.reason)), ("rows", .integer($0.rows))]) })),
      ("duplicate_ids", .integer(info.duplicateIDs)), ("repeated_ids", .texts(outcome.repeatedIDs)),
      ("placeholder_motions", .integer(outcome.placeholderMotions)), ("null_ids", .integer(info.nullIDs)),
      ("epoch_yr", .real(info.epochYears)),
      ("shards", .integer(Int64(info.shards.count))), ("bytes", .integer(info.bytes)), ("seconds", .real(seconds)),
      ("roles", .list(plan.roles.bindings.map(IngestPreview.json))), ("notes", .texts(plan.notes)),
      ("warnings", .texts(plan.warnings)),
    ])
  }
}
