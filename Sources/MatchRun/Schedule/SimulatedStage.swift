internal import CatalogStore

/// One stage of a simulated run.
struct SimulatedStage {
  let stage: RunProgress.Stage
  /// When its last piece was reported, seconds from its beginning.
  private(set) var end = 0.0
  /// Seconds during which the manager handled messages.
  private(set) var managerSeconds = 0.0
  /// Of these, what its state machine took here.
  private(set) var stateMachineSeconds = 0.0

  private let seconds: [Double]
  private let costs: ScheduleSimulation.Costs
  private var manager = RunManager(attempts: 1)
  /// When each thread of each process is free, as heaps: the next piece of a process goes to the thread that is free first.
  private var threads: [EventQueue<Void>]
  private var reports = EventQueue<(piece: RunPiece, rank: Int)>()
  private var managerFree = 0.0

  init(
    _ stage: RunProgress.Stage, _ seconds: [Double], processes: Int, threads: Int, costs: ScheduleSimulation.Costs
  ) {
    self.stage = stage
    self.seconds = seconds
    self.costs = costs
    var idle = EventQueue<Void>()
    for _ in 0..<threads { idle.add((), at: 0) }
    self.threads = Array(repeating: idle, count: processes)
    for rank in 0..<processes { manager.join(rank, threads: threads) }
    let longestFirst = seconds.indices.sorted { (seconds[$0], $1) > (seconds[$1], $0) }
    manager.begin(longestFirst.map { RunPiece(stage: stage, position: $0) })
  }

  mutating func run(_ cancellation: Cancellation) throws {
    handOut()
    while let (arrival, report) = reports.popFirst() {
      try cancellation.check("simulate-schedule")
      managerFree = max(managerFree, arrival)
      timed { $0.manager.finish(report.piece, by: report.rank) }
      handOut()
      end = managerFree
    }
  }

  private mutating func handOut() {
    var given: [(piece: RunPiece, rank: Int)] = []
    timed { given = $0.manager.assignments() }
    for (piece, rank) in given {
      busy(costs.manager)
      let arrival = managerFree + costs.latency
      let (free, _) = threads[rank].popFirst()!
      let done = max(free, arrival) + seconds[piece.position]
      threads[rank].add((), at: done)
      reports.add((piece, rank), at: done + costs.latency)
    }
  }

  private mutating func busy(_ seconds: Double) {
    managerFree += seconds
    managerSeconds += seconds
  }

  private mutating func timed(_ body: (inout SimulatedStage) -> Void) {
    guard costs.measuresStateMachine else { return body(&self) }
    let start = CostClock.threadSeconds()
    body(&self)
    let taken = CostClock.threadSeconds() - start
    stateMachineSeconds += taken
    busy(taken)
  }
}

/// Things that happen at times, the earliest first; of the same time, the one that was added first. A binary heap.
struct EventQueue<Event> {
  private var heap: [(time: Double, order: Int, event: Event)] = []
  private var added = 0

  mutating func add(_ event: Event, at time: Double) {
    heap.append((time, added, event))
    added += 1
    var child = heap.count - 1
    while child > 0, isBefore(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func popFirst() -> (time: Double, event: Event)? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return (first.time, first.event) }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(child, least) { least = child }
      if least == parent { return (first.time, first.event) }
      heap.swapAt(parent, least)
      parent = least
    }
  }

  private func isBefore(_ i: Int, _ j: Int) -> Bool { (heap[i].time, heap[i].order) < (heap[j].time, heap[j].order) }
}
