internal import CatalogStore
internal import Indexing

/// One stage of a run as the engine knows it: what is to be done, what it costs, who does it, and who keeps what came of it.
///
/// The manager hands out pieces, workers of any process perform them, and what a piece gives travels as bytes that the engine does not
/// read. Resume, retries, processes, the time left and the status follow from this declaration.
protocol Stage: Sendable {
  /// Its name in messages, in the log of pieces in flight, and for users.
  var id: RunProgress.Stage { get }
  /// Whether its workers read what the stages before have recorded.
  var readsProducts: Bool { get }
  /// Whether the run has this stage at all.
  var isNeeded: Bool { get }
  /// All pieces, along the curve.
  func pieces() -> [StagePiece]
  /// A worker for one thread.
  /// - Parameter scratch: A folder of this machine to build files in; nil: in the database.
  func worker(scratch: String?) -> any StageWorker
  /// Begins the stage on the side of the manager.
  /// - Returns: What is left to do of what; nil if that is nothing, as when the run does not need the stage.
  func begin(_ ledger: RunLedger) throws -> StageWork?
  /// Keeps what came of a piece.
  func record(_ report: PieceReport, of position: Int, in ledger: RunLedger) throws
}

extension Stage {
  var isNeeded: Bool { true }
}

/// A piece of a stage: a chunk, or a region.
struct StagePiece: Sendable {
  var pixel: HealpixPixel
  /// What it is expected to take, seconds of one thread.
  var seconds: Double
  /// Sources of both catalogues, times the share of this stage in the work on them.
  var sources: Double
}

/// What is left to do of a stage.
struct StageWork: Sendable {
  /// Positions of the pieces that are left.
  var left: [Int]
  /// Pieces that the stage has in this run.
  var total: Int
}

/// Performs pieces of one stage on one thread. It may keep buffers from piece to piece.
protocol StageWorker: AnyObject {
  /// A digest of all that a piece follows from; nil: it is performed in any case. Where the run before a catalogue was replaced has a
  /// product with this digest, that one is taken over.
  func digest(_ position: Int) throws -> String?
  /// Performs a piece.
  /// - Throws: `StoreError`; `.interrupted` when it was given up.
  func perform(_ position: Int) throws -> PieceResult
}

extension StageWorker {
  func digest(_ position: Int) -> String? { nil }
}

/// What came of a piece.
struct PieceResult: Sendable {
  /// What the stage records, as its own bytes.
  var payload: [UInt8] = []
  /// A digest of all that it follows from; empty where there is none.
  var inputs = ""
  /// Whether it was taken over from the run before a catalogue was replaced.
  var isReused = false
  /// Damage of what could have been taken over: the piece was done anew instead.
  var damage: StoreError?
}
