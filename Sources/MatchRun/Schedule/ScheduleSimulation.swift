public import CatalogStore

/// How the work of a run would go on so many processes: the engine's own manager hands out pieces whose times are known
/// beforehand, and messages and the manager take time.
///
/// Events happen in the order of time. The manager is one thread that handles one message after the other; processes start the
/// next piece they were given at once, and hear of a new one a `latency` after it was sent. A stage begins when the one
/// before has ended. Starting the processes, reading the plan and shared disks are not simulated.
public struct ScheduleSimulation: Sendable {
  /// The pieces of each stage, seconds of one thread.
  public struct Work: Sendable {
    /// Counting, chunk by chunk.
    public var counting: [Double] = []
    /// Measuring densities, region by region.
    public var estimating: [Double] = []
    /// Pairing, chunk by chunk.
    public var matching: [Double] = []

    /// Nothing.
    public init() {}

    /// Seconds of one thread for all of it.
    public var seconds: Double { [counting, estimating, matching].reduce(0) { $0 + $1.reduce(0, +) } }
    /// Seconds of the longest piece.
    public var longest: Double { [counting, estimating, matching].compactMap { $0.max() }.max() ?? 0 }
    /// The number of pieces.
    public var pieces: Int { counting.count + estimating.count + matching.count }
  }

  /// What talking costs.
  public struct Costs: Sendable {
    /// Seconds of the manager for a piece: the message that hands it out, the one that reports it, records.
    public var manager = 100e-6
    /// Seconds from sending a message to its being looked at.
    public var latency = 2.5e-3
    /// Whether the processor time that the manager's state machine takes here is added to its time.
    public var measuresStateMachine = true

    /// 100 µs for a piece, 2.5 ms on the way.
    public init() {}
  }

  /// How it would go.
  public struct Result: Sendable {
    /// Threads of all processes.
    public var threads: Int
    /// Wall-clock seconds.
    public var wallSeconds = 0.0
    /// Seconds during which threads worked.
    public var workSeconds: Double
    /// Seconds during which the manager handled messages.
    public var managerSeconds = 0.0
    /// Of these, what its state machine took here.
    public var stateMachineSeconds = 0.0
    /// Seconds of each stage.
    public var stages: [RunProgress.Stage: Double] = [:]

    /// The share of the threads' time in which they work.
    public var efficiency: Double { wallSeconds > 0 ? workSeconds / (wallSeconds * Double(threads)) : 1 }
    /// The share of the time in which the manager is busy.
    public var managerLoad: Double { wallSeconds > 0 ? managerSeconds / wallSeconds : 0 }
  }

  private let work: Work
  private let processes: Int
  private let threads: Int
  private let costs: Costs

  /// - Parameters:
  ///   - processes: Processes, 1 or more; the first one manages and works.
  ///   - threads: Threads of each.
  public init(_ work: Work, processes: Int, threads: Int, costs: Costs = Costs()) {
    self.work = work
    self.processes = max(1, processes)
    self.threads = max(1, threads)
    self.costs = costs
  }

  /// Simulates it.
  /// - Throws: `StoreError.interrupted`.
  /// - Complexity: O(pieces · log processes) for the events, besides what the manager takes.
  public func run(cancellation: Cancellation = Cancellation()) throws -> Result {
    var result = Result(threads: processes * threads, workSeconds: work.seconds)
    let stages: [(RunProgress.Stage, [Double])] = [
      (.counting, work.counting), (.estimating, work.estimating), (.matching, work.matching),
    ]
    for (stage, seconds) in stages where !seconds.isEmpty {
      var stage = SimulatedStage(stage, seconds, processes: processes, threads: threads, costs: costs)
      try stage.run(cancellation)
      result.wallSeconds += stage.end
      result.managerSeconds += stage.managerSeconds
      result.stateMachineSeconds += stage.stateMachineSeconds
      result.stages[stage.stage, default: 0] += stage.end
    }
    return result
  }
}
