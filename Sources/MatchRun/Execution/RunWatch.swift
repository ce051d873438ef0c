internal import CatalogStore
internal import Indexing

/// Keeps count of a run for those who watch it: what is done, what is in flight, how long it will take.
struct RunWatch {
  /// What is known.
  var progress: RunProgress
  /// The pieces of all stages, in their order.
  private let stages: [(id: RunProgress.Stage, pieces: [StagePiece])]
  private let start = Program.seconds()
  private var flights: [RunPiece: RunProgress.Flight] = [:]
  /// Seconds of one thread that this attempt has yet to spend and has spent, by the cost model.
  private var secondsLeft = 0.0
  private var secondsDone = 0.0

  /// - Parameter stages: All stages of the run, in order.
  init(_ stages: [any Stage], run: Int64, a: String, b: String) {
    self.stages = stages.map { ($0.id, $0.pieces()) }
    progress = RunProgress(run: run, catalogueA: a, catalogueB: b)
  }

  /// Pieces of a stage, the most expensive first.
  func byCost(_ pieces: [RunPiece]) -> [RunPiece] {
    pieces.map { (seconds: seconds($0), piece: $0) }
      .sorted { ($0.seconds, $1.piece.position) > ($1.seconds, $0.piece.position) }.map(\.piece)
  }

  mutating func begin(_ stage: RunProgress.Stage, _ left: [RunPiece], of total: Int) {
    progress.stage = stage
    progress.total = total
    progress.done = total - left.count
    progress.resumed = progress.done
    progress.reused = 0
    secondsLeft = left.reduce(0) { $0 + seconds($1) }
    for later in stages.drop(while: { $0.id != stage }).dropFirst() {
      secondsLeft += later.pieces.reduce(0) { $0 + $1.seconds }
    }
  }

  /// A process that was given up may still speak of a piece of an earlier stage; nothing is known of one that no stage has.
  private func stagePiece(_ piece: RunPiece) -> StagePiece {
    let pieces = stages.first { $0.id == piece.stage }?.pieces ?? []
    if pieces.indices.contains(piece.position) { return pieces[piece.position] }
    return StagePiece(pixel: HealpixPixel.basePixels[0], seconds: 0, sources: 0)
  }

  private func seconds(_ piece: RunPiece) -> Double { stagePiece(piece).seconds }

  mutating func begin(_ piece: RunPiece, rank: Int) {
    flights[piece] = RunProgress.Flight(pixel: pixel(of: piece), rank: rank, since: Program.seconds())
  }

  mutating func drop(_ piece: RunPiece) { flights[piece] = nil }

  mutating func finish(_ piece: RunPiece, isReused: Bool) {
    flights[piece] = nil
    progress.done += 1
    if isReused { progress.reused += 1 }
    let spent = seconds(piece)
    secondsDone += spent
    secondsLeft -= spent
    progress.sourcesDone += stagePiece(piece).sources
  }

  func pixel(of piece: RunPiece) -> HealpixPixel { stagePiece(piece).pixel }

  /// As long as the rest takes at the speed up to now, and no shorter than any piece in flight. A piece that has taken longer
  /// than it should is taken to need as long again.
  private var timeLeft: Double? {
    guard secondsDone > 0 else { return nil }
    let (now, scale) = (Program.seconds(), progress.seconds / secondsDone)
    let perThread = scale * Double(max(1, progress.workers))
    return Self.timeLeft(
      secondsLeft * scale,
      flights: flights.map { (expected: seconds($0.key) * perThread, elapsed: now - $0.value.since) })
  }

  /// - Parameters:
  ///   - rest: Seconds that all that is left should take.
  ///   - flights: Seconds that each piece in flight should take, and has taken.
  static func timeLeft(_ rest: Double, flights: [(expected: Double, elapsed: Double)]) -> Double {
    flights.reduce(max(0, rest)) { longest, flight in
      max(longest, flight.expected > flight.elapsed ? flight.expected - flight.elapsed : flight.elapsed)
    }
  }

  /// What is known, at this moment; what is in flight only with ticks, since there may be thousands.
  mutating func now(_ event: RunProgress.Event) -> RunProgress {
    progress.event = event
    progress.seconds = Program.seconds() - start
    progress.secondsLeft = timeLeft
    progress.inFlight = []
    if case .tick = event {
      progress.inFlight = flights.values.sorted { ($0.since, $0.pixel.index) < ($1.since, $1.pixel.index) }
    }
    return progress
  }
}
