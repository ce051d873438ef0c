internal import CatalogStore

/// The stages of one run as a process has them, for the engine: which there are, and what they read.
protocol StageSet: AnyObject, Sendable {
  /// The stages, in order; the same in every process.
  var stages: [any Stage] { get }
  /// The name of this machine.
  var host: String { get }
  var cancellation: Cancellation { get }
  /// Reads what stages have recorded from a copy of the registry.
  func readProducts(from path: String) throws
}

/// Takes part in a run that another process has begun.
typealias StageSetFactory = @Sendable (RunOrder, Cancellation) throws -> any StageSet
