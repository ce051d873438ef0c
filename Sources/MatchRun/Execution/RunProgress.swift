public import CatalogStore
public import Indexing

/// Where a run is: for a progress line, a log, a status file.
public struct RunProgress: Sendable {
  /// What is being done. A run goes through all stages in this order.
  public struct Stage: Sendable, Hashable {
    /// Its name in the status and in logs.
    public let name: String

    /// A stage of a name.
    public init(_ name: String) { self.name = name }

    /// Counting candidate pairs, chunk by chunk.
    public static let counting = Stage("counting")
    /// Measuring densities, region by region.
    public static let estimating = Stage("estimating")
    /// Pairing, chunk by chunk.
    public static let matching = Stage("matching")
    /// Learning errors, sightline by sightline.
    public static let correcting = Stage("corrections")
  }

  /// A piece of work that a process is doing.
  public struct Flight: Sendable {
    /// Its pixel.
    public var pixel: HealpixPixel
    /// Who does it.
    public var rank: Int
    /// Since when, `Program.seconds()`.
    public var since: Double
  }

  /// What has happened last.
  public enum Event: Sendable {
    /// The run, or a stage of it, has begun.
    case began
    /// A piece is done. Seconds are those of the worker.
    case done(HealpixPixel, rank: Int, seconds: Double)
    /// A piece has failed and will be tried again.
    case failed(HealpixPixel, rank: Int, attempt: Int, reason: String)
    /// A piece has failed for the last time, and the run goes on without it.
    case setAside(HealpixPixel, reason: String)
    /// No more work is handed out; what is in flight is finished.
    case stopping(reason: String)
    /// A process takes part.
    case joined(rank: Int, threads: Int)
    /// A process takes no part any more; what it had is done by others.
    case left(rank: Int, reason: String)
    /// Time has passed.
    case tick
  }

  /// The run's number.
  public var run: Int64
  /// The first catalogue.
  public var catalogueA: String
  /// The second catalogue.
  public var catalogueB: String
  /// The stage.
  public var stage = Stage.counting
  /// Pieces of this stage that are finished, those of earlier attempts included.
  public var done = 0
  /// Pieces of this stage.
  public var total = 0
  /// Pieces of this stage that earlier attempts finished.
  public var resumed = 0
  /// Pieces of this stage that were taken over from the run before a catalogue was replaced.
  public var reused = 0
  /// Sources of both catalogues in the pieces of all stages that this attempt has finished, each stage counted for its
  /// share of the work: `sourcesDone / seconds` is the speed of the run.
  public var sourcesDone = 0.0
  /// Wall-clock seconds since this attempt began.
  public var seconds = 0.0
  /// Wall-clock seconds that the run will still take; nil while nothing is known.
  public var secondsLeft: Double?
  /// What is being worked on, the oldest first; filled in with ticks only.
  public var inFlight: [Flight] = []
  /// Attempts that failed.
  public var failures = 0
  /// Pieces set aside.
  public var setAside = 0
  /// Processes.
  public var processes = 1
  /// Threads of all processes that work.
  public var workers = 1
  /// Rows of results so far.
  public var totals = RunTotals()
  /// What has happened.
  public var event = Event.began
}
