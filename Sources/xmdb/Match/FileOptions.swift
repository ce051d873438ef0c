import ArgumentParser

/// Options of a match of two files: what `ingest` is told of each of them.
struct FileOptions: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "With --out: say which column or number of the first file plays a role.", valueName: "role=column[:unit]"))
  var map1: [String] = []
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("With --out: the same of the second file.", valueName: "role=column[:unit]"))
  var map2: [String] = []
  @Option(help: ArgumentHelp("With --out: the epoch of the first file's positions.", valueName: "year"))
  var epoch1: Double?
  @Option(help: ArgumentHelp("With --out: the epoch of the second file's positions.", valueName: "year"))
  var epoch2: Double?
  @Option(
    help: ArgumentHelp("With --out: the frame of the first file's positions, as `ingest --frame`.", valueName: "frame"))
  var frame1: String?
  @Option(help: ArgumentHelp("With --out: the frame of the second file's positions.", valueName: "frame"))
  var frame2: String?
  @Flag(help: "With --out: replace a file of that name.") var force = false

  /// Those that were given.
  var given: [String] {
    let given: [(String, Bool)] = [
      ("--map1", !map1.isEmpty), ("--map2", !map2.isEmpty), ("--epoch1", epoch1 != nil), ("--epoch2", epoch2 != nil),
      ("--frame1", frame1 != nil), ("--frame2", frame2 != nil),
      ("--force", force),
    ]
    return given.filter(\.1).map(\.0)
  }
}
