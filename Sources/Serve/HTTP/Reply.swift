/// An answer to a request.
struct Reply: Sendable {
  var status = 200
  var contentType: String
  let body: Spool
  /// Whether the connection ends with it.
  var closes = false
  /// What the log says of it.
  var rows: Int64?
  var note: String?

  init(status: Int = 200, _ contentType: String, _ body: Spool) {
    (self.status, self.contentType, self.body) = (status, contentType, body)
  }

  init(status: Int = 200, _ contentType: String, text: String) throws {
    let body = Spool()
    var text = text
    try text.withUTF8 { try body.write(UnsafeRawBufferPointer($0)) }
    self.init(status: status, contentType, body)
  }
}
