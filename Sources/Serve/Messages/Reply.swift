/// An answer to a request.
struct Reply: Sendable {
  var status = 200
  var contentType: String
  let body: Spool
  /// Where the client should look.
  var location: String?
  /// Whether the connection ends with it.
  var closes = false
  /// What the log says of it.
  var rows: Int64?
  var note: String?

  init(status: Int = 200, _ contentType: String, _ body: Spool) {
    (self.status, self.contentType, self.body) = (status, contentType, body)
  }

  /// The client should look elsewhere.
  init(seeOther address: String) throws {
    try self.init(status: 303, "text/plain", text: address + "\n")
    location = address
  }

  init(status: Int = 200, _ contentType: String, text: String) throws {
    let body = Spool()
    var text = text
    try text.withUTF8 { try body.write(UnsafeRawBufferPointer($0)) }
    self.init(status: status, contentType, body)
  }
}
