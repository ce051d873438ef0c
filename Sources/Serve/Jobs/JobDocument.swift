internal import CatalogStore
internal import Formats
internal import Glibc

/// Jobs as documents of UWS 1.1.
enum JobDocument {
  private static let names: [(name: String, value: String?)] = [
    ("xmlns:uws", "http://www.ivoa.net/xml/UWS/v1.0"), ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"), ("version", "1.1"),
  ]

  private static func document(_ body: (XMLWriter) throws -> Void) throws -> Reply {
    let spool = Spool()
    let xml = try XMLWriter { try spool.write($0) }
    try body(xml)
    try xml.finish()
    return Reply("text/xml", spool)
  }

  /// `2026-01-31T12:00:00Z`.
  static func time(_ seconds: Int64) -> String {
    var moment = time_t(seconds)
    var parts = tm()
    gmtime_r(&moment, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func list(_ jobs: [Job], _ base: String) throws -> Reply {
    try document { xml in
      try xml.start("uws:jobs", names)
      for job in jobs {
        try xml.start("uws:jobref", [("id", job.id), ("xlink:href", "\(base)/\(job.id)")])
        try xml.element("uws:phase", text: job.phase.rawValue)
        try xml.element("uws:creationTime", text: time(job.created))
        try xml.end()
      }
    }
  }

  /// - Parameter address: That of the job.
  static func whole(_ job: Job, _ address: String) throws -> Reply {
    try document { xml in
      try xml.start("uws:job", names)
      try xml.element("uws:jobId", text: job.id)
      if let run = job.parameters["RUNID"] { try xml.element("uws:runId", text: run) }
      try optional(xml, "uws:ownerId", nil)
      try xml.element("uws:phase", text: job.phase.rawValue)
      try optional(xml, "uws:quote", nil)
      try xml.element("uws:creationTime", text: time(job.created))
      try optional(xml, "uws:startTime", job.started.map(time))
      try optional(xml, "uws:endTime", job.ended.map(time))
      try xml.element("uws:executionDuration", text: String(job.duration))
      try xml.element("uws:destruction", text: time(job.destruction))
      try parameters(xml, job, [])
      try results(xml, job, address, [])
      if let failure = job.failure {
        try xml.start("uws:errorSummary", [("type", "fatal"), ("hasDetail", "true")])
        try xml.element("uws:message", text: failure)
        try xml.end()
      }
    }
  }

  static func parameters(_ job: Job) throws -> Reply { try document { try parameters($0, job, names) } }

  static func results(_ job: Job, _ address: String) throws -> Reply {
    try document { try results($0, job, address, names) }
  }

  private static func optional(_ xml: XMLWriter, _ name: String, _ text: String?) throws {
    try xml.element(name, text == nil ? [("xsi:nil", "true")] : [], text: text)
  }

  private static func parameters(
    _ xml: XMLWriter, _ job: Job, _ attributes: [(name: String, value: String?)]
  ) throws {
    try xml.start("uws:parameters", attributes)
    for (name, value) in job.parameters.pairs where name != "PHASE" {
      try xml.element("uws:parameter", [("id", name)], text: value)
    }
    try xml.end()
  }

  private static func results(
    _ xml: XMLWriter, _ job: Job, _ address: String, _ attributes: [(name: String, value: String?)]
  ) throws {
    try xml.start("uws:results", attributes)
    if let answer = job.answer {
      try xml.element(
        "uws:result",
        [
          ("id", "result"), ("xlink:type", "simple"), ("xlink:href", "\(address)/results/result"),
          ("mime-type", answer.contentType),
        ])
    }
    try xml.end()
  }
}
