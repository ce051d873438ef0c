internal import CatalogStore

/// The stages of one run as a process has them, for the engine: which there are, and what they read.
protocol StageSet: AnyObject, Sendable {
  /// The stages, in order; the same in every process.
  var stages: [any Stage] { get }
  /// The name of this machine.
  var host: String { get }
  var cancellation: Cancellation { get }
  /// What a stage of the run before a catalogue was replaced gave for a piece, if it follows from the same.
  /// - Throws: `StoreError.damaged` when it is not what was written.
  func earlier(_ stage: RunProgress.Stage, _ position: Int, digest: String) throws -> [UInt8]?
  /// Reads what stages have recorded from a copy of the registry.
  func readProducts(from path: String) throws
}

/// Takes part in a run that another process has begun.
typealias StageSetFactory = @Sendable (RunOrder, Cancellation) throws -> any StageSet
