internal import Glibc

/// The ranges of a column on which the errors of a catalogue depend: numbers between borders, or classes that are texts.
public struct CovariateRanges: Sendable, Hashable {
  /// What tells the range of a source.
  public enum Kind: Sendable, Hashable {
    /// Ascending borders: a number lies in the range that ends before the first larger border.
    case borders([Double])
    /// Texts, each a range.
    case classes([String])
  }

  /// The column, by its name in the catalogue.
  public let column: String
  /// What tells the range of a source.
  public let kind: Kind

  /// The most ranges.
  public static let most = 8

  /// Nil unless there are 1 to 7 ascending finite borders, or 1 to 8 different classes.
  public init?(column: String, _ kind: Kind) {
    switch kind {
    case .borders(let borders):
      guard (1..<Self.most).contains(borders.count), borders.allSatisfy(\.isFinite),
        zip(borders, borders.dropFirst()).allSatisfy({ $0 < $1 })
      else { return nil }
    case .classes(let classes):
      guard (1...Self.most).contains(classes.count), Set(classes).count == classes.count else { return nil }
    }
    (self.column, self.kind) = (column, kind)
  }

  /// Ranges of a column of numbers that hold about as many of some values each; each value is one where there are few.
  /// - Parameters:
  ///   - numbers: Those of some sources.
  ///   - most: No more ranges than this; at least two are tried.
  /// - Returns: Nil if all numbers are alike.
  public init?(column: String, numbers: [Double], most: Int) {
    let sorted = numbers.filter(\.isFinite).sorted()
    let most = min(max(most, 2), Self.most)
    var borders: [Double] = []
    var distinct: [Double] = []
    for value in sorted where distinct.count <= most && distinct.last.map({ $0 < value }) ?? true {
      distinct.append(value)
    }
    if distinct.count <= most {
      borders = Array(distinct.dropFirst())
    } else {
      for k in 1..<most {
        let border = Self.rounded(sorted[k * sorted.count / most])
        if border > borders.last ?? sorted[0] { borders.append(border) }
      }
    }
    self.init(column: column, .borders(borders))
  }

  /// To four digits: borders are shown and may be given again.
  private static func rounded(_ value: Double) -> Double {
    let unit = pow(10, (log10(max(abs(value), 1e-300))).rounded(.down) - 3)
    // Divided by a whole number where that is possible, so that 0.1 stays 0.1.
    let rounded =
      unit < 1 ? (value * (1 / unit).rounded()).rounded() / (1 / unit).rounded() : (value / unit).rounded() * unit
    return rounded.isFinite ? rounded : value
  }

  /// The most frequent texts.
  public init?(column: String, texts: [String]) {
    let counts = Dictionary(texts.map { ($0, 1) }, uniquingKeysWith: +)
    let frequent = counts.sorted { $0.value > $1.value || ($0.value == $1.value && $0.key < $1.key) }.prefix(Self.most)
    self.init(column: column, .classes(frequent.map(\.key).sorted()))
  }

  /// How many there are.
  public var count: Int {
    switch kind {
    case .borders(let borders): borders.count + 1
    case .classes(let classes): classes.count
    }
  }

  /// Whether values are texts.
  public var areTexts: Bool { if case .classes = kind { true } else { false } }

  /// The range of a number; nil: it is not finite, or ranges are of texts.
  @inlinable
  public func place(_ value: Double) -> Int? {
    guard case .borders(let borders) = kind, value.isFinite else { return nil }
    return borders.firstIndex { value < $0 } ?? borders.count
  }

  /// The range of a text; nil: it has none.
  public func place(_ text: String) -> Int? {
    guard case .classes(let classes) = kind else { return nil }
    return classes.firstIndex(of: text)
  }

  /// What a range is called: `< 3`, `3 to < 5`, `>= 5`, or the text.
  public func name(_ place: Int) -> String {
    switch kind {
    case .classes(let classes): return classes.indices.contains(place) ? classes[place] : ""
    case .borders(let borders):
      func text(_ border: Double) -> String {
        border == border.rounded() && abs(border) < 1e15 ? "\(Int64(border))" : "\(border)"
      }
      if place <= 0 { return "< \(text(borders[0]))" }
      if place >= borders.count { return ">= \(text(borders[borders.count - 1]))" }
      return "\(text(borders[place - 1])) to < \(text(borders[place]))"
    }
  }
}

extension CovariateRanges {
  /// Appends the ranges.
  public func write(to writer: inout IntegerWriter) {
    writer.put(bytes: Array(column.utf8))
    switch kind {
    case .borders(let borders):
      writer.put(unsigned: 0)
      writer.put(doubles: borders)
    case .classes(let classes):
      writer.put(unsigned: 1)
      writer.put(unsigned: UInt64(classes.count))
      for text in classes { writer.put(bytes: Array(text.utf8)) }
    }
  }

  /// Ranges of that form.
  /// - Throws: `Malformed` for bytes that are none.
  public init(from reader: inout IntegerReader) throws(IntegerReader.Malformed) {
    let column = String(decoding: try reader.slice(), as: UTF8.self)
    let kind: Kind
    switch try reader.unsigned() {
    case 0: kind = .borders(try reader.doubles(limit: Self.most))
    case 1:
      var classes: [String] = []
      for _ in 0..<(try reader.count(limit: Self.most)) {
        classes.append(String(decoding: try reader.slice(), as: UTF8.self))
      }
      kind = .classes(classes)
    default: throw IntegerReader.Malformed()
    }
    guard let ranges = CovariateRanges(column: column, kind) else { throw IntegerReader.Malformed() }
    self = ranges
  }
}
