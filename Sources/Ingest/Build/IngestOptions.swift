/// What to ingest and how.
public struct IngestOptions: Sendable {
  /// Files and folders.
  public var paths: [String]
  /// The catalogue's name; nil takes it from the first path.
  public var name: String?
  /// `role=column[:unit]`, as on the command line.
  public var mappings: [String] = []
  /// Columns to leave out: names and patterns.
  public var excluding: [String] = []
  /// Columns to take: names and patterns; empty for all.
  public var only: [String] = []
  /// Whether columns of lists are left out with a note, and not refused.
  public var leavesOutLists = false
  /// The epoch of all positions, Julian years.
  public var epochYears: Double?
  /// The frame of the positions, as `--frame` takes it; nil leaves it to the files.
  public var frame: SkyFrame?
  /// The surveys that are known.
  public var profiles = SurveyProfiles.builtIn
  /// Names that paths go by in what is kept and said, where they are not those of files: standard input.
  public var shownPaths: [String: String] = [:]
  /// The size at which a shard is divided.
  public var shardBytes: Int64 = 64 << 20
  /// Make a new generation of a catalogue that is there.
  public var replace = false
  /// Shards written at a time.
  public var threads = 1

  /// Options with defaults.
  public init(paths: [String]) { self.paths = paths }
}
