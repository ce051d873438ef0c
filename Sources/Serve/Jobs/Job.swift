internal import CatalogStore

/// A query that a client asks for now and fetches later.
struct Job: Sendable {
  /// The stages of its life (UWS 1.1, section 2.1.3).
  enum Phase: String, Sendable {
    case pending = "PENDING"
    case queued = "QUEUED"
    case executing = "EXECUTING"
    case completed = "COMPLETED"
    case error = "ERROR"
    case aborted = "ABORTED"

    /// Whether nothing more happens.
    var isLast: Bool { [.completed, .error, .aborted].contains(self) }
  }

  /// Names it; not to be guessed.
  let id: String
  var phase = Phase.pending
  var parameters: Parameters
  /// Seconds since 1970.
  let created: Int64
  var started: Int64?
  var ended: Int64?
  /// When it is forgotten.
  var destruction: Int64
  /// Seconds that the query may take.
  var duration: Int64
  var answer: Reply?
  var failure: String?
  /// Ends what is running.
  var stop: (@Sendable () -> Void)?

  init(_ id: String, _ parameters: Parameters, now: Int64, lifetime: Int64, duration: Int64) {
    (self.id, self.parameters, created) = (id, parameters, now)
    (destruction, self.duration) = (now + lifetime, duration)
  }
}
