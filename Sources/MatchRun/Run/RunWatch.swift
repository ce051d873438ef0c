internal import CatalogStore
internal import Indexing

/// Keeps count of a run for those who watch it: what is done, what is in flight, how long it will take.
struct RunWatch {
  /// What is known.
  var progress: RunProgress
  private let plan: MatchPlan
  /// Sources of both catalogues in each unit.
  private let sources: [Double]
  private let start = Program.seconds()
  private var flights: [RunPiece: RunProgress.Flight] = [:]
  /// Work that this attempt has to do in the stages to come, and has done, in sources.
  private var workLeft = 0.0
  private var workDone = 0.0

  /// The part of the work on a source that each stage has.
  private static let countingShare = 0.35

  init(_ plan: MatchPlan, run: Int64) {
    self.plan = plan
    sources = plan.unitEstimates.map { $0.sourcesA + $0.sourcesB }
    progress = RunProgress(run: run, catalogueA: plan.a.name, catalogueB: plan.b.name)
  }

  /// Positions, the most expensive first.
  func byCost(_ positions: [Int]) -> [Int] {
    guard progress.stage != .estimating else { return positions }
    return positions.sorted { (sources[$0], $1) > (sources[$1], $0) }
  }

  mutating func begin(_ stage: RunProgress.Stage, left: [Int], total: Int) {
    progress.stage = stage
    progress.total = total
    progress.done = total - left.count
    progress.resumed = progress.done
    progress.reused = 0
    let own = left.reduce(0) { $0 + weight(RunPiece(stage: stage, position: $1)) }
    let later = stage == .matching ? 0 : sources.reduce(0, +) * (1 - Self.countingShare)
    workLeft = own + later
  }

  private func weight(_ piece: RunPiece) -> Double {
    let needsCounting = plan.configuration.needsMeasurement
    switch piece.stage {
    case .counting: return sources[piece.position] * Self.countingShare
    case .estimating: return 0
    case .matching: return sources[piece.position] * (needsCounting ? 1 - Self.countingShare : 1)
    }
  }

  mutating func begin(_ piece: RunPiece, rank: Int) {
    flights[piece] = RunProgress.Flight(pixel: pixel(of: piece), rank: rank, since: Program.seconds())
  }

  mutating func drop(_ piece: RunPiece) { flights[piece] = nil }

  mutating func finish(_ piece: RunPiece, isReused: Bool) {
    flights[piece] = nil
    progress.done += 1
    if isReused { progress.reused += 1 }
    workDone += weight(piece)
    workLeft -= weight(piece)
  }

  func pixel(of piece: RunPiece) -> HealpixPixel {
    piece.stage == .estimating ? plan.regions.regions[piece.position].pixel : plan.units[piece.position].pixel
  }

  /// What is known, at this moment.
  mutating func now() -> RunProgress {
    progress.seconds = Program.seconds() - start
    progress.sourcesDone = workDone
    progress.secondsLeft = workDone > 0 ? workLeft / workDone * progress.seconds : nil
    progress.inFlight = flights.values.sorted { ($0.since, $0.pixel.index) < ($1.since, $1.pixel.index) }
    return progress
  }
}
