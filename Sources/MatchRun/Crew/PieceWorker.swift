internal import CatalogStore
internal import Glibc
internal import Indexing
internal import Match

/// Does one piece of a run after the other, on one thread. It keeps its buffers from piece to piece.
struct PieceWorker {
  let context: RunContext
  private let files: RunFiles
  private let scratch: String?
  private let counter: RegionCounter
  private var estimator: RegionEstimator
  private var matcher: UnitMatcher?

  init(_ context: RunContext, scratch: String?) {
    self.context = context
    self.scratch = scratch
    let files = RunFiles(context.plan.database, run: context.run)
    let counter = RegionCounter(plan: context.plan)
    (self.files, self.counter) = (files, counter)
    let sums = RegionSums(
      plan: context.plan, files: files, counter: counter, fingerprint: context.fingerprint,
      cancellation: context.cancellation)
    estimator = RegionEstimator(plan: context.plan) { try sums.counts(of: $0) }
  }

  /// Does a piece.
  /// - Throws: `StoreError`; `.interrupted` when it was given up.
  mutating func perform(_ piece: RunPiece) throws -> PieceReport {
    try context.cancellation.check("match", isResumable: true)
    let clock = CostClock()
    switch piece.stage {
    case .counting:
      let isReused = try count(context.plan.units[piece.position])
      return PieceReport(result: .counted, cost: clock.cost(host: context.host, isReused: isReused))
    case .estimating:
      let measurement = try estimate(piece.position)
      return PieceReport(result: .estimated(measurement), cost: clock.cost(host: context.host))
    case .matching:
      var (unit, damage) = try match(context.plan.units[piece.position])
      unit.cost = clock.cost(host: context.host, isReused: unit.cost.isReused)
      return PieceReport(result: .matched(unit), cost: unit.cost, damage: damage)
    }
  }

  /// Writes the counts of a unit, or takes over those of the run before.
  /// - Returns: Whether they were taken over.
  private func count(_ unit: MatchUnit) throws -> Bool {
    let file = CountsFile(files.counts(unit.pixel), of: unit.pixel, fingerprint: context.fingerprint)
    let old = context.base.map { base in
      CountsFile(
        RunFiles(context.plan.database, run: base.run).counts(unit.pixel), of: unit.pixel,
        fingerprint: base.fingerprint)
    }
    var stop = context.cancellation.stopCheck("match", isResumable: true)
    let (counts, digest) = try counter.counts(of: unit, stop: &stop) { old?.isThere(digest: $0) ?? false }
    if let counts {
      try file.write(counts, of: context.plan, digest: digest)
    } else if let old {
      try file.take(over: old)
    }
    return counts == nil
  }

  private mutating func estimate(_ region: Int) throws -> RunMeasurement {
    let regions = context.plan.regions
    let together = regions.hasCommonSky(region) ? [region] : regions.withoutCommonSky
    let models = try together.map { (region: $0, model: try estimator.model(of: $0)) }
    return RegionModels.measurement(of: context.plan, models)
  }

  /// - Returns: The unit, and the damage for which the results of the run before could not be taken over.
  private mutating func match(_ unit: MatchUnit) throws -> (RunUnit, damage: StoreError?) {
    if matcher == nil {
      matcher = UnitMatcher(plan: context.plan, models: context.models, cancellation: context.cancellation)
    }
    var damage: StoreError?
    do {
      if let reused = try reuse(unit) { return (reused, nil) }
    } catch let error as StoreError where error.code == .damaged {
      damage = error
    }
    let result = try matcher!.match(unit)
    let draft = try Draft(in: workshop)
    let file = try ResultShardWriter.write(result, to: draft.path)
    let sources = (result.a.columns, result.b.columns)
    let inputs = UnitInputs(
      digest: try matcher!.digest(of: sources), enlargement: matcher!.enlargement, sources)
    return (try publish(unit, draft, file, RunTotals(result), inputs), damage)
  }

  /// Where result files are built. Any number of processes may share a scratch folder.
  private var workshop: String { scratch ?? files.fullFolder }

  /// The results of the run before, if they follow from the same.
  /// - Throws: `StoreError.damaged` when they are not what was written.
  private mutating func reuse(_ unit: MatchUnit) throws -> RunUnit? {
    guard let old = try context.base?.unit(unit.pixel) else { return nil }
    let sources = try matcher!.sources(of: unit, enlargement: old.inputs.enlargement)
    let digest = try matcher!.digest(of: sources)
    guard digest.description == old.inputs.digest else { return nil }
    let inputs = UnitInputs(digest: digest, enlargement: old.inputs.enlargement, sources)
    let shiftA = RankShift(from: old.inputs.piecesA, to: inputs.piecesA)
    let shiftB = RankShift(from: old.inputs.piecesB, to: inputs.piecesB)
    let source = old.unit.file(in: context.plan.database)
    var file = (bytes: source.bytes, fingerprint: source.fingerprint)
    let draft: Draft
    if shiftA.isIdentity && shiftB.isIdentity {
      try source.check()
      draft = try Draft.linking(source.path, in: files.fullFolder)
    } else {
      draft = try Draft(in: workshop)
      file = try ResultRebase.write(source, to: draft, shiftA: shiftA.sql, shiftB: shiftB.sql)
    }
    var reused = try publish(unit, draft, file, old.unit.totals, inputs)
    reused.cost.isReused = true
    return reused
  }

  /// A file on the file system of the database: the draft itself, or a copy of one in the scratch folder.
  private func carriedOver(_ draft: Draft, _ file: (bytes: Int64, fingerprint: String)) throws -> Draft {
    if FileSystem.parent(draft.path) == files.fullFolder { return draft }
    let copy = try Draft(in: files.fullFolder)
    _ = try copy.copy(from: draft.path)
    do {
      try SealedFile.check(copy.path, bytes: file.bytes, fingerprint: file.fingerprint)
    } catch let error as StoreError where error.code == .damaged {
      throw StoreError(
        .system, draft.path,
        "changed after it was written; another program writes to the scratch folder, or its disk fails")
    }
    return copy
  }

  private func publish(
    _ unit: MatchUnit, _ draft: Draft, _ file: (bytes: Int64, fingerprint: String), _ totals: RunTotals,
    _ inputs: UnitInputs
  ) throws -> RunUnit {
    let path = files.results(unit.pixel)
    let target = files.database + "/" + path
    try FileSystem.createDirectories(FileSystem.parent(target))
    try carriedOver(draft, file).publish(as: target)
    return RunUnit(
      position: unit.position, pixel: unit.pixel, path: path, bytes: file.bytes, fingerprint: file.fingerprint,
      totals: totals, cost: RunCost(seconds: 0), inputs: inputs.bytes)
  }
}

/// Adds up the counts of a region from the files of the units that touch it.
private struct RegionSums {
  let plan: MatchPlan
  let files: RunFiles
  let counter: RegionCounter
  let fingerprint: String
  let cancellation: Cancellation

  func counts(of region: Int) throws -> RegionCounts? {
    let sky = plan.regions.regions[region].pixel.range29
    var sum: RegionCounts?
    for unit in plan.units(touching: sky) {
      try cancellation.check("match", isResumable: true)
      guard let part = try counts(of: region, in: unit) else { continue }
      if sum == nil { sum = part } else { sum! += part }
    }
    return sum
  }

  /// A file that is not whole is counted again; one that is not there belongs to a unit that could not be counted.
  private func counts(of region: Int, in unit: MatchUnit) throws -> RegionCounts? {
    let file = CountsFile(files.counts(unit.pixel), of: unit.pixel, fingerprint: fingerprint)
    do { return try file.counts(of: region, plan) } catch is IntegerReader.Malformed {
    } catch let error as StoreError where error.code == .damaged {}
    var stop = cancellation.stopCheck("match", isResumable: true)
    let (counts, digest) = try counter.counts(of: unit, stop: &stop) { _ in false }
    try file.write(counts ?? [:], of: plan, digest: digest)
    return counts?[region]
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
    (negligiblePairs, negligibleBoundPico) = (result.negligiblePairs, result.negligibleBoundPico)
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
