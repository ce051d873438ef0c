/// Why a request is refused or fails, with the status of HTTP that says so.
struct RequestError: Error, CustomStringConvertible {
  let status: Int
  let message: String

  var description: String { message }

  init(_ status: Int, _ message: String) {
    self.status = status
    self.message = message
  }

  /// The client asked for what cannot be.
  static func wrong(_ message: String) -> RequestError { RequestError(400, message) }
  /// More queries wait than may, or for longer than they may.
  static func busy(_ message: String) -> RequestError { RequestError(503, message) }
}
