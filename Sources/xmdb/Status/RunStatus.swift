import CatalogStore
import Foundation
import MatchRun

/// How a run stands, in `runs/N/status.json`: whoever runs it writes the file about once a second, anyone may read it.
struct RunStatus: Codable, Equatable {
  /// Whether, and why not, the run is being worked on.
  enum State: String, Codable {
    /// It is.
    case running
    /// A signal stopped it.
    case stopped
    /// The time of the job was nearly over.
    case cutShort = "cut_short"
    /// Pieces are set aside.
    case incomplete
    /// An error ended it.
    case failed
  }

  /// A piece of work in flight.
  struct Flight: Codable, Equatable {
    var order: Int
    var pixel: Int64
    var rank: Int
    var seconds: Double
  }

  var run: Int64
  var a: String
  var b: String
  var state = State.running
  /// The command line, for "the same command goes on".
  var command: [String]
  var host: String
  var pid: Int32
  var processes: Int
  var workers: Int
  var stage: String
  var done: Int
  var total: Int
  var resumed: Int
  var failures: Int
  var setAside: Int
  /// Seconds since this attempt began.
  var seconds: Double
  var sourcesPerSecond: Double?
  var secondsLeft: Double?
  var inFlight: [Flight]
  /// When this was written, seconds since 1970, UTC.
  var written: Double

  /// How a run stands now, in this process.
  init(_ progress: RunProgress) {
    let now = Program.seconds()
    (run, a, b) = (progress.run, progress.catalogueA, progress.catalogueB)
    command = CommandLine.arguments
    (host, pid) = (ProcessInfo.processInfo.hostName, ProcessInfo.processInfo.processIdentifier)
    (processes, workers) = (progress.processes, progress.workers)
    (stage, done, total) = (progress.stage.name, progress.done, progress.total)
    (resumed, failures, setAside) = (progress.resumed, progress.failures, progress.setAside)
    (seconds, secondsLeft) = (progress.seconds, progress.secondsLeft)
    sourcesPerSecond = RunText.speed(progress)
    inFlight = progress.inFlight.map {
      Flight(order: $0.pixel.order, pixel: $0.pixel.index, rank: $0.rank, seconds: now - $0.since)
    }
    written = Date().timeIntervalSince1970
  }

  /// The file of a run.
  static func path(_ database: SkyDatabase, run: Int64) -> String {
    "\(database.path)/\(SkyDatabase.runPath(run))/status.json"
  }

  /// How a run stood when it was last heard of; nil if there is nothing to read.
  init?(_ database: SkyDatabase, run: Int64) {
    guard let data = FileManager.default.contents(atPath: Self.path(database, run: run)),
      let status = try? Self.decoder.decode(RunStatus.self, from: data)
    else { return nil }
    self = status
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }

  /// The contents of the file.
  func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(self)
  }
}

/// Writes the status of one run, at most once a second. Trouble with it never stops the work.
struct RunStatusFile {
  /// The run.
  let run: Int64
  private let database: SkyDatabase
  private let path: String
  private var last: RunStatus?
  private var nextWrite = 0.0

  private static let interval = 1.0

  init(database: SkyDatabase, run: Int64) {
    self.run = run
    self.database = database
    path = RunStatus.path(database, run: run)
  }

  /// - Parameter now: `Program.seconds()`.
  mutating func write(_ progress: RunProgress, at now: Double) {
    // Only ticks know what is in flight.
    guard case .tick = progress.event else {
      if last == nil { writeAnyway(progress) }
      return
    }
    if now < nextWrite { return }
    nextWrite = now + Self.interval
    writeAnyway(progress)
  }

  private mutating func writeAnyway(_ progress: RunProgress) {
    let status = RunStatus(progress)
    last = status
    write(status)
  }

  /// The last word on the run; nil when it is finished: then the registry knows everything.
  mutating func end(_ state: RunStatus.State?) {
    guard var status = last, let state else {
      try? database.removeFile(FileSystem.name(path), ofRun: run)
      return
    }
    status.state = state
    status.inFlight = []
    status.secondsLeft = nil
    status.written = Date().timeIntervalSince1970
    write(status)
  }

  private func write(_ status: RunStatus) {
    guard let data = try? status.encoded(), let file = try? FileWriter(path: path),
      (try? file.write(bytes: Array(data))) != nil
    else { return }
    _ = try? file.publish()
  }
}
