internal import CatalogStore

/// One piece of a run's work: a unit to be counted or matched, a region to be estimated. The regions that the catalogues do
/// not both cover are one piece, at the position of the first: they all take the densities of larger pixels.
struct RunPiece: Sendable, Hashable {
  /// What is done.
  var stage: RunProgress.Stage
  /// Position of the unit or the region along the curve.
  var position: Int
}

/// What a worker says of a piece that is done.
struct PieceReport: Sendable {
  /// What came of it.
  enum Result: Sendable {
    /// The counts are in their file.
    case counted
    /// One region and its photometry, or all regions without common sky.
    case estimated(RunMeasurement)
    /// The results are in their file.
    case matched(RunUnit)
  }

  /// What came of it.
  var result: Result
  /// What it took.
  var cost: RunCost
  /// Damage of what could have been taken over: the piece was done anew instead.
  var damage: StoreError?
}
