internal import Glibc

/// The parts of the work on one chunk of a match.
public enum MatchStage: String, Sendable, CaseIterable {
  /// Choosing the chunk's sky.
  case sky
  /// Reading the shards.
  case read
  /// Moving positions to the epoch and preparing errors.
  case place
  /// Finding neighbours, and which of them are candidates.
  case search
  /// Finding connected components.
  case islands
  /// Finding the region of each source, and measuring those that nobody has measured before.
  case measure
  /// Solving islands and making their rows.
  case solve
  /// Creating the file with empty tables.
  case create
  /// Laying rows into pages.
  case rows
  /// Sorting identifiers and laying indices into pages.
  case indices
  /// Adding the checksums of the pages, and making the file safe on the disk.
  case seal
}

/// Processor time of the calling thread by stage.
public struct StageClock: Sendable {
  /// Processor seconds of each stage so far.
  public private(set) var seconds: [MatchStage: Double] = [:]
  private var last = StageClock.threadSeconds()

  /// Starts now.
  public init() {}

  /// Starts anew, keeping the sums: the time since the last stage belongs to none.
  public mutating func restart() { last = Self.threadSeconds() }

  /// The time since the last call belongs to a stage.
  public mutating func end(_ stage: MatchStage) {
    let now = Self.threadSeconds()
    seconds[stage, default: 0] += now - last
    last = now
  }

  /// The time of all stages.
  public var total: Double { seconds.values.reduce(0, +) }

  /// The sums of two clocks, stage by stage.
  public static func + (left: StageClock, right: StageClock) -> StageClock {
    var sum = left
    sum.seconds.merge(right.seconds) { $0 + $1 }
    return sum
  }

  private static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
