import Simulation

/// What a simulation made, for people or as JSON.
struct SimulateReport {
  /// One of the two files.
  struct File {
    let path: String
    let rows: Int64
    let bytes: Int64
  }

  let region: SimulatedRegion
  let seed: UInt64
  let counts: SimulatedSky.Counts
  let files: [File]
  let seconds: Double

  var lines: [String] {
    let rows = counts.rowsA + counts.rowsB
    let speed = seconds > 0 ? ", \(Format.short(Double(rows) / seconds)) rows/s" : ""
    return [
      "\(Format.count(counts.objects, "object")) in \(Format.short(region.areaDegrees2)) deg2 (\(region)), "
        + "\(Format.count(counts.inBoth)) of them in both catalogues\(hidden); \(Format.seconds(seconds))\(speed)."
    ] + files.map { "  \($0.path): \(Format.count($0.rows, "row")), \(Format.bytes($0.bytes))" }
  }

  private var hidden: String {
    guard let hidden = counts.hidden else { return "" }
    return
      ", \(Format.count(hidden.a)) hidden in sources of the first, \(Format.count(hidden.b)) in those of the second"
  }

  var json: JSONValue {
    let hidden =
      counts.hidden.map { [("hidden_in_a", JSONValue.integer($0.a)), ("hidden_in_b", .integer($0.b))] } ?? []
    return .object(
      hidden + [
        ("region", .text(region.description)), ("area_deg2", .real(region.areaDegrees2)),
        ("objects", .integer(counts.objects)), ("in_both", .integer(counts.inBoth)), ("rows_a", .integer(counts.rowsA)),
        ("rows_b", .integer(counts.rowsB)), ("seed", .text(String(seed))), ("seconds", .real(seconds)),
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
