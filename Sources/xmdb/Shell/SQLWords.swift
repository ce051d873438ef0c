/// The words of a statement as far as completing one needs them: names, texts, and the signs between.
struct SQLWords {
  /// A piece of a statement.
  enum Word: Equatable {
    /// A name, without its quotation marks.
    case name(String)
    /// A text within apostrophes, or another literal.
    case literal
    /// One sign.
    case sign(Character)
  }

  /// What the end of the text is in the middle of.
  enum End: Equatable {
    /// Of nothing, or of a name.
    case open
    /// Of a text within apostrophes: what there is of it.
    case text(String)
    /// Of a name within quotation marks: what there is of it.
    case quotedName(String)
    /// Of a comment.
    case comment
  }

  private(set) var words: [Word] = []
  private(set) var end = End.open

  private let scalars: [Unicode.Scalar]
  private var next = 0

  /// Takes a text apart. Every text has words: what is no SQL is signs.
  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
    while next < scalars.count { takeOne() }
  }

  /// Whether a character is part of a name without quotation marks.
  static func isPartOfName(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    return (0x61...0x7a).contains(value | 0x20) || (0x30...0x39).contains(value) || value == 0x5f || value == 0x24
      || value >= 0x80
  }

  private mutating func takeOne() {
    let scalar = scalars[next]
    switch scalar {
    case "'": takeQuoted(until: scalar)
    case "\"", "`": takeQuoted(until: scalar)
    case "[": takeQuoted(until: "]")
    case "-" where next + 1 < scalars.count && scalars[next + 1] == "-": takeComment("\n")
    case "/" where next + 1 < scalars.count && scalars[next + 1] == "*": takeComment("*/")
    case _ where Self.isPartOfName(scalar): takeName()
    case _ where scalar.properties.isWhitespace: next += 1
    default:
      words.append(.sign(Character(scalar)))
      next += 1
    }
  }

  private mutating func takeName() {
    let start = next
    while next < scalars.count, Self.isPartOfName(scalars[next]) { next += 1 }
    let isNumber = (0x30...0x39).contains(scalars[start].value)
    words.append(isNumber ? .literal : .name(Self.text(scalars[start..<next])))
  }

  private mutating func takeQuoted(until close: Unicode.Scalar) {
    let isText = close == "'"
    var content = String.UnicodeScalarView()
    next += 1
    while next < scalars.count {
      let scalar = scalars[next]
      next += 1
      if scalar == close {
        // Two of them stand for one.
        guard close != "]", next < scalars.count, scalars[next] == close else {
          words.append(isText ? .literal : .name(String(content)))
          return
        }
        next += 1
      }
      content.append(scalar)
    }
    end = isText ? .text(String(content)) : .quotedName(String(content))
  }

  private mutating func takeComment(_ close: String) {
    let close = Array(close.unicodeScalars)
    next += 2
    while next < scalars.count {
      if scalars[next...].starts(with: close) {
        next += close.count
        return
      }
      next += 1
    }
    end = .comment
  }

  private static func text(_ part: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: part)
    return String(view)
  }
}

extension SQLWords {
  /// The names before `.` that stand for one of `tables`: the tables themselves, where they are used, and their other names.
  /// Upper and lower case are the same.
  func tables(among tables: Set<String>) -> [(name: String, table: String)] {
    var found: [(name: String, table: String)] = []
    for (index, word) in words.enumerated() {
      guard case .name(let name) = word, tables.contains(name.lowercased()) else { continue }
      found.append((name.lowercased(), name.lowercased()))
      if let other = otherName(behind: index) { found.append((other.lowercased(), name.lowercased())) }
    }
    return found
  }

  /// `m` of `xmatch('a', 'b') AS m` and of `gaia m`.
  private func otherName(behind index: Int) -> String? {
    var next = index + 1
    if next < words.count, words[next] == .sign("(") {
      var depth = 0
      while next < words.count {
        if words[next] == .sign("(") { depth += 1 }
        if words[next] == .sign(")") { depth -= 1 }
        next += 1
        if depth == 0 { break }
      }
    }
    guard next < words.count, case .name(let name) = words[next] else { return nil }
    if name.lowercased() != "as" { return name }
    guard next + 1 < words.count, case .name(let name) = words[next + 1] else { return nil }
    return name
  }
}
