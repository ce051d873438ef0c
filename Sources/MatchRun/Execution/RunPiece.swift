internal import CatalogStore

/// One piece of a run's work.
struct RunPiece: Sendable, Hashable {
  /// What is done.
  var stage: RunProgress.Stage
  /// Position of the piece among those of its stage.
  var position: Int
}

/// What a worker says of a piece that is done.
struct PieceReport: Sendable {
  /// What the stage records.
  var payload: [UInt8] = []
  /// A digest of all that it follows from; empty where there is none.
  var inputs = ""
  /// What it took.
  var cost: RunCost
  /// Damage of what could have been taken over: the piece was done anew instead.
  var damage: StoreError?
}
