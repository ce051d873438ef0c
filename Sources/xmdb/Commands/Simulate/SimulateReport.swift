import Simulation

/// What a simulation made, for people or as JSON.
struct SimulateReport {
  /// One of the two files.
  struct File {
    let path: String
    let rows: Int64
    let bytes: Int64
  }

  let model: SkyModel
  let counts: Simulation.Counts
  let files: [File]
  let seconds: Double

  var lines: [String] {
    let rows = counts.rowsA + counts.rowsB
    let speed = seconds > 0 ? ", \(Format.short(Double(rows) / seconds)) rows/s" : ""
    return [
      "\(Format.count(counts.objects, "object")) in \(Format.short(model.region.areaDegrees2)) deg2 (\(model.region)), "
        + "\(Format.count(counts.inBoth)) of them in both catalogues; \(Format.seconds(seconds))\(speed)."
    ] + files.map { "  \($0.path): \(Format.count($0.rows, "row")), \(Format.bytes($0.bytes))" }
  }

  var json: JSONValue {
    .object([
      ("region", .text(model.region.description)), ("area_deg2", .real(model.region.areaDegrees2)),
      ("objects", .integer(counts.objects)), ("in_both", .integer(counts.inBoth)), ("rows_a", .integer(counts.rowsA)),
      ("rows_b", .integer(counts.rowsB)), ("seed", .text(String(model.seed))), ("seconds", .real(seconds)),
      (
        "files",
        .list(
          files.map {
            .object([("file", .text($0.path)), ("rows", .integer($0.rows)), ("bytes", .integer($0.bytes))])
          })
      ),
    ])
  }
}
