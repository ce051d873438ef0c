internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// Does one piece of a run after the other, on one thread. It keeps its buffers from piece to piece.
struct PieceWorker {
  let context: RunContext
  private let files: RunFiles
  private let counter: RegionCounter
  private var estimator: RegionEstimator
  private var matcher: UnitMatcher?

  init(_ context: RunContext) {
    self.context = context
    let files = RunFiles(context.plan.database, run: context.run)
    let counter = RegionCounter(plan: context.plan)
    (self.files, self.counter) = (files, counter)
    let sums = RegionSums(plan: context.plan, files: files, counter: counter)
    estimator = RegionEstimator(plan: context.plan) { try sums.counts(of: $0) }
  }

  /// Does a piece.
  /// - Throws: `StoreError`; `.interrupted` when it was given up.
  mutating func perform(_ piece: RunPiece) throws -> PieceReport {
    try context.cancellation.check("match")
    let clock = CostClock()
    switch piece.stage {
    case .counting:
      let unit = context.plan.units[piece.position]
      try CountsFile.write(counter.counts(of: unit), of: context.plan, to: files.counts(unit.pixel))
      return PieceReport(result: .counted, cost: clock.cost(host: context.host))
    case .estimating:
      let measurement = try estimate(piece.position)
      return PieceReport(result: .estimated(measurement), cost: clock.cost(host: context.host))
    case .matching:
      var unit = try match(context.plan.units[piece.position])
      unit.cost = clock.cost(host: context.host)
      return PieceReport(result: .matched(unit), cost: unit.cost)
    }
  }

  private mutating func estimate(_ region: Int) throws -> RunMeasurement {
    let model = try estimator.model(of: region)
    return RegionModels.measurement(of: context.plan, [(region, model)])
  }

  private mutating func match(_ unit: MatchUnit) throws -> RunUnit {
    if matcher == nil {
      matcher = UnitMatcher(plan: context.plan, models: context.models, cancellation: context.cancellation)
    }
    let result = try matcher!.match(unit)
    let draft = context.plan.database.stagingPath + "/unit-\(unit.position).sqlite"
    let file = try ResultShardWriter.write(result, to: draft)
    return try publish(unit, draft, file, RunTotals(result))
  }

  private func publish(
    _ unit: MatchUnit, _ draft: String, _ file: (bytes: Int64, fingerprint: String), _ totals: RunTotals
  ) throws -> RunUnit {
    let path = files.results(unit.pixel)
    let target = files.database + "/" + path
    try FileSystem.createDirectories(FileSystem.parent(target))
    try FileSystem.rename(draft, to: target)
    return RunUnit(
      position: unit.position, pixel: unit.pixel, path: path, bytes: file.bytes, fingerprint: file.fingerprint,
      totals: totals, cost: RunCost(seconds: 0))
  }
}

/// Adds up the counts of a region from the files of the units that touch it.
private struct RegionSums {
  let plan: MatchPlan
  let files: RunFiles
  let counter: RegionCounter

  func counts(of region: Int) throws -> RegionCounts? {
    let sky = plan.regions.regions[region].pixel.range29
    var sum: RegionCounts?
    for unit in plan.units(touching: sky) {
      guard let part = try counts(of: region, in: unit) else { continue }
      if sum == nil { sum = part } else { sum! += part }
    }
    return sum
  }

  /// A file that is not whole is counted again; one that is not there belongs to a unit that could not be counted.
  private func counts(of region: Int, in unit: MatchUnit) throws -> RegionCounts? {
    do {
      return try CountsFile.counts(of: region, plan, at: files.counts(unit.pixel))
    } catch is IntegerReader.Malformed {
      let counts = try counter.counts(of: unit)
      try CountsFile.write(counts, of: plan, to: files.counts(unit.pixel))
      return counts[region]
    }
  }
}

extension RunTotals {
  init(_ result: UnitResult) {
    self.init()
    matches = Int64(result.matches.count)
    nonmatchesA = Int64(result.nonmatches.count { $0.isA })
    nonmatchesB = Int64(result.nonmatches.count) - nonmatchesA
    pairs = Int64(result.pairs.count)
    islands = Int64(result.islands)
  }
}

/// What a piece takes, from now on.
struct CostClock {
  private let start = Program.seconds()
  private let processorStart = CostClock.threadSeconds()

  init() { PeakMemory.restart() }

  func cost(host: String, isReused: Bool = false) -> RunCost {
    RunCost(
      seconds: Program.seconds() - start, processorSeconds: Self.threadSeconds() - processorStart,
      peakBytes: PeakMemory.bytes, host: host, isReused: isReused)
  }

  /// Processor seconds of the calling thread.
  static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The most memory that the process has held since it was asked to forget, as Linux counts it.
enum PeakMemory {
  /// Forgets: the peak begins with what is held now. With several threads, each forgets for all.
  static func restart() {
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    if descriptor < 0 { return }
    defer { close(descriptor) }
    _ = write(descriptor, "5", 1)
  }

  /// The peak, bytes; nil where the system does not tell.
  static var bytes: Int64? {
    guard let status = try? FileSystem.text(ofKernelFile: "/proc/self/status") else { return nil }
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int64($0) }.map { $0 * 1024 }
    }
    return nil
  }
}
