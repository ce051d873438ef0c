/// Takes a form of `multipart/form-data` apart (RFC 7578, RFC 2046).
///
/// No library for it can be had among the packages that the project uses; what is needed here is a few lines.
struct MultipartForm {
  private let body: [UInt8]
  private let boundary: [UInt8]
  private static let lineEnd = Array("\r\n".utf8)

  /// - Parameter type: The content type of the request.
  /// - Returns: Nil if it is none.
  init?(type: String, body: [UInt8]) {
    guard type.lowercased().hasPrefix("multipart/form-data"), let boundary = Self.attribute("boundary", of: type),
      !boundary.isEmpty, boundary.utf8.count <= 200
    else { return nil }
    self.body = body
    self.boundary = Array("--\(boundary)".utf8)
  }

  /// The parts, added to parameters.
  /// - Throws: `RequestError` when a part has no name or no end.
  func add(to parameters: inout Parameters) throws {
    var marks = Self.places(of: boundary, in: body).makeIterator()
    guard var start = marks.next() else { throw RequestError.wrong("the form has no part") }
    while let next = marks.next() {
      try add(body[(start + boundary.count)..<next], to: &parameters)
      start = next
    }
    guard body[(start + boundary.count)...].starts(with: "--".utf8) else {
      throw RequestError.wrong("the form has no end; was it cut off?")
    }
  }

  private func add(_ part: ArraySlice<UInt8>, to parameters: inout Parameters) throws {
    guard let end = Self.firstPlace(of: Self.lineEnd + Self.lineEnd, in: part) else {
      throw RequestError.wrong("a part of the form has no empty line behind its head")
    }
    let head = String(decoding: part[..<end], as: UTF8.self)
    let lines = head.split(whereSeparator: \.isNewline)
    guard let disposition = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
      let name = Self.attribute("name", of: String(disposition))
    else { throw RequestError.wrong("a part of the form has no name") }
    var contents = part[(end + 4)...]
    if contents.suffix(2) == Self.lineEnd[...] { contents = contents.dropLast(2) }
    if Self.attribute("filename", of: String(disposition)) == nil,
      let text = String(validating: contents, as: UTF8.self)
    {
      try parameters.add(name, text)
    }
    try parameters.add(file: name, Array(contents))
  }

  /// The value of `name=value` or `name="value"` in a line of a head.
  static func attribute(_ name: String, of line: String) -> String? {
    for part in line.split(separator: ";").dropFirst() {
      let halves = part.split(separator: "=", maxSplits: 1)
      guard halves.count == 2, halves[0].filter({ $0 != " " }).lowercased() == name else { continue }
      let value = halves[1].drop { $0 == " " }
      guard value.hasPrefix("\"") else { return String(value.prefix { $0 != " " }) }
      return String(value.dropFirst().prefix { $0 != "\"" })
    }
    return nil
  }

  // MARK: Bytes

  /// Where the boundary begins a line.
  private static func places(of mark: [UInt8], in bytes: [UInt8]) -> [Int] {
    var places: [Int] = []
    var place = 0
    while let found = firstPlace(of: mark, in: bytes[place...]) {
      if found == 0 || bytes[found - 1] == UInt8(ascii: "\n") { places.append(found) }
      place = found + mark.count
    }
    return places
  }

  private static func firstPlace(of mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
    var place = bytes.startIndex
    while place + mark.count <= bytes.endIndex {
      guard let next = bytes[place...].firstIndex(of: mark[0]), next + mark.count <= bytes.endIndex else { return nil }
      if bytes[next..<(next + mark.count)].elementsEqual(mark) { return next }
      place = next + 1
    }
    return nil
  }
}
