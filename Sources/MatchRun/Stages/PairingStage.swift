internal import CatalogStore
internal import Indexing
internal import Match

/// The last stage: the pairs of every chunk are judged, and the rows of the islands that it owns are written into a file.
struct PairingStage: Stage {
  let context: RunContext

  var id: RunProgress.Stage { .matching }
  var readsProducts: Bool { context.plan.configuration.needsMeasurement }

  func pieces() -> [StagePiece] {
    context.plan.chunkEstimates.map { $0.piece(seconds: $0.matchingSeconds) }
  }

  func worker(scratch: String?) -> any StageWorker { PairingWorker(context, scratch: scratch) }

  func begin(_ ledger: RunLedger) -> StageWork? {
    let chunks = context.plan.chunks
    return StageWork(left: chunks.indices.filter { !ledger.finished.contains($0) }, total: chunks.count)
  }

  func record(_ report: PieceReport, of position: Int, in ledger: RunLedger) throws {
    ledger.add(try RunChunk(payload: report.payload, cost: report.cost))
  }
}

/// Pairs chunks, one after the other. It keeps its buffers.
private final class PairingWorker: StageWorker {
  private let context: RunContext
  private let scratch: String?
  private var matcher: ChunkMatcher

  init(_ context: RunContext, scratch: String?) {
    self.context = context
    self.scratch = scratch
    matcher = ChunkMatcher(plan: context.plan, models: context.models, cancellation: context.cancellation)
  }

  func perform(_ position: Int) throws -> PieceResult {
    let (chunk, damage) = try match(context.plan.chunks[position])
    return PieceResult(payload: chunk.payload, isReused: chunk.cost.isReused, damage: damage)
  }

  /// - Returns: The chunk, and the damage for which the results of the run before could not be taken over.
  private func match(_ chunk: MatchChunk) throws -> (RunChunk, damage: StoreError?) {
    var damage: StoreError?
    do {
      if let reused = try reuse(chunk) { return (reused, nil) }
    } catch let error as StoreError where error.code == .damaged {
      damage = error
    }
    let result = try matcher.match(chunk)
    let draft = try Draft(in: workshop)
    let file = try ResultShardWriter.write(result, to: draft.path)
    let sources = (result.a.columns, result.b.columns)
    let inputs = ChunkInputs(
      digest: try matcher.digest(of: sources), enlargement: matcher.enlargement, sources)
    return (try publish(chunk, draft, file, RunTotals(result), inputs), damage)
  }

  /// Where result files are built. Any number of processes may share a scratch folder.
  private var workshop: String { scratch ?? context.files.fullFolder }

  /// The results of the run before, if they follow from the same.
  /// - Throws: `StoreError.damaged` when they are not what was written.
  private func reuse(_ chunk: MatchChunk) throws -> RunChunk? {
    guard let old = try context.base?.chunk(chunk.pixel) else { return nil }
    let sources = try matcher.sources(of: chunk, enlargement: old.inputs.enlargement)
    let digest = try matcher.digest(of: sources)
    guard digest.description == old.inputs.digest else { return nil }
    let inputs = ChunkInputs(digest: digest, enlargement: old.inputs.enlargement, sources)
    let shiftA = RowidShift(from: old.inputs.piecesA, to: inputs.piecesA)
    let shiftB = RowidShift(from: old.inputs.piecesB, to: inputs.piecesB)
    let source = old.chunk.file(in: context.plan.database)
    var file = (bytes: source.bytes, fingerprint: source.fingerprint)
    var totals = old.chunk.totals
    let draft: Draft
    if shiftA.isIdentity && shiftB.isIdentity {
      try source.check()
      draft = try Draft.linking(source.path, in: context.files.fullFolder)
    } else {
      draft = try Draft(in: workshop)
      let copy = try ResultRebase.write(source, to: draft, shiftA: shiftA.sql, shiftB: shiftB.sql)
      file = (copy.bytes, copy.fingerprint)
      (totals.rowidsA, totals.rowidsB) = copy.rowids
    }
    var reused = try publish(chunk, draft, file, totals, inputs)
    reused.cost.isReused = true
    return reused
  }

  /// A file on the file system of the database: the draft itself, or a copy of one in the scratch folder.
  private func carriedOver(_ draft: Draft, _ file: (bytes: Int64, fingerprint: String)) throws -> Draft {
    if FileSystem.parent(draft.path) == context.files.fullFolder { return draft }
    let copy = try Draft(in: context.files.fullFolder)
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
    _ chunk: MatchChunk, _ draft: Draft, _ file: (bytes: Int64, fingerprint: String), _ totals: RunTotals,
    _ inputs: ChunkInputs
  ) throws -> RunChunk {
    let path = context.files.results(chunk.pixel)
    let target = context.files.database + "/" + path
    try FileSystem.createDirectories(FileSystem.parent(target))
    try carriedOver(draft, file).publish(as: target)
    return RunChunk(
      position: chunk.position, pixel: chunk.pixel, path: path, bytes: file.bytes, fingerprint: file.fingerprint,
      totals: totals, cost: RunCost(seconds: 0), inputs: inputs.bytes)
  }
}

extension RunTotals {
  init(_ result: ChunkResult) {
    self.init()
    matches = Int64(result.matches.count)
    nonmatchesA = Int64(result.nonmatches.count { $0.isA })
    nonmatchesB = Int64(result.nonmatches.count) - nonmatchesA
    pairs = Int64(result.pairs.count)
    islands = Int64(result.islands)
    (negligiblePairs, negligibleBoundPico) = (result.negligiblePairs, result.negligibleBoundPico)
    let (a, b) = (result.a.columns.rowid, result.b.columns.rowid)
    for row in result.matches {
      rowidsA += RowidDigest.of(a[Int(row.a)])
      rowidsB += RowidDigest.of(b[Int(row.b)])
    }
    for row in result.nonmatches {
      if row.isA {
        rowidsA += RowidDigest.of(a[Int(row.source)])
      } else {
        rowidsB += RowidDigest.of(b[Int(row.source)])
      }
    }
  }
}
