internal import CatalogStore
internal import Hummingbird
internal import Logging

/// Takes requests, finds who answers them, and logs a line for each.
struct Service: HTTPResponder {
  typealias Context = BasicRequestContext

  let settings: ServeSettings
  /// Answers queries.
  let queries: QueryPool
  /// Answers questions about tables, also while all queries are slow.
  let descriptions: QueryPool
  let jobs: JobList
  /// Memory for the bodies of requests.
  let budget: ByteBudget
  let logger: Logger

  func respond(to request: Request, context: Context) async throws -> Response {
    let start = Program.seconds()
    let path = request.uri.path
    var reply: Reply
    do {
      reply = try await self.reply(to: request)
    } catch {
      reply = try Self.failure(error, path)
    }
    log(request, reply, Program.seconds() - start)
    return Self.response(reply, isHead: request.method == .head)
  }

  // MARK: Routes

  private func reply(to request: Request) async throws -> Reply {
    let parts = try Self.parts(of: request.uri.path)
    let isOfJobs = parts.starts(with: ["tap", "async"])
    guard [.get, .post, .head].contains(request.method) || (isOfJobs && request.method == .delete) else {
      throw RequestError(405, "the method \(request.method.rawValue) is not allowed; allowed: GET, POST")
    }
    if isOfJobs { return try await job(request, Array(parts.dropFirst(2))) }
    switch parts {
    case []: return try await index(Self.base(request, settings))
    case ["tap", "availability"]: return try Capabilities.availability()
    case ["tap", "capabilities"], ["tap"]: return try Capabilities.tap(Self.base(request, settings), settings)
    case ["tap", "tables"]: return try await described(Capabilities.tables)
    case ["tap", "examples"]: return try await described(Capabilities.examples)
    case ["tap", "sync"]:
      return try await asking(request) { parameters in
        let query = try TAPQuery(parameters, settings)
        return { try query.reply($0, $1) }
      }
    case let parts where parts.count == 2 && parts[0] == "scs":
      return try await asking(request) { parameters in
        let search = try ConeSearch(parts[1], parameters, settings)
        return { try search.reply($0, $1) }
      }
    default:
      throw RequestError(404, "there is nothing at \(request.uri.path.prefix(200)); / lists what there is")
    }
  }

  /// The words of a path between its slashes.
  private static func parts(of path: String) throws -> [String] {
    try path.utf8.split(separator: UInt8(ascii: "/")).map { part in
      guard let text = String(Substring(part)).removingPercentEncodingOfOurs else {
        throw RequestError(400, "the path is not UTF-8")
      }
      return text
    }
  }

  /// The address by which the client has found the server.
  private static func base(_ request: Request, _ settings: ServeSettings) -> String {
    let authority = request.head.authority ?? ""
    let isPlain = authority.utf8.allSatisfy {
      (0x30...0x3A).contains($0) || (0x61...0x7A).contains($0 | 0x20) || [0x2D, 0x2E, 0x5B, 0x5D, 0x5F].contains($0)
    }
    return "http://" + (isPlain && !authority.isEmpty ? authority : "\(settings.host):\(settings.port)")
  }

  private func job(_ request: Request, _ path: [String]) async throws -> Reply {
    let method: JobRoutes.Method =
      switch request.method {
      case .post: .post
      case .delete: .delete
      default: .get
      }
    let routes = JobRoutes(jobs: jobs, settings: settings, base: Self.base(request, settings) + "/tap/async")
    return try await routes.reply(method, path, parameters(of: request, request.body, budget.share()))
  }

  private func described(_ make: @escaping @Sendable (SkyTables) throws -> Reply) async throws -> Reply {
    try await descriptions.run { connection, _ in
      try connection.refresh()
      return try make(connection.sky)
    }
  }

  private func index(_ base: String) async throws -> Reply {
    try await described { sky in
      var lines = ["xmdb \(Program.version)", "", "TAP                \(base)/tap"]
      for catalogue in sky.catalogues {
        let name = catalogue.name.percentEncoded
        lines.append("simple cone search \(base)/scs/\(name)?   \(catalogue.rows) sources")
      }
      return try Reply("text/plain;charset=utf-8", text: lines.joined(separator: "\n") + "\n")
    }
  }

  // MARK: Queries

  /// Reads the parameters, and runs what is made of them. When the client goes away, the query ends.
  private func asking(
    _ request: Request, _ make: @escaping @Sendable (Parameters) throws -> QueryPool.Work
  ) async throws -> Reply {
    let queries = queries
    var reply = try await request.body.consumeWithCancellationOnInboundClose { body in
      let share = budget.share()
      let parameters = try await parameters(of: request, body, share)
      let reply = try await queries.run(make(parameters))
      return withExtendedLifetime(share) { reply }
    }
    // Whoever listens whether the client is still there has taken what comes next on the connection.
    reply.closes = true
    return reply
  }

  private func parameters(
    of request: Request, _ body: RequestBody, _ share: ByteBudget.Share
  ) async throws -> Parameters {
    var parameters = Parameters()
    if let query = request.uri.query { try parameters.add(form: query.utf8) }
    guard request.method == .post else { return parameters }
    let type = request.headers[.contentType] ?? ""
    var bytes: [UInt8] = []
    for try await piece in body {
      try share.take(piece.readableBytes)
      bytes.append(contentsOf: piece.readableBytesView)
      if bytes.count > settings.mostUploadBytes {
        throw RequestError(413, "the request has more than \(settings.mostUploadBytes) bytes")
      }
    }
    if let form = MultipartForm(type: type, body: bytes) {
      try form.add(to: &parameters)
    } else if type.isEmpty || type.lowercased().hasPrefix("application/x-www-form-urlencoded") {
      try parameters.add(form: bytes)
    } else {
      throw RequestError(
        415,
        "the content type '\(type.prefix(100))' is not read; allowed: application/x-www-form-urlencoded, multipart/form-data"
      )
    }
    return parameters
  }

  // MARK: Answers

  private static func failure(_ error: any Error, _ path: String) throws -> Reply {
    let known = RequestError(error)
    let isCone = path.hasPrefix("/scs/")
    let body = try isCone ? VOTableResult.coneError(known.message) : VOTableResult.error(known.message)
    // A cone search says what is wrong in a document, not by the status (section 2.3).
    let status = isCone && known.status == 400 ? 200 : known.status
    var reply = Reply(status: status, ResultFormat.votable, body)
    reply.note = known.message
    reply.closes = known.status != 404
    return reply
  }

  private static func response(_ reply: Reply, isHead: Bool) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = reply.contentType
    headers[.location] = reply.location
    if reply.closes { headers[.connection] = "close" }
    if reply.status == 503 { headers[.retryAfter] = "5" }
    let spool = reply.body
    let body = ResponseBody(contentLength: Int(spool.count)) { writer in
      var place: Int64 = 0
      while !isHead {
        let bytes = try spool.read(at: place, 1 << 16)
        if bytes.isEmpty { break }
        place += Int64(bytes.count)
        try await writer.write(ByteBuffer(bytes: bytes))
      }
      try await writer.finish(nil)
    }
    return Response(status: .init(code: reply.status), headers: headers, body: body)
  }

  private func log(_ request: Request, _ reply: Reply, _ seconds: Double) {
    var facts: Logger.Metadata = [
      "status": "\(reply.status)", "bytes": "\(reply.body.count)", "seconds": "\((seconds * 1000).rounded() / 1000)",
    ]
    if let rows = reply.rows { facts["rows"] = "\(rows)" }
    if let note = reply.note { facts["error"] = "\(note.prefix(300))" }
    logger.info("\(request.method.rawValue) \(request.uri.path.prefix(200))", metadata: facts, source: "people")
  }
}

extension String {
  /// The text with `%41` as A; nil if it is no UTF-8 then.
  fileprivate var removingPercentEncodingOfOurs: String? {
    var bytes: [UInt8] = []
    var rest = Array(utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "%"), rest.count >= 2,
        let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
  }

  /// The text as a part of a path.
  fileprivate var percentEncoded: String {
    utf8.map { byte in
      let isPlain =
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || [0x2D, 0x2E, 0x5F].contains(byte)
      return isPlain ? String(UnicodeScalar(byte)) : "%" + String(byte + 0, radix: 16, uppercase: true).leftPadded
    }.joined()
  }

  private var leftPadded: String { utf8.count == 1 ? "0" + self : self }
}
