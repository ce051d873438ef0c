internal import CatalogStore

/// Why a request is refused or fails, with the status of HTTP that says so.
struct RequestError: Error, CustomStringConvertible {
  let status: Int
  let message: String

  var description: String { message }

  init(_ status: Int, _ message: String) {
    self.status = status
    self.message = message
  }

  /// What a client is told of any error.
  init(_ error: any Error) {
    switch error {
    case let error as RequestError: self = error
    case let error as StoreError: self.init(error.code == .usage ? 400 : 500, error.message)
    case is CancellationError: self.init(499, "the client is gone")
    default: self.init(500, "\(error)")
    }
  }

  /// The client asked for what cannot be.
  static func wrong(_ message: String) -> RequestError { RequestError(400, message) }
  /// More queries wait than may, or for longer than they may.
  static func busy(_ message: String) -> RequestError { RequestError(503, message) }
}
