internal import CExpat

/// An XML document as a stream of events, over expat. It declares no entities, and no file beside it is read.
///
/// A subclass takes the events. Memory is bounded: elements are not nested deeper than `deepest`, no tag is longer than
/// `longestToken`, and texts are handed on in pieces.
class XMLStream {
  let path: String
  private let bytes: ByteStream
  private let parser: XML_Parser
  private let piece: UnsafeMutableRawBufferPointer
  private var fed = 0
  @exclusivity(unchecked) private var depth = 0
  private var isSuspended = false
  private var isAtEnd = false
  /// Why the reading ends.
  private var failure: FormatError?
  @exclusivity(unchecked) private var hasFailed = false

  private static let deepest = 64
  private static let longestToken = 1 << 23

  init(_ path: String) throws(FormatError) {
    bytes = try ByteStream(path)
    guard let parser = XML_ParserCreate(nil) else {
      throw FormatError(.memory, subject: path, "not enough memory to read it")
    }
    self.path = path
    self.parser = parser
    piece = .allocate(byteCount: 1 << 18, alignment: 16)
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetElementHandler(
      parser, { stream, name, attributes in XMLStream.lend(stream) { $0.take(start: name, attributes) } },
      { stream, name in XMLStream.lend(stream) { $0.take(end: name) } })
    XML_SetCharacterDataHandler(parser) { stream, text, count in
      guard let text else { return }
      let bytes = UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
      XMLStream.lend(stream) { $0.text(UnsafeBufferPointer(start: bytes, count: Int(count))) }
    }
    XML_SetEntityDeclHandler(parser) { stream, _, _, _, _, _, _, _, _ in
      XMLStream.lend(stream) {
        $0.fail(.unsupported, "it declares entities of XML, which are not read; write it without them")
      }
    }
  }

  deinit {
    XML_ParserFree(parser)
    piece.deallocate()
  }

  /// Lends the stream that a parser belongs to, without counting references for each event: it outlives its parser.
  @inline(__always) private static func lend(_ pointer: UnsafeMutableRawPointer?, _ body: (XMLStream) -> Void) {
    if let pointer { Unmanaged<XMLStream>.fromOpaque(pointer)._withUnsafeGuaranteedRef(body) }
  }

  // MARK: Events

  /// An element begins. Its name is without prefix.
  func start(_ name: XMLName, _ attributes: XMLAttributes) {}
  /// An element ends.
  func end(_ name: XMLName) {}
  /// A piece of text.
  func text(_ text: UnsafeBufferPointer<UInt8>) {}

  private func take(start name: UnsafePointer<CChar>?, _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?) {
    depth += 1
    if depth > Self.deepest { return fail(.damaged, "its elements are nested more than \(Self.deepest) deep") }
    if !hasFailed, let name { start(XMLName(name), XMLAttributes(list: attributes)) }
  }

  private func take(end name: UnsafePointer<CChar>?) {
    depth -= 1
    if !hasFailed, let name { end(XMLName(name)) }
  }

  /// Ends the reading with an error.
  func fail(_ code: FormatError.Code, _ message: String) {
    guard !hasFailed else { return }
    (failure, hasFailed) = (FormatError(code, subject: path, message), true)
    _ = XML_StopParser(parser, 0)
  }

  /// Lets `advance` return after this event.
  func suspend() { _ = XML_StopParser(parser, 1) }

  /// The line of the event, for messages.
  var line: Int { Int(XML_GetCurrentLineNumber(parser)) }

  // MARK: Reading

  /// Reads on until `suspend` is called, or to the end.
  /// - Returns: Whether there may be more.
  func advance() throws(FormatError) -> Bool {
    if isSuspended {
      isSuspended = false
      if try settle(XML_ResumeParser(parser)) { return true }
    }
    while !isAtEnd {
      let count = try bytes.read(into: piece)
      isAtEnd = count < piece.count
      fed += count
      let start = piece.baseAddress?.assumingMemoryBound(to: CChar.self)
      let status = XML_Parse(parser, start, Int32(count), isAtEnd ? 1 : 0)
      if try settle(status) { return true }
      if fed - Int(XML_GetCurrentByteIndex(parser)) > Self.longestToken {
        throw FormatError(.damaged, subject: path, "line \(line) has a tag of more than \(Self.longestToken) bytes")
      }
    }
    return false
  }

  /// Whether the parser was suspended.
  private func settle(_ status: XML_Status) throws(FormatError) -> Bool {
    if let failure { throw failure }
    if status == XML_STATUS_SUSPENDED {
      isSuspended = true
      return true
    }
    if status == XML_STATUS_OK { return false }
    let code = XML_GetErrorCode(parser)
    if code == XML_ERROR_NO_MEMORY { throw FormatError(.memory, subject: path, "not enough memory to read it") }
    let reason = XML_ErrorString(code).map { String(cString: $0) } ?? "no XML"
    let isCut = isAtEnd && (code == XML_ERROR_NO_ELEMENTS || code == XML_ERROR_UNCLOSED_TOKEN)
    throw FormatError(
      isCut ? .truncated : .damaged, subject: path,
      isCut ? "truncated: it ends in line \(line), before its last element does" : "line \(line) is no XML: \(reason)")
  }
}

/// The name of an element without its prefix.
struct XMLName {
  private let name: UnsafePointer<CChar>

  init(_ name: UnsafePointer<CChar>) {
    var start = name
    var at = name
    while at.pointee != 0 {
      if at.pointee == 58 { start = at + 1 }
      at += 1
    }
    self.name = start
  }

  @inline(__always) static func == (name: XMLName, word: StaticString) -> Bool {
    let bytes = word.utf8Start
    for index in 0..<word.utf8CodeUnitCount where name.name[index] != CChar(bitPattern: bytes[index]) { return false }
    return name.name[word.utf8CodeUnitCount] == 0
  }

  var string: String { String(cString: name) }
}

/// The attributes of an element.
struct XMLAttributes {
  let list: UnsafeMutablePointer<UnsafePointer<CChar>?>?

  /// The value of an attribute, without blanks at its ends; nil if there is none or it is empty.
  subscript(_ word: StaticString) -> String? {
    guard var at = list else { return nil }
    while let name = at[0], let value = at[1] {
      if XMLName(name) == word {
        let text = String(cString: value).drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()
        return text.isEmpty ? nil : String(text)
      }
      at += 2
    }
    return nil
  }
}
